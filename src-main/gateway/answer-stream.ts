import type { FastifyReply } from 'fastify';
import type { Clock } from '#shared/kit/clock.ts';
import { PING_MS, STUCK_MS } from './sse.ts';

export interface AnswerStreamOptions {
  clock: Clock;
  /** A whole event or comment that readers skip: a sign of life. */
  ping: string;
}

/**
 * An event stream as the answer to a request. What is sent in one turn of the event loop goes out as one write. It begins
 * with `begin`, with the first thing that is sent, or with a sign of life when nothing comes for long; until then the
 * request can still be answered otherwise.
 */
export class AnswerStream {
  readonly #reply: FastifyReply;
  readonly #options: AnswerStreamOptions;
  #begun = false;
  #over = false;
  #text = '';
  #scheduled = false;
  /** There while the reader has more to read than its buffers hold. */
  #slow: PromiseWithResolvers<void> | undefined;
  #cancelPing: () => void;
  #cancelStuck: () => void = () => {};

  constructor(reply: FastifyReply, options: AnswerStreamOptions) {
    this.#reply = reply;
    this.#options = options;
    const { raw } = reply;
    raw.on('drain', () => this.#readable());
    raw.on('close', () => this.close());
    // What is written to a connection that has just gone; `close` follows.
    raw.on('error', () => {});
    this.#cancelPing = options.clock.after(PING_MS, () => this.#ping());
  }

  /** Headers are sent: what goes wrong from now on must be told in the stream. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Sends the headers before there is anything to say. */
  begin(): void {
    if (this.#over || this.#begun || this.#reply.raw.destroyed) return;
    this.#begin();
    this.#reply.raw.flushHeaders();
  }

  /** Whole events. A promise asks for patience: the reader is slow; it resolves when it has read, or is gone. */
  send(text: string): void | Promise<void> {
    if (this.#over) return;
    this.#text += text;
    if (!this.#scheduled && text !== '') {
      this.#scheduled = true;
      queueMicrotask(() => this.#flush());
    }
    return this.#slow?.promise;
  }

  /** Sends the last events and ends; not for the second time. */
  end(text: string): void {
    if (this.#over) return;
    this.#text += text;
    this.#flush();
    this.close();
    this.#reply.raw.end();
  }

  /** Nothing is sent any more; the request stays unanswered unless the stream had begun. */
  close(): void {
    this.#over = true;
    this.#cancelPing();
    this.#readable();
  }

  #flush(): void {
    this.#scheduled = false;
    const { raw } = this.#reply;
    if (this.#over || raw.destroyed) return;
    if (!this.#begun) this.#begin();
    const text = this.#text;
    this.#text = '';
    if (raw.write(text) || this.#slow !== undefined) return;
    this.#slow = Promise.withResolvers();
    this.#cancelStuck = this.#options.clock.after(STUCK_MS, () => raw.destroy());
  }

  #begin(): void {
    this.#begun = true;
    this.#reply.hijack();
    this.#reply.raw.writeHead(200, {
      ...(this.#reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
  }

  #ping(): void {
    if (this.#slow === undefined) this.send(this.#options.ping);
    this.#cancelPing = this.#options.clock.after(PING_MS, () => this.#ping());
  }

  #readable(): void {
    this.#cancelStuck();
    this.#slow?.resolve();
    this.#slow = undefined;
  }
}
