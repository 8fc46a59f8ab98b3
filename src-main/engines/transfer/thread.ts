import { type ResourceLimits, Worker } from 'node:worker_threads';
import { Problem } from '#shared/domain/problem.ts';
import type { ExportPiece, Order, Reply } from './worker/orders.ts';

/** Where the thread's file lies, and what it may use; as much as Node lets it when nothing is said. */
export interface ThreadOptions {
  file: URL;
  resourceLimits?: ResourceLimits;
}

/**
 * The thread of one import or export, in which files are read, checked, written and packed. It ends with `end`, or when
 * the signal is aborted, in the midst of whatever it does.
 */
export class TransferThread {
  readonly #worker: Worker;
  readonly #signal: AbortSignal;
  readonly #replies: Reply[] = [];
  #wake: () => void = () => {};
  #failure: { error: unknown } | undefined;

  constructor({ file, resourceLimits }: ThreadOptions, order: Order, signal: AbortSignal) {
    this.#signal = signal;
    this.#worker = new Worker(file, { workerData: order, ...(resourceLimits && { resourceLimits }) });
    this.#worker.unref();
    this.#worker.on('message', (reply: Reply) => {
      if (reply.kind === 'failed') this.#fail(failureOf(reply));
      else this.#replies.push(reply);
      this.#wake();
    });
    this.#worker.on('error', (error) => this.#fail(broken(error)));
    this.#worker.on('exit', () => this.#fail(broken(undefined)));
    signal.addEventListener('abort', this.#abort, { once: true });
    if (signal.aborted) this.#abort();
  }

  send(piece: ExportPiece | 'next'): void {
    this.#worker.postMessage(piece);
  }

  /** The next reply. Rejects with what the thread, or the signal, ended with. */
  async next(): Promise<Reply> {
    for (;;) {
      if (this.#signal.aborted) throw this.#signal.reason;
      const reply = this.#replies.shift();
      if (reply !== undefined) return reply;
      if (this.#failure !== undefined) throw this.#failure.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async end(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#abort);
    await this.#worker.terminate();
  }

  readonly #abort = () => {
    void this.#worker.terminate();
    this.#wake();
  };

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }
}

function failureOf({ problem: { code, message, next }, trace }: Extract<Reply, { kind: 'failed' }>): Problem {
  return new Problem(code, message, next, trace === '' ? {} : { cause: trace });
}

function broken(cause: unknown): Problem {
  if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new Problem('LIMIT', 'The file needs more memory than Choragus may use.', 'Import or export it in parts.');
  return new Problem(
    'INTERNAL',
    'The thread that reads and writes files ended.',
    'Try again; the log file has the details.',
    { cause },
  );
}
