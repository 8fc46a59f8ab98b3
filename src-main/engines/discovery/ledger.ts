import { type Event, type NewEvent, SYSTEM } from '#shared/domain/events.ts';
import type { Batch, CommandRow } from '../../log/log.ts';
import { Facts } from './facts.ts';

const PAGE = 500;

export interface LedgerLog {
  append(batch: Batch): Promise<Event[]>;
  read(range: { session: string; after: number; limit: number }): Promise<Event[]>;
}

/** What of the log belongs to no session, folded: what was said about providers and specialists. */
export class Ledger {
  readonly facts = new Facts();
  readonly #log: LedgerLog;
  #last: Promise<unknown> = Promise.resolve();

  constructor(log: LedgerLog) {
    this.#log = log;
  }

  async load(): Promise<void> {
    for (let after = 0; ; ) {
      const events = await this.#log.read({ session: SYSTEM, after, limit: PAGE });
      const last = events.at(-1);
      if (last === undefined) return;
      after = last.seq;
      for (const event of events) this.facts.fold(event);
    }
  }

  /** One after the other, so that each decides on what the one before has left. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine;
    return mine;
  }

  async commit(event: NewEvent, command?: CommandRow): Promise<void> {
    const batch: Batch = { session: SYSTEM, events: [event], durable: true };
    const committed = await this.#log.append(command === undefined ? batch : { ...batch, command });
    for (const each of committed) this.facts.fold(each);
  }

  /** For a command whose last step is none of the log's. */
  async remember(command: CommandRow): Promise<void> {
    await this.#log.append({ session: SYSTEM, events: [], durable: true, command });
  }
}
