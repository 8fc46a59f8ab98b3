import { last } from './axis.ts';
import type { Bar } from './bar.ts';

type Row = readonly Bar[];
/** A bar, or (`more`) several too small to be told apart, of which it is the first. */
type Visit = (bar: Bar, from: number, to: number, more: boolean) => void;

/** Index of the first bar of a row that reaches beyond a place; `now` is where those that run end. */
export function firstBeyond(row: Row, place: number, now: number): number {
  const before = last(row, (bar) => (bar.endPlace ?? now) < place);
  return before + 1;
}

/**
 * Visits what can be seen of a row between two places, in order. What begins within `least` of a bar that is narrower
 * than that is one visit together with it, so the number of visits is bounded by the width and not by the turns.
 */
export function walk(row: Row, from: number, to: number, least: number, now: number, visit: Visit): void {
  for (let index = firstBeyond(row, from, now); index < row.length; ) {
    const bar = row[index]!;
    if (bar.place > to) return;
    const end = bar.endPlace ?? now;
    const next = end - bar.place >= least ? index + 1 : nextBehind(row, index, bar.place + least, least, now);
    const reach = next === index + 1 ? end : (row[next - 1]!.endPlace ?? now);
    visit(bar, bar.place, Math.max(bar.place, reach), next > index + 1);
    index = next;
  }
}

/** Only the last of those that begin before `place` can reach beyond it; a wide one stands for itself. */
function nextBehind(row: Row, index: number, place: number, least: number, now: number): number {
  let [low, high] = [index + 1, index + 2];
  while (high < row.length && row[high]!.place < place) high += high - index;
  high = Math.min(high, row.length);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle]!.place < place) low = middle + 1;
    else high = middle;
  }
  const before = row[low - 1]!;
  const wide = low - 1 > index && (before.endPlace ?? now) - before.place >= least;
  return wide ? low - 1 : low;
}
