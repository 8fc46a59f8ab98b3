import { SYSTEM } from '#shared/domain/events.ts';
import { type Keeping, usualKeeping } from '#shared/domain/keeping.ts';
import { Signal } from '#shared/kit/signal.ts';
import type { CommandRow } from '../../log/log.ts';
import type { KeepingLog } from './ports.ts';

const PAGE = 500;

/** What is kept for how long, as the user said last. */
export class Rules {
  readonly changed = new Signal();
  readonly #log: Pick<KeepingLog, 'append' | 'read'>;
  #keeping = usualKeeping;

  constructor(log: Pick<KeepingLog, 'append' | 'read'>) {
    this.#log = log;
  }

  get keeping(): Keeping {
    return this.#keeping;
  }

  async load(): Promise<void> {
    for (let after = 0; ; ) {
      const events = await this.#log.read({ session: SYSTEM, after, limit: PAGE });
      const last = events.at(-1);
      if (last === undefined) return;
      after = last.seq;
      for (const event of events) if (event.type === 'keeping.changed') this.#keeping = event.data.keeping;
    }
  }

  async set(keeping: Keeping, command: CommandRow): Promise<void> {
    const events = [{ type: 'keeping.changed' as const, data: { keeping } }];
    await this.#log.append({ session: SYSTEM, events, durable: true, command });
    this.#keeping = keeping;
    this.changed.emit();
  }
}
