import type { StreamItem } from '#shared/contract/contract.ts';
import { type EventType, SYSTEM } from '#shared/domain/events.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Follower, Log } from '../log/log.ts';

type Item = StreamItem<'sessions.follow'>;

const FIRST_PAGE = 100;
const PAGE = 500;
/** Events after which a row of the list looks different. */
const telling: EventType[] = [
  'session.created',
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
  #changed: string[] = [];
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
    const sessions = new Set(this.#changed);
    for (const { session } of await this.#follower.read(PAGE)) if (session !== SYSTEM) sessions.add(session);
    const now = [...sessions].slice(0, max);
    this.#changed = [...sessions].slice(max);
    const pages = await Promise.all(now.map((only) => this.#log.summaries({ limit: 1, only })));
    return pages.flatMap((page) => page.sessions).map((session) => ({ kind: 'changed', session }));
  }

  close(): void {
    this.#follower.close();
  }
}
