import type { Roster } from '#shared/domain/summary.ts';

export interface Example {
  specialist: string;
  text: string;
}

/** First messages that make sense as they stand; those of the offline models show what works with no language model. */
const examples: readonly Example[] = [
  {
    specialist: 'sophia',
    text: 'Summarise in three sentences: A log keeps every fact in the order in which it happened. Nothing in it is changed afterwards; what turns out to be wrong is corrected by a later entry. Whoever has read up to some entry knows exactly what others had seen at that point, and can go on reading from there after a break. Tables, counts and search indexes are computed from it and can be thrown away and computed again. The price is space: old entries stay until somebody decides that they are no longer needed.',
  },
  {
    specialist: 'apollo',
    text: 'Why does this keep trying after the caller has left?\n\n```ts\nfor (let n = 0; n < 5; n++) {\n  try { return await call(signal); }\n  catch { await sleep(2 ** n * 100); }\n}\n```',
  },
  { specialist: 'hermes', text: 'Translate into French and German: The meeting moves to Thursday, 10:30, same room.' },
  {
    specialist: 'athena',
    text: 'Compare a queue and a log for passing events between two services. Which would you take, and when?',
  },
  {
    specialist: 'terma',
    text: 'Group by city, sum amount\n\n```csv\ncity,month,amount\nLyon,October,1240\nKiel,October,310\nLyon,November,990\nKiel,November,420\nPorto,November,605\n```',
  },
  {
    specialist: 'noesis',
    text: 'Analyse: The meeting moves to Thursday, 10:30, same room. Anna Weber has tested the printer and is happy with it. The order from Lyon costs 1,240 €, which is less than we feared. Nobody knows yet who opens the harbour office on 3 December.',
  },
];

const SHOWN = 3;

/** Those who can answer now, language models first. */
export function examplesFor(roster: Roster): Example[] {
  const bindingOf = (id: string) => roster.specialists.find((each) => each.id === id)?.binding ?? null;
  const able = examples.filter(({ specialist }) => bindingOf(specialist) !== null);
  const isOffline = ({ specialist }: Example) => bindingOf(specialist)?.offline === true;
  return [...able.filter((each) => !isOffline(each)), ...able.filter(isOffline)].slice(0, SHOWN);
}
