import type { Database, Statement } from 'better-sqlite3';
import type { Upkeep } from './background.ts';
import type { Row } from './bodies.ts';
import { PART } from './keys.ts';
import type { Dictionary } from './packing/block.ts';
import { takeApart } from './packing/shapes.ts';

/** Sessions that are looked at for one, and events of each. */
const SAMPLE = { sessions: 256, events: 64 };
/** In how many of them something must be, to be in it: it tells nothing of any one of them. */
const COMMON = 8;
const BYTES = 32 * 1024;
/** How many times as many blocks there must be, about, until a better one is made, and how many at first. */
const GROWTH = 4;
const FIRST = 32;
const WORD = /[\p{L}\p{N}]{3,}/gu;

/**
 * Words and shapes of events that many sessions have in common. Blocks are small, one session each: what they need not
 * hold themselves halves them. Old blocks keep the dictionary with which they were packed.
 */
export class Dictionaries {
  readonly #upkeep: Upkeep;
  readonly #newest: Statement<[], Dictionary & { blocks: number }>;
  readonly #blocks: Statement<[], number | null>;
  readonly #sample: Statement<[number, number], Pick<Row, 'data'>>;
  readonly #insert: Statement<[number, Buffer]>;
  #current: Dictionary | undefined;

  constructor(db: Database, upkeep: Upkeep) {
    this.#upkeep = upkeep;
    this.#newest = db.prepare('SELECT id, blocks, data FROM dictionaries ORDER BY id DESC LIMIT 1');
    this.#blocks = db.prepare<[], number | null>('SELECT max(id) FROM blocks').pluck();
    this.#sample = db.prepare(`SELECT data FROM events WHERE session = ? AND type <> ${PART} ORDER BY seq LIMIT ?`);
    this.#insert = db.prepare('INSERT INTO dictionaries (blocks, data) VALUES (?, ?)');
    this.#current = this.#newest.get();
  }

  /** The one by which blocks are packed now. */
  get current(): Dictionary | undefined {
    return this.#current;
  }

  /** Makes one of these sessions, which are about to be sealed, when there is none or the log has grown a lot since. */
  async renew(sessions: readonly number[]): Promise<void> {
    const blocks = (this.#blocks.get() ?? 0) + sessions.length;
    const made = this.#newest.get();
    if (sessions.length < FIRST || blocks < (made?.blocks ?? 0) * GROWTH) return;
    const { transactions, background } = this.#upkeep;
    const counts = new Counts();
    const step = Math.max(1, Math.floor(sessions.length / SAMPLE.sessions));
    let next = 0;
    await background.run(() => {
      const session = sessions[next];
      next += step;
      if (session === undefined) return false;
      counts.add(this.#sample.all(session, SAMPLE.events));
      return true;
    });
    const data = counts.best();
    if (background.stopped || data.length < BYTES / 8) return;
    transactions.run(false, () => this.#insert.run(blocks, data));
    this.#current = this.#newest.get();
  }
}

/** In how many sessions each word and shape is. */
class Counts {
  readonly #words = new Map<string, number>();
  readonly #shapes = new Map<string, number>();

  add(events: readonly Pick<Row, 'data'>[]): void {
    const [words, shapes] = [new Set<string>(), new Set<string>()];
    for (const { data } of events) {
      const { shape, leaves } = takeApart(data);
      shapes.add(shape);
      for (const leaf of leaves)
        if (leaf.sign === 'text' || leaf.sign === 'name')
          for (const [word] of leaf.value.matchAll(WORD)) words.add(word);
    }
    for (const word of words) this.#words.set(word, (this.#words.get(word) ?? 0) + 1);
    for (const shape of shapes) this.#shapes.set(shape, (this.#shapes.get(shape) ?? 0) + 1);
  }

  /** What saves most comes last, where it is referred to most cheaply. */
  best(): Buffer {
    const shapes = common(this.#shapes).map(([shape]) => shape);
    const chosen: string[] = [];
    let bytes = Buffer.byteLength(shapes.join('\n'));
    for (const [word] of common(this.#words)) {
      bytes += Buffer.byteLength(word) + 1;
      if (bytes > BYTES) break;
      chosen.push(word);
    }
    return Buffer.from(`${shapes.join('\n')}\n ${chosen.reverse().join(' ')} `);
  }
}

const common = (counts: ReadonlyMap<string, number>) =>
  [...counts].filter(([, count]) => count >= COMMON).sort(([a, of], [b, other]) => other * b.length - of * a.length);
