import type { StreamItem } from '#shared/contract/contract.ts';
import type { Event, EventType } from '#shared/domain/events.ts';
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
  'session.arranged',
  'message.added',
  'turn.requested',
  'turn.connecting',
  'turn.finished',
  // What a job filled is in the list now, however much that is.
  'job.finished',
];

/** Sessions of one job that are told one by one; when it filled more, the list begins anew. */
const MOST_FILLED = 50;

/** The newest sessions, then each that changed; a session that changed often meanwhile is told once. */
export class ListSource implements Source<Item> {
  readonly #log: Log;
  readonly #follower: Follower;
  readonly #news = new Map<string, 'changed' | 'gone'>();
  /** Sessions that are being filled, by job; `known` is false when it began before this did. */
  readonly #filling = new Map<string, { sessions: Set<string>; known: boolean }>();
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
    for (;;) {
      if (!this.#begun) {
        this.#begun = true;
        for (const { job, session } of await this.#log.filling()) this.#fill(job, session, false);
        return [{ kind: 'list', ...(await this.#log.summaries({ limit: FIRST_PAGE })) }];
      }
      for (const event of await this.#follower.read(PAGE)) this.#note(event);
      if (!this.#begun) continue;
      const now = [...this.#news].slice(0, max);
      if (now.length === 0) return [];
      for (const [session] of now) this.#news.delete(session);
      const items = (await Promise.all(now.map(([session, what]) => this.#item(session, what)))).flat();
      // What is in no list is nothing to tell, and no reason to wait.
      if (items.length > 0) return items;
    }
  }

  #note({ session, type, data }: Event): void {
    if (type === 'job.finished') this.#finished(data.job);
    else if (type === 'session.created' && data.job !== undefined) this.#fill(data.job, session, true);
    else if (type === 'session.deleted') this.#gone(session);
    else if (!this.#isFilling(session)) this.#news.set(session, 'changed');
  }

  #gone(session: string): void {
    this.#news.set(session, 'gone');
    for (const { sessions } of this.#filling.values()) sessions.delete(session);
  }

  #isFilling(session: string): boolean {
    for (const { sessions } of this.#filling.values()) if (sessions.has(session)) return true;
    return false;
  }

  #fill(job: string, session: string, known: boolean): void {
    const filling = this.#filling.get(job);
    if (filling === undefined) this.#filling.set(job, { sessions: new Set([session]), known });
    else filling.sessions.add(session);
  }

  #finished(job: string): void {
    const filling = this.#filling.get(job);
    this.#filling.delete(job);
    if (filling?.known && filling.sessions.size <= MOST_FILLED)
      for (const session of filling.sessions) this.#news.set(session, 'changed');
    else this.#begun = false;
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
