import type { ProviderPart, Take } from './provider.ts';

/**
 * One request for an answer: its connection, which is closed at once when nobody wants the answer any more, and the way
 * of its parts to whoever takes them. Nothing is given after an abort, and a complete answer leaves its connection for
 * the next request, even when an abort follows its last part.
 */
export class Exchange {
  readonly #signal: AbortSignal;
  readonly #take: Take;
  readonly #connection = new AbortController();
  readonly #stop = () => this.#connection.abort(this.#signal.reason);
  #complete = false;
  #thrown: { error: unknown } | undefined;
  #patience: Promise<unknown> | undefined;

  constructor(signal: AbortSignal, take: Take) {
    this.#signal = signal;
    this.#take = take;
  }

  /** Aborted when the connection is to be closed. */
  get connection(): AbortSignal {
    return this.#connection.signal;
  }

  readonly hangUp = (): void => this.#connection.abort();

  /** Never throws: what is thrown by whoever takes closes the connection and is told by `run`. */
  readonly give = (part: ProviderPart): void => {
    if (this.#signal.aborted || this.#thrown !== undefined) return;
    if (part.type === 'finish') {
      this.#complete = true;
      this.#signal.removeEventListener('abort', this.#stop);
    }
    try {
      const asked = this.#take(part);
      if (asked === undefined || asked === this.#patience) return;
      this.#patience = this.#patience === undefined ? asked : Promise.all([this.#patience, asked]);
    } catch (error) {
      this.#thrown = { error };
      this.#connection.abort(error);
    }
  };

  /** Undefined, or what has to be waited for before more is read: the patience that was asked for since the last call. */
  patience(): Promise<unknown> | undefined {
    const patience = this.#patience;
    this.#patience = undefined;
    return patience;
  }

  /** Rejects with the signal's reason when it was aborted while `work` was at it. */
  async run(work: () => Promise<void>): Promise<void> {
    this.#signal.throwIfAborted();
    this.#signal.addEventListener('abort', this.#stop, { once: true });
    try {
      await work();
    } catch (error) {
      throw this.#signal.aborted ? this.#signal.reason : error;
    } finally {
      this.#signal.removeEventListener('abort', this.#stop);
      if (!this.#complete) this.#connection.abort();
    }
    if (this.#thrown !== undefined) throw this.#thrown.error;
  }
}
