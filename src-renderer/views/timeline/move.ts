import { last } from '../../state/timeline/axis.ts';
import type { Item, Lane } from '../../state/timeline/lanes.ts';

/** One bar or mark: the place of its lane, and its own in the lane. */
export interface At {
  lane: number;
  index: number;
}

export const timeOf = (item: Item): number => (item.kind === 'turn' ? item.start : item.time);

export const itemAt = (lanes: readonly Lane[], at: At | null): Item | undefined =>
  at === null ? undefined : lanes[at.lane]?.items[at.index];

/** Where a key leads from a bar or mark: in time within its lane, or to what was at that time in the next lane. */
export function moved(lanes: readonly Lane[], at: At, key: string): At {
  const { items } = lanes[at.lane]!;
  const end = items.length - 1;
  if (key === 'ArrowRight') return { ...at, index: Math.min(end, at.index + 1) };
  if (key === 'ArrowLeft') return { ...at, index: Math.max(0, at.index - 1) };
  if (key === 'Home') return { ...at, index: 0 };
  if (key === 'End') return { ...at, index: end };
  const step = key === 'ArrowDown' ? 1 : -1;
  const time = timeOf(items[at.index]!);
  for (let lane = at.lane + step; lane >= 0 && lane < lanes.length; lane += step) {
    const found = nearest(lanes[lane]!.items, time);
    if (found !== -1) return { lane, index: found };
  }
  return at;
}

/** The one that was last begun at a time, or the first after it; -1 when there is none. */
export function nearest(items: readonly Item[], time: number): number {
  const before = last(items, (item) => timeOf(item) <= time);
  return before < 0 && items.length > 0 ? 0 : before;
}

/** The newest of all lanes: where the keyboard begins. */
export function newest(lanes: readonly Lane[]): At | null {
  let found: At | null = null;
  for (const [lane, { items }] of lanes.entries()) {
    const item = items.at(-1);
    const best = itemAt(lanes, found);
    if (item !== undefined && (best === undefined || timeOf(item) >= timeOf(best)))
      found = { lane, index: items.length - 1 };
  }
  return found;
}
