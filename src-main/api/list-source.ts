import type { StreamItem } from '#shared/contract/contract.ts';
import type { EventType } from '#shared/domain/events.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Follower, Log } from '../log/log.ts';

type Item = StreamItem<'sessions.follow'>;

const FIRST_PAGE = 100;
const PAGE = 500;
/** Events after which a row of the list looks different. */
const telling: EventType[] = [
  'session.created',
  'session.deleted',
  'session.renamed',
  'message.added',
  'turn.requested',
  'turn.connecting',
  'turn.finished',
];

/** The newest sessions, then each that changed; a session that changed often meanwhile is told once. */
export class ListSource implements Source<Item> {
  readonly #log: Log;
  readonly #follower: Follower;
  readonly #news = new Map<string, 'changed' | 'gone'>();
  #begun = false;
  #ready: () => void = () => {};

  constructor(log: Log) {
    this.#log = log;
    this.#follower = log.follow({ types: telling, after: log.position, ready: () => this.#ready() });
  }

  onReady(ready: () => void): void {
    this.#ready = ready;
  }

  async pull(max: number): Promise<Item[]> {
    if (!this.#begun) {
      this.#begun = true;
      return [{ kind: 'list', ...(await this.#log.summaries({ limit: FIRST_PAGE })) }];
    }
    for (;;) {
      for (const { session, type } of await this.#follower.read(PAGE))
        this.#news.set(session, type === 'session.deleted' ? 'gone' : 'changed');
      const now = [...this.#news].slice(0, max);
      if (now.length === 0) return [];
      for (const [session] of now) this.#news.delete(session);
      const items = (await Promise.all(now.map(([session, what]) => this.#item(session, what)))).flat();
      // What is in no list is nothing to tell, and no reason to wait.
      if (items.length > 0) return items;
    }
  }

  /** Nothing for a session that is in no list. */
  async #item(only: string, what: 'changed' | 'gone'): Promise<Item[]> {
    if (what === 'gone') return [{ kind: 'gone', session: only }];
    const { sessions } = await this.#log.summaries({ limit: 1, only });
    return sessions.map((session) => ({ kind: 'changed', session }));
  }

  close(): void {
    this.#follower.close();
  }
}
