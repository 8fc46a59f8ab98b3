import type { Database, Statement } from 'better-sqlite3';
import type { Event } from '#shared/domain/events.ts';
import type { Upkeep } from './background.ts';
import { type Keys, PART } from './keys.ts';

/** How long the parts of a turn are kept after its end, which has all their text. */
const KEPT_MS = 3600 * 1000;
/** Turns looked at in one slice. */
const TURNS = 256;
/** Rows looked at in one slice. Parts are in no index: those of other turns that ran meanwhile are passed over. */
const SLICE = 1000;

/** `session` is its key, `seq` the sequence of its request; `at` is null when its end is in a block, so it has no parts. */
interface Ended {
  session: number;
  seq: number;
  finished: number;
  at: number | null;
}

/** Deletes the parts of turns that ended an hour ago. Waits with one timer, and only while there is something to wait for. */
export class PartSweeper {
  readonly #upkeep: Upkeep;
  readonly #oldest: Statement<[], Ended>;
  readonly #keys: Keys;
  readonly #ended: Statement<[number], Omit<Ended, 'at'>>;
  readonly #reach: Statement<[number, number], number>;
  readonly #delete: Statement<[number, number, number]>;
  readonly #swept: Statement<[number, number]>;
  /** How far turns have been swept that take more than one slice, by the sequences of their requests. */
  readonly #reached = new Map<number, number>();
  #cancel: (() => void) | undefined;

  constructor(db: Database, upkeep: Upkeep, keys: Keys) {
    this.#upkeep = upkeep;
    this.#keys = keys;
    this.#oldest = db.prepare(
      `SELECT n.session, n.seq, n.finished, e.at FROM nodes n LEFT JOIN events e ON e.seq = n.finished
       WHERE n.parts = 1 AND n.finished > 0 ORDER BY n.finished LIMIT ${TURNS}`,
    );
    this.#ended = db.prepare(
      'SELECT session, seq, finished FROM nodes WHERE session = ? AND parts = 1 AND finished > 0 LIMIT 1',
    );
    this.#reach = db
      .prepare<[number, number], number>(
        `SELECT seq FROM events WHERE seq > ? AND seq < ? ORDER BY seq LIMIT 1 OFFSET ${SLICE - 1}`,
      )
      .pluck();
    this.#delete = db.prepare(`DELETE FROM events WHERE seq > ? AND seq <= ? AND turn = ? AND type = ${PART}`);
    this.#swept = db.prepare('UPDATE nodes SET parts = 0 WHERE session = ? AND seq = ?');
  }

  committed(events: readonly Event[]): void {
    if (this.#cancel === undefined && events.some((event) => event.type === 'turn.finished')) this.#wait(KEPT_MS);
  }

  /** Deletes what is old enough now; resolves when that is done. */
  async sweep(): Promise<void> {
    this.close();
    try {
      await this.#upkeep.background.run(() => this.#slice());
    } catch (error) {
      this.#upkeep.logger.warn({ error }, 'Parts of ended turns could not be deleted; they are left for later.');
      this.#wait(KEPT_MS);
    }
  }

  /** Deletes those of all ended turns of a session, however new. */
  forget(session: string): Promise<void> {
    const key = this.#keys.of(session);
    if (key === undefined) return Promise.resolve();
    return this.#upkeep.background.run(() => {
      const ended = this.#ended.get(key);
      if (ended !== undefined) this.#some(ended);
      return ended !== undefined;
    });
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #slice(): boolean {
    const { clock, transactions } = this.#upkeep;
    const ended = this.#oldest.all();
    const [oldest] = ended;
    if (oldest === undefined) return false;
    if (oldest.at === null) {
      const cold = ended.filter(({ at }) => at === null);
      transactions.run(false, () => {
        for (const { session, seq } of cold) this.#swept.run(session, seq);
      });
      return true;
    }
    const early = oldest.at + KEPT_MS - clock.now();
    if (early > 0) {
      this.#wait(Math.min(early, KEPT_MS));
      return false;
    }
    this.#some(oldest);
    return true;
  }

  #some({ session, seq, finished }: Omit<Ended, 'at'>): void {
    const from = this.#reached.get(seq) ?? seq;
    const reached = this.#reach.get(from, finished) ?? finished;
    this.#upkeep.transactions.run(false, () => {
      this.#delete.run(from, reached, seq);
      if (reached === finished) this.#swept.run(session, seq);
    });
    if (reached === finished) this.#reached.delete(seq);
    else this.#reached.set(seq, reached);
  }

  #wait(ms: number): void {
    this.close();
    if (!this.#upkeep.background.stopped) this.#cancel = this.#upkeep.clock.after(ms, () => void this.sweep());
  }
}
