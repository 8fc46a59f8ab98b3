import type { Event, NewEvent } from '#shared/domain/events.ts';
import type { Backup } from '#shared/domain/keeping.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { SessionSummary } from '#shared/domain/summary.ts';
import { usualArrangement } from '#shared/domain/things.ts';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import { countedIds } from '#shared/kit/testing/ids.ts';
import { Jobs } from '../../jobs/jobs.ts';
import { Backups } from '../backups.ts';
import { Keeper } from '../keeper.ts';
import type { BackupStore, KeepingLog } from '../ports.ts';
import { Retention } from '../retention.ts';
import { Rules } from '../rules.ts';

/** Backups that are names in memory. */
class Store implements BackupStore {
  readonly folder = '/backups';
  readonly files = new Map<string, Backup & { epoch: string; position: number }>();

  list(): Backup[] {
    return [...this.files.values()]
      .map(({ file, bytes, at, reason }) => ({ file, bytes, at, reason }))
      .sort((a, b) => b.at - a.at);
  }

  next(reason: 'automatic' | 'asked' | 'before-restore', at: number): string {
    return `${this.folder}/${at}-${reason}.db`;
  }

  about(name: string) {
    return this.files.get(name);
  }

  remove(names: readonly string[]): void {
    for (const name of names) if (!this.files.has(name)) throw new Problem('NOT_FOUND', `There is no backup ${name}.`);
    for (const name of names) this.files.delete(name);
  }
}

const silent = { info() {}, warn() {}, error() {} };

/** Keeping, over a log that is a list of sessions, on a clock that stands still. */
export class KeepingWorld {
  readonly clock: FakeClock = fakeClock();
  readonly store = new Store();
  readonly sessions = new Map<string, SessionSummary>();
  /** When what was imported came here. */
  readonly filledAt = new Map<string, number>();
  readonly deleted: string[] = [];
  readonly notices: { message: string }[] = [];
  /** Thrown by the next backup. */
  trouble: Problem | undefined;
  /** Holds deletes up until it resolves. */
  hold: Promise<void> = Promise.resolve();
  epoch = 'one';
  position = 0;
  readonly #times: number[] = [];
  readonly #ready = new Set<() => void>();
  readonly jobs = new Jobs({ clock: this.clock, newId: countedIds(), logger: silent });
  readonly rules: Rules;
  readonly backups: Backups;
  readonly retention: Retention;
  readonly keeper: Keeper;

  constructor() {
    const log = this.#log();
    const { clock, jobs } = this;
    this.rules = new Rules(log);
    this.backups = new Backups({ log, store: this.store, jobs, clock, logger: silent });
    this.retention = new Retention(log, clock);
    this.keeper = new Keeper({
      log,
      rules: this.rules,
      backups: this.backups,
      retention: this.retention,
      jobs,
      sessions: {
        deleteUnused: async (session, at) => {
          await this.hold;
          const now = this.sessions.get(session);
          if (now?.updatedAt !== at || now.arrangement.pinned) return false;
          this.#delete(session);
          return true;
        },
        deleteTrashed: async (session) => {
          await this.hold;
          if (this.sessions.get(session)?.trashedAt == null) return false;
          this.#delete(session);
          return true;
        },
      },
      clock,
      logger: silent,
      notice: (what) => void this.notices.push(what),
    });
  }

  /** Last used so many days ago. */
  session(id: string, days: number, more: Partial<SessionSummary> = {}): void {
    const at = this.clock.now() - days * 86_400_000;
    this.sessions.set(id, {
      id,
      title: id,
      createdAt: at,
      updatedAt: at,
      messages: 2,
      to: null,
      last: null,
      arrangement: usualArrangement,
      trashedAt: null,
      units: 1000,
      forked: null,
      ...more,
    } as SessionSummary);
    this.#times.push(at);
    this.position++;
  }

  /** Something happens in the log. */
  happens(): void {
    this.position++;
    this.#times.push(this.clock.now());
    for (const ready of [...this.#ready]) ready();
  }

  /** Until all that was begun has ended. */
  async settled(): Promise<void> {
    for (let quiet = 0; quiet < 20; quiet++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.jobs.list().some(({ state }) => state === 'running')) quiet = 0;
    }
  }

  #delete(session: string): void {
    this.sessions.delete(session);
    this.deleted.push(session);
    this.happens();
  }

  #log(): KeepingLog {
    const world = this;
    const byUse = () => [...this.sessions.values()].sort((a, b) => a.updatedAt - b.updatedAt);
    return {
      get epoch() {
        return world.epoch;
      },
      get position() {
        return world.position;
      },
      append: async ({ events }) => {
        this.happens();
        return events.map((event: NewEvent) => ({ seq: this.position, ...event }) as unknown as Event);
      },
      read: async () => [],
      follow: ({ ready, types }) => {
        if (types !== undefined) this.#ready.add(ready);
        const rest = this.#times.map((at) => ({ at }) as Event);
        return {
          position: 0,
          read: async (max) => rest.splice(0, max),
          close: () => void this.#ready.delete(ready),
        };
      },
      summaries: async ({ filter, only }) => ({
        sessions: byUse().filter((each) =>
          only !== undefined ? each.id === only : filter?.trashed === (each.trashedAt !== null),
        ),
        more: false,
      }),
      unused: async ({ before = Number.POSITIVE_INFINITY, limit }) =>
        byUse()
          .map((session) => ({ session, since: Math.max(session.updatedAt, this.filledAt.get(session.id) ?? 0) }))
          .filter(({ since, session }) => since < before && !session.arrangement.pinned)
          .sort((a, b) => a.since - b.since)
          .slice(0, limit),
      totals: async () => ({
        sessions: this.sessions.size,
        messages: 0,
        units: byUse().reduce((sum, { units }) => sum + units, 0),
      }),
      backup: async (file) => {
        const { trouble } = this;
        this.trouble = undefined;
        if (trouble !== undefined) throw trouble;
        const name = file.slice(file.lastIndexOf('/') + 1);
        const [at = '', reason = ''] = name.replace('.db', '').split(/-(.*)/);
        this.store.files.set(name, {
          file: name,
          bytes: 1000,
          at: Number(at),
          reason: reason as Backup['reason'],
          epoch: this.epoch,
          position: this.position,
        });
      },
    };
  }
}
