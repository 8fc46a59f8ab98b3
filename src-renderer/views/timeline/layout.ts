import type { Lane } from '../../state/timeline/lanes.ts';

/** Heights in pixels. */
export interface Measures {
  lane: number;
  bar: number;
}

/** Between two rows of a lane. */
const BETWEEN = 4;
/** What one hits is never smaller. */
export const LEAST_HIT = 24;
export const RULER = 28;
export const RATE = 60;

export const measuresFor = (lane: number): Measures => ({ lane, bar: Math.min(28, lane - 8) });

export const laneHeight = ({ rows }: Lane, { lane, bar }: Measures): number =>
  lane + Math.max(0, rows.length - 1) * (bar + BETWEEN);

export interface Placed {
  top: number;
  height: number;
}

export function placed(lanes: readonly Lane[], measures: Measures): Placed[] {
  let top = 0;
  return lanes.map((lane) => {
    const height = laneHeight(lane, measures);
    const at = { top, height };
    top += height;
    return at;
  });
}

/** The top of a bar in its lane. */
export const rowTop = (row: number, { lane, bar }: Measures): number =>
  Math.round((lane - bar) / 2) + row * (bar + BETWEEN);

/** The row of a lane at a height below its top. */
export const rowAt = (y: number, rows: number, { lane, bar }: Measures): number =>
  Math.min(Math.max(0, rows - 1), Math.max(0, Math.floor((y - (lane - bar) / 2 + BETWEEN / 2) / (bar + BETWEEN))));
