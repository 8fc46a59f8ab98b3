import type { Lane } from '../../../state/timeline/lanes.ts';
import type { Timeline } from '../../../state/timeline/model.ts';
import type { Palette } from '../colours.ts';
import type { Measures, Placed } from '../layout.ts';
import type { Span } from '../span.ts';

export type Canvas = CanvasRenderingContext2D;

export interface Picture {
  timeline: Timeline;
  span: Span;
  measures: Measures;
  lanes: readonly Placed[];
  /** Of the area with the lanes, and how far it is scrolled. */
  height: number;
  scrolled: number;
  /** Where those that run end. */
  now: number;
  /** The playhead. */
  head: number;
  /** Behind this place nothing has happened yet in a replay. */
  until: number | null;
  /** What is not on the branch that is looked at is faint. */
  faint: ((node: string) => boolean) | null;
  colourOf: (lane: Lane) => string | undefined;
  palette: Palette;
}

const FAINT = 0.28;
export const LATER = 0.16;

/** How far it stands back: it has not happened yet in a replay, or is on another branch. */
export const fade = (place: number, until: number | null, faint: boolean): number =>
  until !== null && place >= until ? LATER : faint ? FAINT : 1;
