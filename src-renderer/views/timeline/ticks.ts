import type { Axis } from '../../state/timeline/axis.ts';
import { endOf, type Span, xOf } from './span.ts';

export interface Tick {
  x: number;
  label: string;
}

/** Room for a tick and its label. */
const APART = 92;
/** The same where a label may name days. */
const FAR_APART = 124;
/** More pauses than that in sight: the scale is told by places, not by round times. */
const MANY = 60;
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((each) => each * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * MINUTE),
  ...[1, 2, 3, 6, 12].map((each) => each * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((each) => each * DAY),
];

/** Without seconds, of what lasted for hours: `3:00`, `2 d 3:00`. */
const coarse = (ms: number): string => (ms < HOUR ? elapsed(ms) : elapsed(ms).slice(0, -3));

/** Time since the beginning: `47.0 s`, `1:05.2`, `3:00:47`, `2 d 3:00:47`; `digits` behind the seconds. */
export function elapsed(ms: number, digits = 0): string {
  const unit = 10 ** digits;
  const all = Math.floor((Math.max(0, ms) / SECOND) * unit + 1e-6) / unit;
  if (all < 60) return `${all.toFixed(digits)} s`;
  const seconds = (all % 60).toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, '0');
  const minutes = Math.floor(all / 60) % 60;
  const hours = Math.floor(all / 3600);
  if (hours === 0) return `${minutes}:${seconds}`;
  const days = Math.floor(hours / 24);
  return `${days === 0 ? '' : `${days} d `}${hours % 24}:${String(minutes).padStart(2, '0')}:${seconds}`;
}

/** As exact as a column has room for. */
export const elapsedBriefly = (ms: number): string => elapsed(ms, ms < HOUR ? 2 : ms < DAY ? 1 : 0);

/** The position of a replay: `0:47.0`. */
export function position(ms: number): string {
  const text = elapsed(ms, 1);
  return text.endsWith(' s') ? `0:${text.slice(0, -2).padStart(4, '0')}` : text;
}

/** How long a pause was, in its largest unit: `3 h`, `45 s`. */
export function pauseText(ms: number): string {
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < 59.5 * MINUTE) return `${Math.round(ms / MINUTE)} min`;
  return ms < 2 * DAY ? `${Math.round(ms / HOUR)} h` : `${Math.round(ms / DAY)} d`;
}

/** Round times since the beginning, each where it lies; at least so far apart that their labels have room. */
export function ticks(axis: Axis, span: Span): Tick[] {
  const [left, right] = [span.from, endOf(span)];
  const pauses = axis.between(left, right);
  const apart = axis.end - axis.start < DAY ? APART : FAR_APART;
  const step = steps.find((each) => each >= apart * span.perPx) ?? steps.at(-1)!;
  const digits = step < 10 ? 3 : step < 100 ? 2 : step < SECOND ? 1 : 0;
  const label = (ms: number) => (apart * span.perPx > 5 * MINUTE ? coarse(ms) : elapsed(ms, digits));
  const found: Tick[] = [];
  const add = (place: number, time: number) => {
    const x = xOf(span, place);
    const before = found.at(-1);
    if (before === undefined || x - before.x >= apart * 0.8) found.push({ x, label: label(time - axis.start) });
  };
  if (pauses.length > MANY) {
    for (let x = 0; x < span.width; x += apart) add(left + x * span.perPx, axis.time(left + x * span.perPx));
    return found;
  }
  // Stretches without a pause, one after the other.
  let from = axis.time(left);
  for (const to of [...pauses.map((pause) => pause.from), axis.time(right)]) {
    const first = Math.ceil((from - axis.start) / step) * step;
    for (let since = first; axis.start + since <= to; since += step)
      add(axis.place(axis.start + since), axis.start + since);
    from = pauses.find((pause) => pause.from === to)?.to ?? to;
  }
  return found;
}
