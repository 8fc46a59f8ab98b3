import type { Event } from '#shared/domain/events.ts';

/** What is measured here of a running turn, from the times of its events; its end brings the exact figures. */
export interface Figures {
  startedAt: number | null;
  firstAt: number | null;
  lastAt: number;
  /** UTF-16 units of text and reasoning after the first part that was seen. */
  units: number;
  /** Units per slice of time, oldest first. */
  curve: number[];
}

const SLICE_MS = 250;
const SLICES = 24;
/** A rate over less than this says nothing. */
const LEAST_SPAN_MS = 200;

const empty: Figures = { startedAt: null, firstAt: null, lastAt: 0, units: 0, curve: [] };

/**
 * The figures after one more event of that turn, which made it grow by `units`. `asked`: when it was asked for, if nothing
 * of its text had come before; the next best thing when its start was not seen. The first part only says when the text
 * began: how long it took to make is not known.
 */
export function measure(before: Figures | undefined, event: Event, units: number, asked: number | null) {
  const figures = before ?? { ...empty, startedAt: asked };
  if (event.type === 'turn.connecting') return { ...figures, startedAt: event.at };
  if (event.type !== 'turn.part') return before;
  const { at } = event;
  if (figures.firstAt === null) return { ...figures, firstAt: at, lastAt: at, curve: [0] };
  return { ...figures, lastAt: at, units: figures.units + units, curve: grow(figures, figures.firstAt, at, units) };
}

function grow({ curve, lastAt }: Figures, start: number, at: number, units: number): number[] {
  const slice = (time: number) => Math.max(0, Math.floor((time - start) / SLICE_MS));
  const steps = Math.min(SLICES, Math.max(0, slice(at) - slice(lastAt)));
  const grown = [...curve, ...Array.from({ length: steps }, () => 0)];
  grown[grown.length - 1] = (grown.at(-1) ?? 0) + units;
  return grown.slice(-SLICES);
}

export const firstTokenMs = ({ startedAt, firstAt }: Figures): number | null =>
  startedAt === null || firstAt === null ? null : Math.max(0, firstAt - startedAt);

/** About how many tokens a text is, where nobody counted. */
export const aboutTokens = (units: number) => Math.ceil(units / 4);

export function rate({ firstAt, lastAt, units }: Figures): number | null {
  const span = firstAt === null ? 0 : lastAt - firstAt;
  return span < LEAST_SPAN_MS ? null : (aboutTokens(units) * 1000) / span;
}
