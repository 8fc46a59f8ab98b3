import { Problem } from '#shared/domain/problem.ts';
import type { Hit, Query } from '#shared/domain/search.ts';
import { Keys } from '../keys.ts';
import { MESSAGE, sessionWord, specialistWord } from '../search-tables.ts';
import { type Term, terms } from '../words.ts';
import { Hits } from './hits.ts';
import { Matches, type Range, rangesOf, type Wanted } from './matches.ts';
import type { Order } from './order.ts';
import { Places } from './places.ts';

/** Rankings that are kept for their next pages. */
const RANKINGS = 16;
/** Signs of a beginning that is too short to be ranked. */
const SHORT = 2;

type Page = { hits: Hit[]; more: string | null };
/** Where a page begins. */
type Cursor =
  /** Among texts before this sequence, the newest first. */
  | { kind: 'newest'; before: number }
  /** In the ranking of what was there before this sequence, at this place. */
  | { kind: 'best'; before: number; at: number };

interface Ranking {
  /** Of texts, the best first. */
  numbers: number[];
  /** Sequence of the oldest, when there may be more that match. */
  beyond: number | undefined;
}

/**
 * See `Log.find`. The best come first of the newest texts that match (`Matches.scored`), then the older ones, the newest
 * first: a search takes the same time however much there is. What begins with a letter or two says nothing about how well
 * a text fits, and is dear to count: where nothing else is asked for, the newest come first.
 */
export const find: Order<{ query: Query; limit: number; after?: string | undefined }, Page> = ({ db }) => {
  const places = new Places(db);
  const hits = new Hits(db);
  const matches = new Matches(db, (number, term) => hits.has(places.of(number), term));
  const keys = new Keys(db);
  const rankings = new Map<string, Ranking>();

  /** What the query asks of the index. Null: nothing can be found. */
  function wanted({ text, session, specialist, role }: Query): Wanted | null {
    const looked = terms(text);
    const key = session === undefined ? undefined : keys.of(session);
    if (looked.length === 0 || (session !== undefined && key === undefined)) return null;
    const who: string[] = [];
    if (key !== undefined) who.push(sessionWord(key));
    if (specialist !== undefined) who.push(specialistWord(specialist));
    if (role === 'message') who.push(MESSAGE);
    return { terms: looked, who, notWho: role === 'answer' ? [MESSAGE] : [] };
  }

  function ranges({ from, to }: Query, last: number): Range[] {
    if (last < 0) return [];
    return from === undefined && to === undefined ? [[0, last]] : rangesOf(places.spans(last, from, to), last);
  }

  /** Whether a text may be shown now: its session may, and its time is right. */
  function filter({ from, to, trashed }: Query): (number: number) => boolean {
    const hidden = hits.hidden(trashed);
    const timeless = from === undefined && to === undefined;
    return (number) => {
      const place = places.of(number);
      if (hidden.has(place.session)) return false;
      if (timeless) return true;
      const at = hits.at(place);
      return at !== undefined && at >= (from ?? at) && at <= (to ?? at);
    };
  }

  function ranking(query: Query, what: Wanted, before: number): Ranking {
    const name = JSON.stringify([query, before]);
    const known = rankings.get(name);
    if (known !== undefined) return known;
    const { found, end } = matches.scored(what, ranges(query, places.lastBefore(before)));
    const oldest = end ? undefined : found.at(-1);
    const made = {
      beyond: oldest && places.of(oldest.number).seq,
      numbers: found.sort((a, b) => a.score - b.score || b.number - a.number).map(({ number }) => number),
    };
    if (rankings.size >= RANKINGS) rankings.delete(rankings.keys().next().value!);
    rankings.set(name, made);
    return made;
  }

  return ({ query, limit, after }) => {
    const what = wanted(query);
    if (what === null) return { hits: [], more: null };
    const cursor = after === undefined ? beginning(query, what) : decoded(after);
    // One moment of the log for all of it.
    return db.transaction((): Page => {
      const page: Hit[] = [];
      const allowed = filter(query);
      const add = (number: number) => {
        const hit = allowed(number) ? hits.hit(places.of(number), what.terms) : undefined;
        if (hit !== undefined) page.push(hit);
      };
      let before = cursor.before;
      if (cursor.kind === 'best') {
        const asOf = Math.min(before, places.end());
        const { numbers, beyond } = ranking(query, what, asOf);
        let at = cursor.at;
        while (at < numbers.length && page.length < limit) add(numbers[at++]!);
        if (at < numbers.length) return { hits: page, more: encoded({ kind: 'best', before: asOf, at }) };
        if (beyond === undefined) return { hits: page, more: null };
        before = beyond;
      }
      if (page.length === limit) return { hits: page, more: encoded({ kind: 'newest', before }) };
      for (const number of matches.newest(what, ranges(query, places.lastBefore(before)))) {
        add(number);
        if (page.length === limit)
          return { hits: page, more: encoded({ kind: 'newest', before: places.of(number).seq }) };
      }
      return { hits: page, more: null };
    })();
  };
};

const beginning = ({ order }: Query, { terms }: Wanted): Cursor =>
  order === 'newest' || isHardlyAny(terms)
    ? { kind: 'newest', before: Number.MAX_SAFE_INTEGER }
    : { kind: 'best', before: Number.MAX_SAFE_INTEGER, at: 0 };

const isHardlyAny = ([first, ...others]: readonly Term[]): boolean =>
  others.length === 0 && first!.open && first!.words.length === 1 && Array.from(first!.words[0]!).length <= SHORT;

const encoded = (cursor: Cursor) =>
  cursor.kind === 'newest'
    ? `n${cursor.before.toString(36)}`
    : `b${cursor.before.toString(36)}.${cursor.at.toString(36)}`;

function decoded(text: string): Cursor {
  const [, kind, before, at] = /^([nb])([0-9a-z]{1,11})(?:\.([0-9a-z]{1,11}))?$/.exec(text) ?? [];
  if (before === undefined || (kind === 'b') !== (at !== undefined))
    throw new Problem('INVALID_PARAMS', 'This is no place in a list of hits.', 'Search again from the beginning.');
  const sequence = Number.parseInt(before, 36);
  return at === undefined
    ? { kind: 'newest', before: sequence }
    : { kind: 'best', before: sequence, at: Number.parseInt(at, 36) };
}
