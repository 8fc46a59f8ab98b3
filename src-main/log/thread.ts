import { Worker } from 'node:worker_threads';
import { Problem } from '#shared/domain/problem.ts';
import type { SearchHit } from './log.ts';
import { logClosed } from './storage.ts';
import type { Answer, Order } from './worker.ts';

interface Waiting {
  resolve(hits: SearchHit[]): void;
  reject(error: unknown): void;
}

/** What takes longer than a commit may wait: a worker with a connection of its own, begun when it is first needed. */
export class Thread {
  readonly #file: URL;
  readonly #path: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #count = 0;
  #closed = false;

  constructor(file: URL, path: string) {
    this.#file = file;
    this.#path = path;
  }

  search(query: string, options: { limit: number; excludeNodes?: string[] }): Promise<SearchHit[]> {
    if (this.#closed) return Promise.reject(logClosed());
    const { promise, resolve, reject } = Promise.withResolvers<SearchHit[]>();
    const id = ++this.#count;
    this.#waiting.set(id, { resolve, reject });
    this.#order({ id, query, limit: options.limit, exclude: options.excludeNodes ?? [] });
    return promise;
  }

  /** Copies what it can of the journal into the file. What it cannot is left for later. */
  checkpoint(): void {
    if (!this.#closed) this.#order('checkpoint');
  }

  /** The same, and cuts the journal off: what was deleted is still in there. */
  cut(): void {
    if (!this.#closed) this.#order('cut');
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#closed = true;
    this.#end(logClosed());
    await worker?.terminate();
  }

  #order(order: Order): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(order);
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { workerData: { path: this.#path } });
    worker.unref();
    worker.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('hits' in answer) waiting?.resolve(answer.hits);
      else waiting?.reject(failed(answer.error));
    });
    const ended = (error?: unknown) => {
      if (this.#worker === worker) this.#end(failed(error));
    };
    worker.on('error', ended);
    worker.on('exit', () => ended());
    return worker;
  }

  /** Whoever waits is told; the next order begins another worker. */
  #end(problem: Problem): void {
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(problem);
    this.#waiting.clear();
  }
}

const failed = (cause: unknown) =>
  new Problem('INTERNAL', 'The search failed.', 'Try again; the log file has the details.', { cause });
