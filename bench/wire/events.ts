import type { StreamItem } from '#shared/contract/contract.ts';
import type { Source } from '#shared/wire/source.ts';

type Item = StreamItem<'session.follow'>;

const epoch = 'Q7ZtXm3k';
const session = '019aab6e-6f2c-7cc1-9b1e-0c3f6f1d2a41';
const turn = '019aab6e-7a10-7d52-8f04-5b9c2e7d1f63';

/** Parts of a turn as the real stream gives them, one token each. */
export const events: readonly Item[] = Array.from({ length: 4096 }, (_, index): Item => {
  const seq = 1_000_000 + index;
  const data = { turn, offset: 6 * index, text: ' token' };
  const event = { seq, session, at: 1_763_800_000_000 + index, type: 'turn.part', version: 1, data };
  return { kind: 'event', cursor: `${epoch}:${seq}`, event };
});

/** So many of them, over and over, for a follower that is behind: a cursor in a log, without the log. */
export function from(count: number): Source<Item> {
  let left = count;
  let next = 0;
  return {
    async pull(max) {
      if (left === 0) return null;
      const end = next + Math.min(max, left, events.length - next);
      const taken = events.slice(next, end);
      left -= taken.length;
      next = end % events.length;
      return taken;
    },
    onReady: () => {},
    close: () => {},
  };
}
