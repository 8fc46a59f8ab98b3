import type { Database, Statement } from 'better-sqlite3';
import type { Event } from '#shared/domain/events.ts';
import type { Background } from './background.ts';
import { type Packed, packed, unpacked } from './ids.ts';
import type { Transactions } from './transactions.ts';

/** Sessions marked in one slice: each changes three indexes. */
const SLICE = 100;

/**
 * Sessions that a job fills are in no list, and nobody can read them, until `job.finished`. Then each is marked as whole,
 * in slices; whoever asks for a list meanwhile waits for the last of them, so that all of them are there at once.
 */
export class Filled {
  readonly #transactions: Transactions;
  readonly #background: Background;
  readonly #next: Statement<[], number>;
  readonly #mark: Statement<[number]>;
  readonly #marked: Statement<[number]>;
  readonly #filling: Statement<[], { session: Packed; job: Packed }>;
  readonly #isOver: Statement<[Packed], number>;
  /** Those that are being filled, each with its job. */
  readonly #sessions = new Map<string, string>();
  #marking: Promise<void> | undefined;
  #work = false;

  constructor(db: Database, transactions: Transactions, background: Background) {
    this.#transactions = transactions;
    this.#background = background;
    this.#next = db.prepare<[], number>('SELECT key FROM jobs WHERE finished = 1 AND finished < 2 LIMIT 1').pluck();
    this.#mark = db.prepare(
      `UPDATE sessions SET filling = 0 WHERE key IN
         (SELECT key FROM sessions WHERE job = ? AND filling = 1 LIMIT ${SLICE})`,
    );
    this.#marked = db.prepare('UPDATE jobs SET finished = 2 WHERE key = ?');
    this.#filling = db.prepare(
      `SELECT s.id AS session, j.id AS job FROM jobs j CROSS JOIN sessions s ON s.job = j.key AND s.filling = 1
       WHERE j.finished = 0 AND j.finished < 2`,
    );
    this.#isOver = db.prepare<[Packed], number>('SELECT finished > 0 FROM jobs WHERE id = ?').pluck();
  }

  /** Once after opening, when the tables are whole: the process may have ended in the middle. */
  begin(): void {
    for (const { session, job } of this.all()) this.#sessions.set(session, job);
    this.#work = this.#next.get() !== undefined;
    this.#start();
  }

  committed(events: readonly Event[]): void {
    for (const { type, session, data } of events)
      if (type === 'session.created' && data.job !== undefined) this.#begun(session, data.job);
      else if (type === 'session.deleted') this.#sessions.delete(session);
      else if (type === 'job.finished') this.#finished(data.job);
  }

  has(session: string): boolean {
    return this.#sessions.has(session);
  }

  /** Undefined: every session that is whole is marked so. */
  ready(): Promise<void> | undefined {
    if (this.#work) this.#start();
    return this.#marking;
  }

  all(): { session: string; job: string }[] {
    return this.#filling.all().map(({ session, job }) => ({ session: unpacked(session), job: unpacked(job) }));
  }

  #begun(session: string, job: string): void {
    if (this.#isOver.get(packed(job)) !== 1) this.#sessions.set(session, job);
  }

  #finished(job: string): void {
    for (const [session, filling] of this.#sessions) if (filling === job) this.#sessions.delete(session);
    this.#work = true;
    this.#start();
  }

  #start(): void {
    if (!this.#work || this.#marking !== undefined) return;
    this.#marking = this.#background
      .run(() => this.#slice())
      .finally(() => {
        this.#marking = undefined;
      });
    // Whoever waits is told, and the next one who asks has it tried again.
    this.#marking.catch(() => {});
  }

  #slice(): boolean {
    const job = this.#next.get();
    this.#work = job !== undefined;
    if (job === undefined) return false;
    this.#transactions.run(false, () => {
      if (this.#mark.run(job).changes < SLICE) this.#marked.run(job);
    });
    return true;
  }
}
