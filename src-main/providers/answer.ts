import type { Piece, Reader } from './dialect.ts';
import { Incoming } from './incoming.ts';
import { broken, Parts } from './parts.ts';
import type { ProviderPart } from './provider.ts';
import { eventStream } from './sse.ts';

/**
 * One answer out of the bytes of an HTTP body, part by part. What goes wrong before `start` is thrown as a
 * ProviderRefusal.
 */
export class Answer {
  readonly #name: string;
  readonly #reader: Reader;
  readonly #incoming: Incoming;
  readonly #parts: Parts;

  /** `take` never throws. */
  constructor(name: string, reader: Reader, take: (part: ProviderPart) => void) {
    this.#name = name;
    this.#reader = reader;
    this.#parts = new Parts(name, take);
    const events = eventStream(name, (data, event) => {
      if (!this.#reader.ended) this.#reader.event(data, event, this.#give);
    });
    this.#incoming = new Incoming(name, events);
  }

  /** The last part has been given, or a refusal thrown. */
  get done(): boolean {
    return this.#parts.done;
  }

  /** The provider has said why it finished; only figures can follow. */
  get finishing(): boolean {
    return this.#reader.finish !== undefined;
  }

  warn(message: string): void {
    this.#parts.give({ type: 'warning', message });
  }

  push(bytes: Uint8Array): void {
    this.#attempt(() => {
      this.#incoming.push(bytes);
      if (this.#reader.ended) this.#close();
    });
  }

  /** The body is complete. */
  end(): void {
    this.#attempt(() => {
      this.#parts.buffered = this.#incoming.form === 'whole';
      const whole = this.#incoming.end();
      if (whole !== undefined) this.#reader.whole(whole.json, this.#give);
      this.#close();
    });
  }

  /** The connection broke. */
  fail(error: unknown): void {
    this.#attempt(() => {
      throw broken(this.#name, error);
    });
  }

  readonly #give = (piece: Piece): void => this.#parts.give(piece);

  #attempt(step: () => void): void {
    if (this.done) return;
    try {
      step();
    } catch (error) {
      // An answer whose finish has been told is whole, whatever happens to its figures.
      if (this.finishing) this.#close();
      else this.#parts.fail(error);
    }
  }

  #close(): void {
    this.#parts.close(this.#reader.finish, this.#reader.ended);
  }
}
