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

interface Texts {
  text?: unknown;
  reasoning?: unknown;
  system?: unknown;
}

const unitsIn = (body: object): number => {
  const { text, reasoning, system } = body as Texts;
  return lengthOf(text) + lengthOf(reasoning) + lengthOf(system);
};
const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0);
