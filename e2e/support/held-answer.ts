import type { ServerResponse } from 'node:http';
import type { Act, Received } from '../../src-main/providers/testing/server.ts';
import { anthropicStream, openaiStream } from '../../src-main/providers/testing/streams.ts';

export type Dialect = 'openai' | 'anthropic';

/** How a dialect streams, and how many events come before the first token. */
const dialects = {
  openai: { stream: openaiStream, head: 1 },
  anthropic: { stream: anthropicStream, head: 3 },
};

/** An answer that a test gives by hand, piece by piece, so that it knows what has been said and what has not. */
export class HeldAnswer {
  /** Resolves with the request once it has come. */
  readonly asked: Promise<Received>;
  /** The other side holds the connection: it wants to hear more. */
  open = false;
  readonly #dialect: (typeof dialects)[Dialect];
  readonly #tokens: string[] = [];
  #come: (received: Received, response: ServerResponse) => void = () => {};
  #written: Promise<ServerResponse>;

  constructor(dialect: Dialect) {
    this.#dialect = dialects[dialect];
    const come = new Promise<[Received, ServerResponse]>((resolve) => {
      this.#come = (...both) => resolve(both);
    });
    this.asked = come.then(([received]) => {
      this.open = true;
      void received.closed.then(() => {
        this.open = false;
      });
      return received;
    });
    this.#written = come.then(([, response]) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(this.#dialect.stream([]).slice(0, this.#dialect.head).join(''));
      return response;
    });
  }

  readonly act: Act = (received, response) => this.#come(received, response);

  /** Resolves when the connection is closed, by whichever side. */
  get closed(): Promise<unknown> {
    return this.asked.then(({ closed }) => closed);
  }

  async say(...tokens: string[]): Promise<void> {
    const { stream, head } = this.#dialect;
    this.#tokens.push(...tokens);
    await this.raw(
      stream(tokens)
        .slice(head, head + tokens.length)
        .join(''),
    );
  }

  /** Sends this as it is. */
  raw(text: string): Promise<void> {
    return this.#then((response) => response.write(text));
  }

  /** Finish, figures, end mark. */
  end(): Promise<void> {
    const { stream, head } = this.#dialect;
    const rest = stream(this.#tokens).slice(head + this.#tokens.length);
    return this.#then((response) => response.end(rest.join('')));
  }

  reset(): Promise<void> {
    return this.#then((response) => response.socket?.resetAndDestroy());
  }

  /** The body ends in good order, but why was never said. */
  endWithoutFinish(): Promise<void> {
    return this.#then((response) => response.end());
  }

  async #then(step: (response: ServerResponse) => unknown): Promise<void> {
    this.#written = this.#written.then((response) => {
      step(response);
      return response;
    });
    await this.#written;
  }
}
