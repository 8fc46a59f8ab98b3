import type { FastifyReply } from 'fastify';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Source } from '#shared/wire/source.ts';

/** One server-sent event. */
export interface SseEvent {
  /** What the client sends back as `Last-Event-ID` to go on after it. */
  id?: string;
  /** Its name; most dialects have none. */
  event?: string;
  /** JSON, or any text without line breaks. */
  data: string;
}

export interface SseOptions {
  clock: Clock;
  /** Aborts when the stream is to end. */
  signal: AbortSignal;
  /** What is told when the source fails, or before it is ended; nothing if absent. */
  failed?: (problem: Problem) => SseEvent;
  headers?: Record<string, string>;
}

/** A comment goes out after this much silence, so that nobody between takes the stream for dead. */
export const PING_MS = 15_000;
/** A reader that takes nothing for this long is hung up on; it can come back with the id of its last event. */
export const STUCK_MS = 60_000;
/** Events in one pull, at most: what is held of a stream is what one pull gave. */
const MOST_EVENTS = 64;
/** Bytes in one write: to take this much is progress. */
const PIECE = 64 * 1024;
const ping = Buffer.from(': ping\n\n');

const sseText = ({ id, event, data }: SseEvent) =>
  `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`;

/**
 * Answers with server-sent events. The source is a cursor: it is asked only when all that it gave before has been taken,
 * so a slow reader costs one pull of memory. Resolves when the stream is over; the source is closed by then. A reader
 * that leaves ends the source and nothing else.
 */
export function streamEvents(reply: FastifyReply, source: Source<SseEvent>, options: SseOptions): Promise<void> {
  return new Promise((resolve) => new EventStream(reply, source, options, resolve).step());
}

class EventStream {
  readonly #raw: FastifyReply['raw'];
  readonly #source: Source<SseEvent>;
  readonly #options: SseOptions;
  readonly #over: () => void;
  #state: 'idle' | 'pulling' | 'blocked' | 'closed' = 'idle';
  /** A pull may give something. */
  #ready = true;
  /** Pulled, not yet written. */
  #held: Buffer = Buffer.alloc(0);
  #ending = false;
  #cancelPing: () => void = () => {};
  #cancelStuck: () => void = () => {};

  constructor(reply: FastifyReply, source: Source<SseEvent>, options: SseOptions, over: () => void) {
    this.#raw = reply.raw;
    this.#source = source;
    this.#options = options;
    this.#over = over;
    reply.hijack();
    this.#raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      ...options.headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
    // One of each for the whole stream: a listener per wait would pile up.
    this.#raw.on('drain', () => this.#drained());
    this.#raw.on('close', () => this.#close());
    this.#raw.on('error', () => this.#close());
    options.signal.addEventListener('abort', this.#aborted, { once: true });
    source.onReady(() => {
      this.#ready = true;
      this.step();
    });
    if (options.signal.aborted) this.#aborted();
    else if (this.#raw.destroyed) this.#close();
    else this.#quiet();
  }

  /** Goes on if it can. */
  step(): void {
    while (this.#state === 'idle') {
      if (this.#held.length > 0) this.#write();
      else if (this.#ending) {
        this.#raw.end();
        this.#close();
      } else if (this.#ready) this.#pull();
      else return;
    }
  }

  #write(): void {
    const piece = this.#held.subarray(0, PIECE);
    this.#held = this.#held.subarray(PIECE);
    this.#quiet();
    if (this.#raw.write(piece)) return;
    this.#state = 'blocked';
    this.#cancelStuck = this.#options.clock.after(STUCK_MS, () => {
      this.#raw.destroy();
      this.#close();
    });
  }

  #drained(): void {
    if (this.#state !== 'blocked') return;
    this.#cancelStuck();
    this.#state = 'idle';
    this.step();
  }

  #pull(): void {
    this.#state = 'pulling';
    this.#ready = false;
    let pulled: Promise<SseEvent[] | null>;
    try {
      pulled = this.#source.pull(MOST_EVENTS);
    } catch (error) {
      pulled = Promise.reject(error);
    }
    pulled.then(
      (events) => this.#pulled(events),
      (error) => this.#pulled(this.#failure(error), true),
    );
  }

  #pulled(events: SseEvent[] | null, last = events === null): void {
    if (this.#state !== 'pulling') return;
    this.#state = 'idle';
    this.#ending ||= last;
    if (events !== null && events.length > 0) {
      this.#ready = true;
      this.#held = Buffer.from(events.map(sseText).join(''));
    }
    this.step();
  }

  #failure(error: unknown): SseEvent[] {
    return this.#options.failed === undefined ? [] : [this.#options.failed(Problem.of(error))];
  }

  /** Says why, if the reader can still take it, and ends. */
  readonly #aborted = (): void => {
    if (this.#state === 'closed') return;
    if (this.#state === 'blocked' || this.#raw.destroyed) this.#raw.destroy();
    else this.#raw.end(this.#failure(this.#options.signal.reason).map(sseText).join(''));
    this.#close();
  };

  /** From now on it is silent. */
  #quiet(): void {
    this.#cancelPing();
    this.#cancelPing = this.#options.clock.after(PING_MS, () => {
      this.#quiet();
      if (this.#state !== 'idle') return;
      this.#held = ping;
      this.step();
    });
  }

  #close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#held = Buffer.alloc(0);
    this.#cancelPing();
    this.#cancelStuck();
    this.#options.signal.removeEventListener('abort', this.#aborted);
    this.#source.close();
    this.#over();
  }
}
