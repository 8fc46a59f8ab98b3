import { Worker } from 'node:worker_threads';
import { Problem, type ProblemCode } from '#shared/domain/problem.ts';
import type { Progress } from './log.ts';
import { logClosed } from './storage.ts';
import type { Answer, Failure, OrderName, Params, Reply, Request } from './worker/orders.ts';

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
  progress: Progress | undefined;
}

/**
 * What takes longer than a commit may wait: a worker with a connection of its own, begun when it is first needed. With
 * `ends` it is let go when there is nothing to do.
 */
export class Thread {
  readonly #file: URL;
  readonly #path: string;
  readonly #ends: boolean;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #leaving: Promise<unknown> | undefined;
  #count = 0;
  #closed = false;

  constructor(file: URL, path: string, { ends = false } = {}) {
    this.#file = file;
    this.#path = path;
    this.#ends = ends;
  }

  /**
   * Has an order of `worker/orders.ts` carried out. Rejects with what it threw: a Problem stays one, an error of SQLite
   * or the system keeps its code. When `signal` aborts, the order is told and its answer is still waited for.
   */
  ask<Name extends OrderName>(
    order: Name,
    params: Params<Name>,
    { progress, signal }: { progress?: Progress; signal?: AbortSignal } = {},
  ): Promise<Answer<Name>> {
    if (this.#closed) return Promise.reject(logClosed());
    const { promise, resolve, reject } = Promise.withResolvers<Answer<Name>>();
    const id = ++this.#count;
    this.#waiting.set(id, { resolve: (answer) => resolve(answer as Answer<Name>), reject, progress });
    this.#tell({ id, order, params });
    const stop = () => {
      if (this.#waiting.has(id)) this.#tell({ stop: id });
    };
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    const settled = () => signal?.removeEventListener('abort', stop);
    promise.then(settled, settled);
    return promise;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#closed = true;
    this.#end(logClosed());
    await Promise.all([worker?.terminate(), this.#leaving]);
  }

  #tell(request: Request): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(request);
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { workerData: { path: this.#path } });
    worker.unref();
    worker.on('message', (reply: Reply) => {
      const waiting = this.#waiting.get(reply.id);
      if ('progress' in reply) {
        waiting?.progress?.(...reply.progress);
        return;
      }
      this.#waiting.delete(reply.id);
      if ('answer' in reply) waiting?.resolve(reply.answer);
      else waiting?.reject(revived(reply.failure));
      if (this.#ends && this.#waiting.size === 0 && this.#worker === worker) {
        this.#worker = undefined;
        this.#leaving = worker.terminate();
      }
    });
    const ended = (error?: unknown) => {
      if (this.#worker === worker) this.#end(workerEnded(error));
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

const workerEnded = (cause: unknown) =>
  new Problem('INTERNAL', 'The worker of the log ended.', 'Try again; the log file has the details.', { cause });

/** The error that it was, as far as it could come across. */
function revived({ message, code, problem, next, stack }: Failure): Error {
  if (problem) return new Problem(code as ProblemCode, message, next);
  return Object.assign(new Error(message), { stack, ...(code === undefined ? {} : { code }) });
}
