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
  { specialist: 'engram', text: 'What did we say about the log?' },
  {
    specialist: 'apollo',
    text: 'Why does this keep trying after the caller has left?\n\n```ts\nfor (let n = 0; n < 5; n++) {\n  try { return await call(signal); }\n  catch { await sleep(2 ** n * 100); }\n}\n```',
  },
  { specialist: 'hermes', text: 'Translate into French and German: The meeting moves to Thursday, 10:30, same room.' },
  {
    specialist: 'athena',
    text: 'Compare a queue and a log for passing events between two services. Which would you take, and when?',
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
