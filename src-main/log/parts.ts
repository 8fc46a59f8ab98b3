import type { Database, Statement } from 'better-sqlite3';
import type { Event } from '#shared/domain/events.ts';
import type { Upkeep } from './background.ts';

/** How long the parts of a turn are kept after its end, which has all their text. */
const KEPT_MS = 3600 * 1000;
/** Rows looked at in one slice. Parts are in no index: those of other turns that ran meanwhile are passed over. */
const SLICE = 1000;

interface Ended {
  session: string;
  turn: string;
  seq: number;
  finished: number;
  at: number;
}

/** Deletes the parts of turns that ended an hour ago. Waits with one timer, and only while there is something to wait for. */
export class PartSweeper {
  readonly #upkeep: Upkeep;
  readonly #oldest: Statement<[], Ended>;
  readonly #ended: Statement<[string], Omit<Ended, 'at'>>;
  readonly #reach: Statement<[number, number], number>;
  readonly #delete: Statement<[number, number, string, string]>;
  readonly #swept: Statement<[string, string]>;
  /** How far turns have been swept that take more than one slice. */
  readonly #reached = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(db: Database, upkeep: Upkeep) {
    this.#upkeep = upkeep;
    this.#oldest = db.prepare(
      `SELECT n.session, n.id AS turn, n.seq, n.finished, e.at FROM nodes n CROSS JOIN events e ON e.seq = n.finished
       WHERE n.parts = 1 AND n.finished > 0 ORDER BY n.finished LIMIT 1`,
    );
    this.#ended = db.prepare(
      'SELECT session, id AS turn, seq, finished FROM nodes WHERE session = ? AND parts = 1 AND finished > 0 LIMIT 1',
    );
    this.#reach = db
      .prepare<[number, number], number>(
        `SELECT seq FROM events WHERE seq > ? AND seq < ? ORDER BY seq LIMIT 1 OFFSET ${SLICE - 1}`,
      )
      .pluck();
    this.#delete = db.prepare(
      `DELETE FROM events WHERE seq > ? AND seq <= ? AND turn = ? AND session = ? AND type = 'turn.part'`,
    );
    this.#swept = db.prepare('UPDATE nodes SET parts = 0 WHERE session = ? AND id = ?');
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
    return this.#upkeep.background.run(() => {
      const ended = this.#ended.get(session);
      if (ended !== undefined) this.#some(ended);
      return ended !== undefined;
    });
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #slice(): boolean {
    const { clock } = this.#upkeep;
    const ended = this.#oldest.get();
    if (ended === undefined) return false;
    const early = ended.at + KEPT_MS - clock.now();
    if (early > 0) {
      this.#wait(Math.min(early, KEPT_MS));
      return false;
    }
    this.#some(ended);
    return true;
  }

  #some({ session, turn, seq, finished }: Omit<Ended, 'at'>): void {
    const key = `${session}/${turn}`;
    const from = this.#reached.get(key) ?? seq;
    const reached = this.#reach.get(from, finished) ?? finished;
    this.#upkeep.transactions.run(false, () => {
      this.#delete.run(from, reached, turn, session);
      if (reached === finished) this.#swept.run(session, turn);
    });
    if (reached === finished) this.#reached.delete(key);
    else this.#reached.set(key, reached);
  }

  #wait(ms: number): void {
    this.close();
    if (!this.#upkeep.background.stopped) this.#cancel = this.#upkeep.clock.after(ms, () => void this.sweep());
  }
}
