import type { Event } from '#shared/domain/events.ts';

/** Text in one answer of a source, in UTF-16 units: with its JSON around it, it stays below a frame. */
const MOST_UNITS = 300_000;

/** Takes from the front what makes one answer of a source: `max` at most, and one at least. */
export function takeAnswer<Item>(rest: Item[], max: number, unitsOf: (item: Item) => number): Item[] {
  let units = 0;
  let count = 0;
  for (const item of rest) {
    units += 200 + unitsOf(item);
    if (count === max || (count > 0 && units > MOST_UNITS)) break;
    count++;
  }
  return rest.splice(0, count);
}

/** The text in an event, in UTF-16 units. */
export const textOf = ({ data }: Event): number =>
  unitsIn(data) + ('from' in data && data.from ? unitsIn(data.from) : 0);

const unitsIn = (body: object): number =>
  ['text', 'reasoning', 'system'].reduce((sum, key) => {
    const value = (body as Record<string, unknown>)[key];
    return sum + (typeof value === 'string' ? value.length : 0);
  }, 0);
