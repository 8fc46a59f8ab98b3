import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { MAX_FRAME } from '#shared/contract/contract.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Logger } from '../observability/logger.ts';
import type { Measured } from './area.ts';

/** Between two pings to the same socket. */
export const pingMs = 15_000;
/** Pings that may pass without a byte from the other side. */
const mostSilent = 2;
/** Sockets that fall due within so long are pinged together. */
const togetherMs = 250;

/** A WebSocket of the gateway. What belongs to it lies in fields: thousands may be open, and closures weigh more. */
export class Line extends WebSocket {
  /** The connection beneath; set when it is open. */
  raw!: Socket;
  /** Whoever looks after it. */
  pulse!: Pulse;
  /** What stands for it in the list of connections. */
  measured: Measured | undefined;
  /** Monotonic times. */
  due = 0;
  pingedAt = 0;
  /** Bytes that had come at the last ping, and pings since anything came. */
  heard = 0;
  silent = 0;

  /** Says in words what the code 1009 says in figures. */
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, reason ?? (code === 1009 ? `A frame was far over the limit of ${MAX_FRAME} bytes.` : undefined));
  }
}

/**
 * Pings every socket, measures how long the answer takes, and ends those from which nothing comes any more. One timer for
 * all of them, and none when there are none.
 */
export class Pulse {
  readonly #clock: Clock;
  readonly #logger: Pick<Logger, 'warn'>;
  /** By the time at which they are due. */
  readonly #lines = new Set<Line>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, logger: Pick<Logger, 'warn'>) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Those that are open. */
  get lines(): ReadonlySet<Line> {
    return this.#lines;
  }

  add(line: Line): void {
    line.pulse = this;
    line.on('error', failed).on('pong', answered).on('close', left);
    line.due = this.#clock.monotonic() + pingMs;
    this.#lines.add(line);
    this.#cancel ??= this.#clock.after(pingMs, this.#beat);
  }

  /** It is gone. */
  left(line: Line): void {
    this.#lines.delete(line);
    if (this.#lines.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** The answer to a ping. */
  answered(line: Line): void {
    if (line.measured !== undefined) line.measured.roundTripMs = this.#clock.monotonic() - line.pingedAt;
  }

  /** It follows `close`, with its code. */
  failed({ raw }: Line, error: Error): void {
    this.#logger.warn({ address: `${raw.remoteAddress}:${raw.remotePort}`, error }, 'a socket failed');
  }

  #beat = (): void => {
    const now = this.#clock.monotonic();
    for (const line of this.#lines) {
      if (line.due > now) break;
      this.#ping(line, now);
    }
    const [next] = this.#lines;
    this.#cancel = next && this.#clock.after(Math.max(togetherMs, next.due - now), this.#beat);
  };

  #ping(line: Line, now: number): void {
    const { bytesRead } = line.raw;
    line.silent = bytesRead === line.heard ? line.silent + 1 : 0;
    line.heard = bytesRead;
    this.#lines.delete(line);
    if (line.silent >= mostSilent) {
      line.terminate();
      return;
    }
    line.due = now + pingMs;
    line.pingedAt = now;
    this.#lines.add(line);
    if (line.readyState === WebSocket.OPEN) line.ping();
  }
}

function failed(this: WebSocket, error: Error): void {
  (this as Line).pulse.failed(this as Line, error);
}
function answered(this: WebSocket): void {
  (this as Line).pulse.answered(this as Line);
}
function left(this: WebSocket): void {
  (this as Line).pulse.left(this as Line);
}
