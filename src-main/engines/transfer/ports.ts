import type { NewEvent } from '#shared/domain/events.ts';
import type { Job } from '#shared/domain/jobs.ts';
import type { Log } from '../../log/log.ts';

/** What of the log an export reads, and an import compares titles with. */
export type TransferLog = Pick<Log, 'snapshot' | 'read' | 'path' | 'summaries'>;

/** Where the work is told of, and cancelled. */
export interface JobBoard {
  start(
    kind: 'import' | 'export',
    about: string,
    unit: Job['unit'],
    work: (job: JobHandle) => Promise<Job['result']>,
  ): string;
}

export interface JobHandle {
  readonly id: string;
  progress(done: number, of: number | null): void;
  readonly signal: AbortSignal;
}

/** Writes sessions that nobody sees until all of them are whole. */
export interface Filling {
  /** One session, in small steps; its first event is `session.created` with the job. */
  fill(session: string, batches: AsyncIterable<readonly NewEvent[]>, signal: AbortSignal): Promise<void>;
  /** All that the job filled is there from now on. */
  finish(job: string): Promise<void>;
  /** All that the job filled is gone. */
  abandon(job: string): Promise<unknown>;
}
