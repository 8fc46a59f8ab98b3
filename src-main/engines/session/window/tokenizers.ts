import { Worker } from 'node:worker_threads';
import type { Clock } from '#shared/kit/clock.ts';
import type { Encoding } from './encodings.ts';
import type { CountJob, CountOutcome } from './tokenizer-worker.ts';

/**
 * A thread that has nothing to count for so long ends, and gives its memory (some 80 MB) back. Longer than a person
 * thinks about an answer: to load it takes a fifth of a second, in which counts are estimates.
 */
export const IDLE_MS = 300_000;

export interface Tokenizer {
  /** It has counted before and answers soon. */
  isReady(encoding: Encoding): boolean;
  /** Tokens of each text; rejects when the thread fails. */
  count(encoding: Encoding, texts: readonly string[]): Promise<number[]>;
}

/** Where tokens are counted: in a thread of its own, begun when it is first needed. */
export class Tokenizers implements Tokenizer {
  readonly #file: URL;
  readonly #clock: Clock;
  readonly #ready = new Set<Encoding>();
  readonly #waiting = new Map<number, { resolve(counts: number[]): void; reject(error: Error): void }>();
  #worker: Worker | undefined;
  #jobs = 0;
  #cancelIdle: () => void = () => {};

  /** `file`: where the thread's program lies. */
  constructor(file: URL, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
  }

  isReady(encoding: Encoding): boolean {
    return this.#ready.has(encoding);
  }

  async count(encoding: Encoding, texts: readonly string[]): Promise<number[]> {
    this.#cancelIdle();
    this.#worker ??= this.#start();
    const job: CountJob = { id: ++this.#jobs, encoding, texts };
    const counted = new Promise<number[]>((resolve, reject) => this.#waiting.set(job.id, { resolve, reject }));
    this.#worker.postMessage(job);
    const counts = await counted;
    this.#ready.add(encoding);
    return counts;
  }

  /** Nothing is counted after this. */
  close(): void {
    this.#end(new Error('The tokenizer was closed.'));
  }

  #start(): Worker {
    const worker = new Worker(this.#file);
    worker.unref();
    worker.on('message', (outcome: CountOutcome) => {
      const waiting = this.#waiting.get(outcome.id);
      this.#waiting.delete(outcome.id);
      if ('counts' in outcome) waiting?.resolve(outcome.counts);
      else waiting?.reject(new Error(outcome.error));
      if (this.#waiting.size === 0) this.#cancelIdle = this.#clock.after(IDLE_MS, () => this.close());
    });
    const ended = (error: Error) => {
      if (this.#worker === worker) this.#end(error);
    };
    worker.on('error', ended);
    worker.on('exit', () => ended(new Error('The tokenizer ended.')));
    return worker;
  }

  #end(reason: Error): void {
    this.#cancelIdle();
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready.clear();
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
    void worker?.terminate();
  }
}
