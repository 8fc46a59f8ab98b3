import type { Database, Statement } from 'better-sqlite3';
import { SPAN_TEXTS, VOLUME_TEXTS, volumeName, volumeOf } from '../search-tables.ts';
import { phrase, type Term } from '../words.ts';

/** What texts are wanted. */
export interface Wanted {
  terms: readonly Term[];
  /** Words of the column `who` that must be there, and those that must not. */
  who: readonly string[];
  notWho: readonly string[];
}

/** Numbers of texts, both included. */
export type Range = readonly [from: number, to: number];

interface Scored {
  number: number;
  /** Smaller is better. */
  score: number;
}

interface Volume {
  newest: Statement<[string, number, number], number>;
  scored: Statement<[string, number, number, number], Scored>;
}

/**
 * Texts that are ranked: so many of the newest that match, or fewer where it takes long to read the index for them. What
 * it takes is reckoned in milliseconds, about.
 */
const MOST = 2000;
const ENOUGH = 60;
const LONG = 12;
/** To count in a volume, to count there beginnings of up to three letters or of more, and to look at a text. */
const cost = { volume: 1, short: 12, open: 2, text: 0.15 };

/**
 * Looks texts up in the index, the newest first: from volume to volume, no further than wanted. The beginning of a word
 * is dear to look for in the index, where it may be in every second text: where few texts of a volume have all the rest,
 * these are looked at themselves.
 */
export class Matches {
  readonly #db: Database;
  readonly #has: (number: number, term: Term) => boolean;
  readonly #volumes = new Map<number, Volume>();

  /** `has` looks at a text itself. */
  constructor(db: Database, has: (number: number, term: Term) => boolean) {
    this.#db = db;
    this.#has = has;
  }

  /** Numbers of the texts that match within these ranges, of which the newest comes first. */
  *newest(wanted: Wanted, ranges: readonly Range[]): Generator<number> {
    const expression = expressionOf(wanted);
    const split = splitOf(wanted);
    for (const [volume, from, to] of this.#places(ranges)) {
      const few = split && first(volume.newest.iterate(split.rest, from, to), split.few);
      if (few === undefined) yield* volume.newest.iterate(expression, from, to);
      else for (const number of few) if (this.#has(number, split!.open)) yield number;
    }
  }

  /** The same, each with how well it fits: by BM25 among the texts of its volume. `end`: that is all there are. */
  scored(wanted: Wanted, ranges: readonly Range[]): { found: Scored[]; end: boolean } {
    const expression = expressionOf(wanted);
    const split = splitOf(wanted);
    const found: Scored[] = [];
    let spent = 0;
    for (const [volume, from, to] of this.#places(ranges)) {
      if (found.length === MOST || (found.length >= ENOUGH && spent >= LONG)) return { found, end: false };
      const left = MOST - found.length;
      const few = split && first(volume.newest.iterate(split.rest, from, to), 2 * split.few);
      if (few === undefined) {
        found.push(...volume.scored.all(expression, from, to, left));
        spent += cost.volume + (split === undefined ? 0 : split.short ? cost.short : cost.open);
      } else if (few.length > 0) {
        const { open, rest } = split!;
        found.push(...volume.scored.all(rest, from, to, left).filter(({ number }) => this.#has(number, open)));
        spent += cost.volume + few.length * cost.text;
      }
    }
    return { found, end: found.length < MOST };
  }

  /** Parts of volumes. */
  *#places(ranges: readonly Range[]): Generator<[Volume, number, number]> {
    for (const [from, to] of ranges)
      for (let number = volumeOf(to); number >= volumeOf(from); number--)
        yield [
          this.#volume(number),
          Math.max(from, number * VOLUME_TEXTS),
          Math.min(to, (number + 1) * VOLUME_TEXTS - 1),
        ];
  }

  #volume(number: number): Volume {
    const known = this.#volumes.get(number);
    if (known !== undefined) return known;
    const name = volumeName(number);
    const within = `FROM ${name} WHERE ${name} MATCH ? AND rowid BETWEEN ? AND ?`;
    const made: Volume = {
      newest: this.#db.prepare<[string, number, number], number>(`SELECT rowid ${within} ORDER BY rowid DESC`).pluck(),
      scored: this.#db.prepare(
        `SELECT rowid AS number, bm25(${name}, 1.0, 0.0) AS score ${within} ORDER BY rowid DESC LIMIT ?`,
      ),
    };
    this.#volumes.set(number, made);
    return made;
  }
}

/** What is cheap to look for, and the beginning of a word beside it. Undefined when there are not both. */
function splitOf(wanted: Wanted): { rest: string; open: Term; short: boolean; few: number } | undefined {
  const open = wanted.terms.find((term) => term.open && term.words.length === 1);
  const terms = wanted.terms.filter((term) => term !== open);
  if (open === undefined || terms.length + wanted.who.length === 0) return undefined;
  const short = open.words[0]!.length < 4;
  // To look at so many texts takes about as long as to look into the index.
  return { rest: expressionOf({ ...wanted, terms }), open, short, few: short ? 40 : 4 };
}

/** Undefined when there are more than so many. */
function first(numbers: Iterable<number>, most: number): number[] | undefined {
  const found: number[] = [];
  for (const number of numbers) {
    if (found.length === most) return undefined;
    found.push(number);
  }
  return found;
}

function expressionOf({ terms, who, notWho }: Wanted): string {
  const all = [...terms.map(phrase), ...who.map((word) => `who : "${word}"`)].join(' AND ');
  return notWho.length === 0 ? all : `(${all}) NOT (${notWho.map((word) => `who : "${word}"`).join(' OR ')})`;
}

/** Spans in a row as ranges of texts, the newest first. `spans` comes newest first. */
export function rangesOf(spans: readonly number[], to: number): Range[] {
  const ranges: [number, number][] = [];
  for (const span of spans) {
    const [first, last] = [span * SPAN_TEXTS, Math.min(to, (span + 1) * SPAN_TEXTS - 1)];
    if (last < first) continue;
    const newer = ranges.at(-1);
    if (newer !== undefined && newer[0] === last + 1) newer[0] = first;
    else ranges.push([first, last]);
  }
  return ranges;
}
