import { Worker } from 'node:worker_threads';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Job, Outcome } from './worker.ts';

/** A job that takes longer is ended: an expression of a few signs can keep a computer busy for years. */
export const LONGEST_MS = 10_000;
/** A worker that has nothing to do for so long ends, and gives its memory (some 100 MB) back. */
export const IDLE_MS = 60_000;

/**
 * A job whose thread holds more is ended. It is looked at from here: a limit that V8 keeps itself ends the whole process
 * when one allocation goes over it.
 */
const MOST_MEMORY_MB = 512;
/** How often a running job is looked at: in this time it may take some 50 MB more. */
export const LOOK_MS = 100;

interface Waiting {
  job: Job;
  resolve(answer: string): void;
  reject(error: unknown): void;
}

/** Where offline models work: in a thread of its own, begun when it is first needed, one job after the other. */
export class Workroom {
  readonly #file: URL;
  readonly #clock: Clock;
  readonly #queue: Waiting[] = [];
  #worker: Worker | undefined;
  #current: Waiting | undefined;
  #cancelTimer: () => void = () => {};
  #cancelLook: () => void = () => {};

  constructor(file: URL, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  /** Rejects with the signal's reason as soon as it is aborted, and with TIMEOUT after LONGEST_MS of work. */
  do(job: Job, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const done = () => signal.removeEventListener('abort', abort);
      const waiting: Waiting = {
        job,
        resolve: (answer) => {
          done();
          resolve(answer);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      const abort = () => this.#drop(waiting, signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      this.#queue.push(waiting);
      this.#next();
    });
  }

  #next(): void {
    if (this.#current !== undefined) return;
    this.#cancelTimer();
    this.#cancelLook();
    this.#current = this.#queue.shift();
    if (this.#current === undefined) {
      this.#cancelTimer = this.#clock.after(IDLE_MS, () => this.#end());
      return;
    }
    this.#worker ??= this.#start();
    this.#cancelTimer = this.#clock.after(LONGEST_MS, () => this.#stop(tooLong()));
    this.#look(this.#worker, this.#current);
    this.#worker.postMessage(this.#current.job);
  }

  #look(worker: Worker, waiting: Waiting): void {
    this.#cancelLook = this.#clock.after(LOOK_MS, async () => {
      // Answered in the midst of a calculation, and not at all by a thread that has ended.
      const heap = await worker.getHeapStatistics().catch(() => undefined);
      if (this.#current !== waiting || heap === undefined) return;
      if (heap.used_heap_size > MOST_MEMORY_MB * 1024 * 1024) this.#stop(tooLarge());
      else this.#look(worker, waiting);
    });
  }

  #start(): Worker {
    const worker = new Worker(this.#file);
    worker.unref();
    worker.on('message', (outcome: Outcome) => {
      const waiting = this.#current;
      if (this.#worker !== worker || waiting === undefined) return;
      this.#current = undefined;
      if ('answer' in outcome) waiting.resolve(outcome.answer);
      else waiting.reject(broken(outcome.error));
      this.#next();
    });
    const ended = (error?: unknown) => {
      if (this.#worker === worker) this.#stop(broken(error));
    };
    worker.on('error', ended);
    worker.on('exit', () => ended());
    return worker;
  }

  #drop(waiting: Waiting, reason: unknown): void {
    const place = this.#queue.indexOf(waiting);
    if (place !== -1) this.#queue.splice(place, 1);
    if (this.#current === waiting) this.#stop(reason);
    else waiting.reject(reason);
  }

  /** What is at work cannot be interrupted otherwise; whoever waits gets another worker. */
  #stop(reason: unknown): void {
    const waiting = this.#current;
    this.#current = undefined;
    this.#end();
    waiting?.reject(reason);
    this.#next();
  }

  #end(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }
}

const tooLong = () =>
  new Problem(
    'TIMEOUT',
    `This was not done within ${LONGEST_MS / 1000} s and was stopped.`,
    'Ask for less: a smaller number, a shorter text, fewer rows.',
  );

const tooLarge = () =>
  new Problem(
    'LIMIT',
    `This needs more than ${MOST_MEMORY_MB} MB of memory and was stopped.`,
    'Ask for less: a smaller number, a shorter text, fewer rows.',
  );

const broken = (cause: unknown) =>
  new Problem('INTERNAL', 'The offline model failed.', 'Try again; the log file has the details.', { cause });
