import { MAX_FRAME } from '../contract/contract.ts';
import { Problem } from '../domain/problem.ts';
import type { Clock } from '../kit/clock.ts';
import { decode, encode } from './frame.ts';
import type { Pipe, PipeListener } from './pipe.ts';

/** What a browser's `WebSocket` and the socket of the package `ws` have in common. */
export interface Socket {
  readonly readyState: number;
  readonly bufferedAmount: number;
  /** `ws` calls `written` when the text has left; a browser does not know it. */
  send(text: string, written?: () => void): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'error', listener: (event: object) => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void;
}

/** Bytes waiting in the socket above which the pipe is congested, and below which it is free again. */
export const HIGH_WATER = 256 * 1024;
export const LOW_WATER = 64 * 1024;
/** Bytes waiting at which the connection fails loudly: the far end asks but does not read. */
export const MAX_BUFFERED = 16 * MAX_FRAME;
/**
 * `maxPayload` for a server of the package `ws`. A frame between MAX_FRAME and this is answered with FRAME_TOO_LARGE and
 * the connection goes on; a larger one ends that connection with close code 1009.
 */
export const MAX_PAYLOAD = 16 * MAX_FRAME;

const OPEN = 1;
/** How often a browser's socket is looked at while it is congested, and only then. */
const POLL_MS = 10;

/** A pipe over a socket that is open. */
export function webSocketPipe(socket: Socket, clock: Clock): Pipe {
  return new WebSocketPipe(socket, clock);
}

/** Waits until a socket is open. Aborting closes it. */
export function opened(socket: Socket, clock: Clock, signal: AbortSignal): Promise<Pipe> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(new Problem('DISCONNECTED', `Choragus cannot be reached: ${why}`, 'Look whether Choragus is running.'));
    const abort = () => {
      fail('it was given up.');
      socket.close();
    };
    socket.addEventListener('open', () => {
      signal.removeEventListener('abort', abort);
      if (!signal.aborted) resolve(webSocketPipe(socket, clock));
    });
    socket.addEventListener('error', (event) => {
      if ('message' in event && String(event.message).endsWith('server response: 401')) reject(unauthorized());
      else fail('the connection failed.');
    });
    socket.addEventListener('close', ({ code, reason }) => fail(describe(code, reason)));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** A browser does not tell why a socket was refused; `ws` does. */
export const unauthorized = () =>
  new Problem('UNAUTHORIZED', 'Choragus did not accept the access token.', 'Open it again with a valid access token.');

const nothing = () => {};

class WebSocketPipe implements Pipe {
  readonly #socket: Socket;
  readonly #clock: Clock;
  #listener: PipeListener | undefined;
  #congested = false;
  #closed: string | undefined;
  #stopPolling: () => void = nothing;

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.addEventListener('message', ({ data }) => {
      if (this.#closed === undefined && this.#listener !== undefined) decode(data, this.#listener);
    });
    // What went wrong is told by the `close` that follows; without a listener `ws` would throw.
    socket.addEventListener('error', nothing);
    socket.addEventListener('close', ({ code, reason }) => this.#end(describe(code, reason)));
  }

  listen(listener: PipeListener): void {
    this.#listener = listener;
    if (this.#closed !== undefined) this.#tell();
  }

  get congested(): boolean {
    return this.#congested;
  }

  get waiting(): number {
    return this.#socket.bufferedAmount;
  }

  send(batch: readonly unknown[]): void {
    if (this.#closed !== undefined || this.#socket.readyState !== OPEN) return;
    for (const frame of encode(batch)) this.#socket.send(frame, this.#look);
    if (this.#socket.bufferedAmount > MAX_BUFFERED)
      this.close(`More than ${MAX_BUFFERED} bytes wait to be read: the far end does not read its answers.`);
    else if (!this.#congested && this.#socket.bufferedAmount > HIGH_WATER) {
      this.#congested = true;
      this.#poll();
    }
  }

  close(reason = 'closed'): void {
    if (this.#closed !== undefined) return;
    this.#socket.close(1000, reason.slice(0, 40));
    this.#end(reason);
  }

  #poll(): void {
    this.#stopPolling = this.#clock.after(POLL_MS, () => {
      this.#look();
      if (this.#congested) this.#poll();
    });
  }

  #look = (): void => {
    if (!this.#congested || this.#closed !== undefined || this.#socket.bufferedAmount > LOW_WATER) return;
    this.#congested = false;
    this.#stopPolling();
    this.#listener?.drained();
  };

  #end(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#stopPolling();
    this.#tell();
  }

  #tell(): void {
    queueMicrotask(() => {
      const listener = this.#listener;
      this.#listener = undefined;
      listener?.closed(this.#closed!);
    });
  }
}

function describe(code: number, reason: string): string {
  if (reason !== '') return reason;
  if (code === 1009) return `A frame was far over the limit of ${MAX_FRAME} bytes.`;
  return code === 1006 ? 'The connection broke off.' : `The connection was closed (code ${code}).`;
}
