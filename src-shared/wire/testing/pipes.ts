import type { Pipe, PipeListener } from '../pipe.ts';

/** Wraps a pipe and keeps every batch that is sent through it. */
export function recorded(pipe: Pipe, batches: unknown[][]): Pipe {
  return {
    send: (batch) => {
      batches.push([...batch]);
      pipe.send(batch);
    },
    get waiting() {
      return pipe.waiting;
    },
    get congested() {
      return pipe.congested;
    },
    close: (reason) => pipe.close(reason),
    listen: (listener) => pipe.listen(listener),
  };
}

/** A pipe that a test can clog, and cut without a word: then nothing gets through and nobody is told. */
export class Unreliable implements Pipe {
  readonly #pipe: Pipe;
  #listener: PipeListener | undefined;
  #clogged = false;
  #silent = false;

  constructor(pipe: Pipe) {
    this.#pipe = pipe;
  }

  clog(): void {
    this.#clogged = true;
  }

  unclog(): void {
    this.#clogged = false;
    this.#listener?.drained();
  }

  silence(): void {
    this.#silent = true;
  }

  send(batch: readonly unknown[]): void {
    if (!this.#silent) this.#pipe.send(batch);
  }

  get waiting(): number {
    return this.#pipe.waiting;
  }

  get congested(): boolean {
    return this.#clogged || this.#pipe.congested;
  }

  close(reason?: string): void {
    this.#pipe.close(reason);
  }

  listen(listener: PipeListener): void {
    this.#listener = listener;
    this.#pipe.listen({
      message: (batch) => this.#silent || listener.message(batch),
      garbled: (code, message) => this.#silent || listener.garbled(code, message),
      drained: () => listener.drained(),
      closed: (reason) => listener.closed(reason),
    });
  }
}
