import type { Job, jobKinds } from '#shared/domain/jobs.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { Signal } from '#shared/kit/signal.ts';

export type JobKind = (typeof jobKinds)[number];

/** What the work of a job is given. */
export interface JobHandle {
  readonly id: string;
  /** `of` is null as long as it is not known. */
  progress(done: number, of: number | null): void;
  /** Aborted with STOPPED when it is cancelled, and at the end of the process. */
  readonly signal: AbortSignal;
}

export interface JobsOptions {
  clock: Clock;
  newId: () => string;
  logger: { warn(fields: object, message: string): void };
}

/** So long, and so many, that have ended are told. */
const KEPT_MS = 10 * 60_000;
const KEPT = 50;
/** Changes are told at most this often. */
const TELL_MS = 100;
/** At the end of the process nobody waits longer for them. */
const CLOSE_MS = 3000;

interface Entry {
  job: Job;
  abort: AbortController;
  ended: Promise<void>;
  /** On the monotonic clock. */
  endedAt: number | null;
}

/** The board of long work: what runs, how far it is, how it ended. In memory only, and nothing ticks when none runs. */
export class Jobs {
  /** The board has changed: at most ten times a second. */
  readonly changed = new Signal();
  readonly #options: JobsOptions;
  readonly #entries = new Map<string, Entry>();
  #toldAt = Number.NEGATIVE_INFINITY;
  #cancelTell: (() => void) | undefined;
  #cancelForget: (() => void) | undefined;
  #closed = false;

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  /**
   * Answers at once with the job's id; `work` begins in this turn of the event loop, after whoever asked. Its result is
   * the job's. When it rejects, the job has failed with that Problem, or was cancelled if somebody wished it so.
   */
  start(kind: JobKind, about: string, unit: Job['unit'], work: (job: JobHandle) => Promise<Job['result']>): string {
    const { clock, newId } = this.#options;
    const id = newId();
    const abort = new AbortController();
    const startedAt = clock.now();
    const job: Job = {
      id,
      kind,
      about,
      state: 'running',
      done: 0,
      of: null,
      unit,
      startedAt,
      endedAt: null,
      problem: null,
      result: null,
    };
    const entry: Entry = { job, abort, ended: Promise.resolve(), endedAt: null };
    this.#entries.set(id, entry);
    if (this.#closed) abort.abort(ending());
    const progress = (done: number, of: number | null) => {
      if (entry.job.state !== 'running') return;
      entry.job = { ...entry.job, done, of };
      this.#tell();
    };
    entry.ended = Promise.resolve()
      .then(() => {
        abort.signal.throwIfAborted();
        return work({ id, progress, signal: abort.signal });
      })
      .then(
        (result) => this.#end(entry, { state: 'done', result }),
        (error: unknown) => this.#failed(entry, error),
      );
    this.#tell();
    return id;
  }

  /** One that has ended already is no error. */
  cancel(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined)
      throw new Problem('NOT_FOUND', `There is no job ${id}.`, 'It ended a while ago, or Choragus was started anew.');
    entry.abort.abort(new Problem('STOPPED', 'Cancelled.'));
  }

  /** Those that run, and those that ended in the last ten minutes; the oldest first. */
  list(): Job[] {
    return [...this.#entries.values()].map(({ job }) => job);
  }

  /** Resolves with the job when it has ended. Undefined: there is none. */
  async ended(id: string): Promise<Job | undefined> {
    const entry = this.#entries.get(id);
    await entry?.ended;
    return entry?.job;
  }

  /**
   * Stops what runs, and resolves when all of it has ended, or a while later: whatever a job has to take away again it
   * takes away at the next start, when it does not come to it now.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const entries = [...this.#entries.values()];
    for (const { abort } of entries) abort.abort(ending());
    let leave = () => {};
    const patience = new Promise<void>((resolve) => {
      leave = this.#options.clock.after(CLOSE_MS, resolve);
    });
    await Promise.race([Promise.all(entries.map(({ ended }) => ended)), patience]);
    leave();
    this.#cancelTell?.();
    this.#cancelForget?.();
  }

  #failed(entry: Entry, error: unknown): void {
    if (entry.abort.signal.aborted) {
      this.#end(entry, { state: 'cancelled' });
      return;
    }
    const problem = Problem.of(error);
    const { kind, id } = entry.job;
    // Neither file names nor words of a session belong into the log file.
    if (problem.code === 'INTERNAL') this.#options.logger.warn({ job: id, kind, error }, 'A job failed.');
    this.#end(entry, { state: 'failed', problem: problem.toBody() });
  }

  #end(entry: Entry, end: Partial<Job>): void {
    const { clock } = this.#options;
    entry.job = { ...entry.job, ...end, endedAt: clock.now() };
    entry.endedAt = clock.monotonic();
    const ended = [...this.#entries.values()].filter(({ endedAt }) => endedAt !== null);
    for (const { job } of ended.slice(0, Math.max(0, ended.length - KEPT))) this.#entries.delete(job.id);
    this.#forgetLater();
    this.#tell();
  }

  /** One timer, to the moment when the first of those that ended is to be forgotten. */
  #forgetLater(): void {
    const { clock } = this.#options;
    const ends = [...this.#entries.values()].flatMap(({ endedAt }) => endedAt ?? []);
    if (this.#closed || this.#cancelForget !== undefined || ends.length === 0) return;
    this.#cancelForget = clock.after(Math.min(...ends) + KEPT_MS - clock.monotonic(), () => {
      this.#cancelForget = undefined;
      const before = clock.monotonic() - KEPT_MS;
      for (const [id, { endedAt }] of this.#entries)
        if (endedAt !== null && endedAt <= before) this.#entries.delete(id);
      this.#forgetLater();
      this.#tell();
    });
  }

  #tell(): void {
    if (this.#closed || this.#cancelTell !== undefined) return;
    const { clock } = this.#options;
    const wait = Math.max(0, this.#toldAt + TELL_MS - clock.monotonic());
    this.#cancelTell = clock.after(wait, () => {
      this.#cancelTell = undefined;
      this.#toldAt = clock.monotonic();
      this.changed.emit();
    });
  }
}

const ending = () => new Problem('STOPPED', 'Choragus ends.');
