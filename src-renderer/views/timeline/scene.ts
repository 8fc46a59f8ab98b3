import { last } from '../../state/timeline/axis.ts';
import type { Item } from '../../state/timeline/lanes.ts';
import type { Timeline } from '../../state/timeline/model.ts';
import { firstBeyond } from '../../state/timeline/walk.ts';
import { LEAST_HIT, type Measures, type Placed, rowAt, rowTop } from './layout.ts';
import { type At, itemAt, nearest, timeOf } from './move.ts';
import type { Place } from './overlay.ts';
import { endOf, placeOf, type Span, xOf } from './span.ts';

/** What lies where. */
export interface Scene {
  timeline: Timeline;
  span: Span;
  measures: Measures;
  /** Where each lane lies. */
  lanes: readonly Placed[];
  /** Where those that run end. */
  now: number;
}

/** More bars and marks than that in sight have no button each: only the one that the keyboard is at. */
export const MOST_BUTTONS = 400;
/** Half of the sign of a message: it is in sight while a part of it is. */
const BESIDE_PX = 14;
/** A little beside is a hit, too. */
const MISS_PX = 4;

/** The two ends of a bar, or the place of a mark twice. */
export function reachOf({ axis }: Timeline, item: Item, now: number): [from: number, to: number] {
  if (item.kind === 'turn') return [item.place, Math.max(item.place, item.endPlace ?? now)];
  const place = axis.place(item.time);
  return [place, place];
}

/** In pixels from where `anchor` begins, and from the top of the lanes. */
export function boxOf(scene: Scene, at: At, anchor: Span): Place {
  const { timeline, measures, lanes, span, now } = scene;
  const item = itemAt(timeline.lanes, at)!;
  const [from, to] = reachOf(timeline, item, now);
  const x = xOf(anchor, from);
  const { top, height } = lanes[at.lane]!;
  if (item.kind === 'turn') {
    const y = top + rowTop(item.row, measures);
    return { x, y, wide: Math.max(1, (to - from) / span.perPx), high: measures.bar };
  }
  return { x: x - LEAST_HIT / 2, y: top + height / 2 - LEAST_HIT / 2, wide: LEAST_HIT, high: LEAST_HIT };
}

/** Every bar and mark in sight, unless there are too many of them. */
export function inSight({ timeline, span, now }: Scene): At[] {
  const { axis, lanes } = timeline;
  const [from, to] = [span.from - BESIDE_PX * span.perPx, endOf(span) + BESIDE_PX * span.perPx];
  const [first, behind] = [axis.time(from), axis.time(to)];
  const ranges = lanes.map(({ items, rows, speaker }): [begin: number, end: number] => {
    // Bars of other rows lie in between; the first that can be seen is the earliest of all rows.
    const starts = rows.map((row) => firstAt(items, row[firstBeyond(row, from, now)]?.start ?? behind));
    return [speaker === null ? firstAt(items, first) : Math.min(items.length, ...starts), firstAt(items, behind)];
  });
  const count = ranges.reduce((sum, [begin, end]) => sum + Math.max(0, end - begin), 0);
  if (count > MOST_BUTTONS) return [];
  return ranges.flatMap(([begin, end], lane) =>
    Array.from({ length: Math.max(0, end - begin) }, (_, each) => ({ lane, index: begin + each })),
  );
}

/** The nearest bar or mark to a point, `y` from the top of the lanes; what one hits is never smaller than 24 px. */
export function hitAt(scene: Scene, x: number, y: number): At | null {
  const { timeline, lanes, measures, span, now } = scene;
  const index = lanes.findIndex(({ top, height }) => y >= top && y < top + height);
  const lane = timeline.lanes[index];
  if (lane === undefined) return null;
  const row = lane.rows[rowAt(y - lanes[index]!.top, lane.rows.length, measures)] ?? [];
  const items: readonly Item[] = lane.speaker === null ? lane.items : row;
  const middle = nearest(items, timeline.axis.time(placeOf(span, x)));
  let best: { item: Item; away: number } | undefined;
  for (const item of items.slice(Math.max(0, middle - 1), middle + 3)) {
    const [left, right] = reachOf(timeline, item, now).map((place) => xOf(span, place)) as [number, number];
    const away = x < left ? left - x : Math.max(0, x - right);
    const most = Math.max(MISS_PX, (LEAST_HIT - (right - left)) / 2);
    if (away <= most && away < (best?.away ?? Number.POSITIVE_INFINITY)) best = { item, away };
  }
  if (best === undefined) return null;
  const { item } = best;
  return { lane: index, index: item.kind === 'turn' ? item.nth - 1 : lane.items.indexOf(item) };
}

/** The first that begins at a time or after it. */
const firstAt = (items: readonly Item[], time: number): number => last(items, (item) => timeOf(item) < time) + 1;
