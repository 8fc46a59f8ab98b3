import type { z } from 'zod';
import type { Topic, topics } from '#shared/contract/topics.ts';
import type { SpecialistInfo } from '#shared/domain/summary.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Connection, Connections } from '../engines/connections/connections.ts';
import type { Roster } from '../engines/discovery/roster.ts';

type Status = z.infer<(typeof topics)['specialist.status']>;

export interface PresentEngines {
  /** What the user should know, of this start and since. */
  notices: {
    readonly list: readonly { message: string; next?: string }[];
    readonly added: { on(heard: (notice: { message: string; next?: string }) => void): () => void };
  };
  roster: Pick<Roster, 'view' | 'changed'>;
  connections: Pick<Connections, 'list' | 'opened' | 'closed'>;
  clock: Clock;
}

/** What is to be told of one topic. */
export interface Told {
  topic: Topic;
  data: Record<string, unknown>;
}

/** That wait to be told; who looks that seldom hears of the newest. */
const MOST_NOTICES = 20;
/** Whoever has just connected needs a moment to say who it is. */
const INTRODUCTION_MS = 100;

/**
 * How things are now: all of it at first, then what changed since the last look. What changed often in between is told
 * once, and what came and went not at all, so nothing grows while nobody looks.
 */
export class Present {
  readonly #engines: PresentEngines;
  readonly #leave: (() => void)[] = [];
  readonly #wanted: ReadonlySet<Topic>;
  readonly #statuses = new Map<string, Status>();
  /** What is to be looked at. */
  #due = { specialists: false };
  /** Not told yet. */
  #noticed: { message: string; next?: string }[] = [];
  /** Connections that no look has seen yet, and those that one has and that are gone. */
  readonly #came = new Map<string, () => Record<string, unknown>>();
  readonly #went = new Set<string>();
  /** Nobody is introduced before. */
  #cancel: (() => void) | undefined;
  #ready: () => void = () => {};

  constructor(engines: PresentEngines, wanted: ReadonlySet<Topic>) {
    this.#engines = engines;
    this.#wanted = wanted;
    const { roster, connections } = engines;
    if (wanted.has('system.notice')) {
      this.#noticed = [...engines.notices.list];
      this.#leave.push(
        engines.notices.added.on((notice) => {
          this.#noticed = [...this.#noticed, notice].slice(-MOST_NOTICES);
          this.#ready();
        }),
      );
    }
    if (wanted.has('specialist.status')) {
      this.#due.specialists = true;
      const changed = roster.changed.on(() => {
        this.#due.specialists = true;
        this.#ready();
      });
      this.#leave.push(changed);
    }
    if (wanted.has('connection.opened') || wanted.has('connection.closed')) {
      for (const info of connections.list()) this.#came.set(info.id, () => info);
      this.#leave.push(connections.opened.on((connection) => this.#opened(connection)));
      this.#leave.push(connections.closed.on(({ id }) => this.#closed(id)));
    }
  }

  onReady(ready: () => void): void {
    this.#ready = ready;
  }

  look(): Told[] {
    return [...this.#notices(), ...this.#specialists(), ...this.#connections()];
  }

  close(): void {
    this.#cancel?.();
    for (const leave of this.#leave) leave();
  }

  #opened(connection: Connection): void {
    this.#came.set(connection.id, () => connection.info());
    this.#cancel ??= this.#engines.clock.after(INTRODUCTION_MS, () => {
      this.#cancel = undefined;
      this.#ready();
    });
  }

  #closed(id: string): void {
    if (this.#came.delete(id)) return;
    this.#went.add(id);
    this.#ready();
  }

  #notices(): Told[] {
    return this.#noticed.splice(0).map((notice) => ({ topic: 'system.notice', data: { ...notice } }));
  }

  #specialists(): Told[] {
    if (!this.#due.specialists) return [];
    this.#due.specialists = false;
    const { specialists, providers } = this.#engines.roster.view();
    const away = new Set(providers.filter(({ state }) => state === 'unreachable' || state === 'refused').map(idOf));
    const now = new Map(specialists.map((each) => [each.id, statusOf(each, away)]));
    for (const [id, { specialist, name }] of this.#statuses)
      if (!now.has(id)) now.set(id, { specialist, name, status: 'gone', provider: null, model: null });
    const changed = [...now].filter(([id, status]) => !same(status, this.#statuses.get(id)));
    for (const [id, status] of changed)
      if (status.status === 'gone') this.#statuses.delete(id);
      else this.#statuses.set(id, status);
    return changed.map(([, data]) => ({ topic: 'specialist.status', data }));
  }

  #connections(): Told[] {
    const told: Told[] = [...this.#went].map((id) => ({ topic: 'connection.closed', data: { id } }));
    this.#went.clear();
    if (this.#cancel === undefined) {
      for (const info of this.#came.values()) told.push({ topic: 'connection.opened', data: info() });
      this.#came.clear();
    }
    return told.filter(({ topic }) => this.#wanted.has(topic));
  }
}

const idOf = ({ id }: { id: string }) => id;

function statusOf({ id, name, binding }: SpecialistInfo, away: ReadonlySet<string>): Status {
  const { provider, model } = binding ?? { provider: null, model: null };
  const status = provider === null ? 'needs-model' : away.has(provider) ? 'unreachable' : 'ready';
  return { specialist: id, name, status, provider, model };
}

const same = (one: Status, other: Status | undefined) =>
  other !== undefined && (Object.keys(one) as (keyof Status)[]).every((key) => one[key] === other[key]);
