import type { Event, EventType } from '#shared/domain/events.ts';
import type { Job, jobKinds } from '#shared/domain/jobs.ts';
import type { Backup } from '#shared/domain/keeping.ts';
import type { SessionFilter, SessionSummary } from '#shared/domain/summary.ts';
import type { Batch, Follower, Progress } from '../../log/log.ts';

/** What keeping needs of the log. */
export interface KeepingLog {
  readonly epoch: string;
  readonly position: number;
  append(batch: Batch): Promise<Event[]>;
  read(range: { session: string; after: number; limit: number }): Promise<Event[]>;
  follow(what: { types?: EventType[]; after: number; ready: () => void }): Follower;
  summaries(page: {
    filter?: Partial<SessionFilter>;
    before?: { updatedAt: number; id: string };
    limit: number;
    only?: string;
  }): Promise<{ sessions: SessionSummary[]; more: boolean }>;
  unused(options: { before?: number; limit: number }): Promise<{ session: SessionSummary; since: number }[]>;
  totals(): Promise<{ sessions: number; messages: number; units: number }>;
  backup(file: string, options: { progress: Progress; signal: AbortSignal }): Promise<void>;
}

/** Where the backups lie. */
export interface BackupStore {
  readonly folder: string;
  /** The newest first. Throws STORAGE. */
  list(): Backup[];
  /** A path that is free for a new one. */
  next(reason: 'automatic' | 'asked' | 'before-restore', at: number): string;
  /** How far it goes, and of which epoch. Undefined when it cannot be read. */
  about(name: string): { epoch: string; position: number } | undefined;
  /** Throws NOT_FOUND for what is not in the list. */
  remove(names: readonly string[]): void;
}

export interface JobBoard {
  start(
    kind: (typeof jobKinds)[number],
    about: string,
    unit: Job['unit'],
    work: (job: { progress(done: number, of: number | null): void; signal: AbortSignal }) => Promise<Job['result']>,
  ): string;
  /** Resolves with the job when it has ended. */
  ended(id: string): Promise<Job | undefined>;
}

export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
