import type { SearchHit } from '../log.ts';
import { type Term, terms } from '../words.ts';
import { Hits } from './hits.ts';
import { Matches } from './matches.ts';
import type { Order } from './order.ts';
import { Places } from './places.ts';

/** Texts that are looked at for each word, when no text has them all. */
const OF_EACH = 500;

/** What an AI looks for among all sessions, best first; nothing of what is in the trash. */
export const search: Order<{ query: string; limit: number; exclude: string[] }, SearchHit[]> = ({ db }) => {
  const places = new Places(db);
  const hits = new Hits(db);
  const matches = new Matches(db, (number, term) => hits.has(places.of(number), term));

  /** Numbers of texts that have all of them, best first. */
  function withAll(looked: readonly Term[], last: number): number[] {
    const { found } = matches.scored({ terms: looked, who: [], notWho: [] }, [[0, last]]);
    return found.sort((a, b) => a.score - b.score || b.number - a.number).map(({ number }) => number);
  }

  /**
   * Numbers of texts that have some of them, the best first: a word counts the more the rarer it is, as far as the newest
   * texts with it tell.
   */
  function withSome(looked: readonly Term[], last: number): number[] {
    const scores = new Map<number, number>();
    for (const term of looked) {
      const numbers = newest({ terms: [term], who: [], notWho: [] }, last);
      const lookedAt = numbers.length < OF_EACH ? last + 1 : last - numbers.at(-1)! + 1;
      const weight = Math.log(1 + lookedAt / numbers.length);
      for (const number of numbers) scores.set(number, (scores.get(number) ?? 0) + weight);
    }
    return [...scores].sort(([a, left], [b, right]) => right - left || b - a).map(([number]) => number);
  }

  function newest(wanted: Parameters<Matches['newest']>[0], last: number): number[] {
    const numbers: number[] = [];
    for (const number of matches.newest(wanted, [[0, last]])) if (numbers.push(number) === OF_EACH) break;
    return numbers;
  }

  return ({ query, limit, exclude }) => {
    const looked = terms(query).map((term) => ({ ...term, open: term.open && !isShort(term) }));
    return db.transaction(() => {
      const last = places.lastBefore(Number.MAX_SAFE_INTEGER);
      if (looked.length === 0 || last < 0) return [];
      const hidden = hits.hidden(false);
      const take = (numbers: readonly number[]) => {
        const found: SearchHit[] = [];
        for (const number of numbers) {
          const place = places.of(number);
          const text = hidden.has(place.session) ? undefined : hits.text(place);
          if (text === undefined || exclude.includes(text.node)) continue;
          const { session, title, node, at, by, role } = text;
          found.push({ session, title, node, at, by: role === 'message' ? 'you' : (by?.name ?? ''), text: text.text });
          if (found.length === limit) break;
        }
        return found;
      };
      // All words first; when no text has them all, those that have most of them.
      const all = take(withAll(looked, last));
      return all.length > 0 || looked.length === 1 ? all : take(withSome(looked, last));
    })();
  };
};

/** A whole sentence is asked for rather than what somebody is just typing. */
const isShort = ({ words }: Term) => words.length === 1 && words[0]!.length <= 3;
