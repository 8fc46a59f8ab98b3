/** What of the folded axis is in sight. */
export interface Span {
  /** The place at the left edge. */
  from: number;
  /** Milliseconds of the axis per pixel. */
  perPx: number;
  /** Pixels. */
  width: number;
}

export const xOf = ({ from, perPx }: Span, place: number): number => (place - from) / perPx;
export const placeOf = ({ from, perPx }: Span, x: number): number => from + x * perPx;
export const endOf = ({ from, perPx, width }: Span): number => from + perPx * width;

/** The closest one can look. */
const LEAST_PER_PX = 0.25;
/** So much of the width stays free behind the end. */
const FREE = 0.06;
/** Room for a sign at the beginning, in pixels. */
const EDGE_PX = 16;
/** What a fitted view shows at least. */
const LEAST_FIT_MS = 2_000;

/** As far away as is of use for an axis of this length. */
const most = (length: number, width: number) => (Math.max(length, LEAST_FIT_MS) / Math.max(1, width)) * (1 + FREE * 3);

export function fitted(length: number, width: number): Span {
  const perPx = (Math.max(length, LEAST_FIT_MS) * (1 + FREE)) / Math.max(1, width - EDGE_PX);
  return { from: -EDGE_PX * perPx, perPx, width };
}

/**
 * So many milliseconds in sight, with what lies at `x` staying there; `follow` puts the end of the axis near the right
 * edge.
 */
export function scaled(span: Span, ms: number, x: number, length: number, follow: boolean): Span {
  const perPx = ms / Math.max(1, span.width);
  if (follow) return followed({ ...span, perPx }, length);
  return held({ ...span, perPx, from: placeOf(span, x) - x * perPx }, length);
}

/** Closer by a factor, with what lies at `x` staying there. */
export function zoomed(span: Span, factor: number, x: number, length: number): Span {
  const least = Math.min(LEAST_PER_PX, span.perPx);
  const perPx = Math.min(Math.max(most(length, span.width), span.perPx), Math.max(least, span.perPx / factor));
  return held({ ...span, perPx, from: placeOf(span, x) - x * perPx }, length);
}

export const panned = (span: Span, px: number, length: number): Span =>
  held({ ...span, from: span.from + px * span.perPx }, length);

/** With the end in sight, near the right edge once it has come so far. */
export const followed = (span: Span, length: number): Span => ({
  ...span,
  from: Math.max(-EDGE_PX * span.perPx, length - span.perPx * span.width * (1 - FREE)),
});

/** With this stretch in sight; as it is when that is so already. */
export function revealed(span: Span, from: number, to: number, length: number): Span {
  const margin = 40 * span.perPx;
  if (from >= span.from && to <= endOf(span)) return span;
  const wide = to - from > span.width * span.perPx - 2 * margin;
  const left = from < span.from || wide ? from - margin : to + margin - span.width * span.perPx;
  return held({ ...span, from: left }, length);
}

/** Nobody gets lost beside the axis. */
function held(span: Span, length: number): Span {
  const shown = span.perPx * span.width;
  const first = -EDGE_PX * span.perPx;
  const last = Math.max(first, length - shown * (1 - FREE));
  return { ...span, from: Math.min(last, Math.max(first, span.from)) };
}
