import { MAX_FRAME } from '../contract/contract.ts';
import { isRecord } from '../kit/record.ts';
import { decode, encode } from './frame.ts';
import type { Pipe, PipeListener } from './pipe.ts';

/** What the ports of browsers, Node and Electron have in common. */
export interface Port {
  postMessage(value: unknown): void;
  /** Called once; delivery begins with it, and what came before comes then. `onClose` may never be called. */
  listen(onMessage: (value: unknown) => void, onClose: () => void): void;
  close(): void;
}

/** Characters under way, not acknowledged yet, above which the pipe is congested, and below which it is free again. */
export const HIGH_WATER = 256 * 1024;
export const LOW_WATER = 64 * 1024;
/** Characters under way at which the connection fails loudly: the far end asks but does not read. */
export const MAX_UNDER_WAY = 16 * MAX_FRAME;
/** The receiver acknowledges whenever it has taken this many characters more. */
const ACKNOWLEDGE_AT = LOW_WATER / 2;

/**
 * A pipe over a port. What is posted is a text, a frame as on a socket; a number, so many characters of frames were
 * taken; or `{ goodbye: reason }`, the last word. A port knows neither how far the other end is nor, everywhere, that it
 * has gone: the numbers and the goodbye stand for that, and who vanishes without a word is found by the heartbeat.
 */
export function messagePortPipe(port: Port): Pipe {
  return new MessagePortPipe(port);
}

/** The port of a browser's or Node's `MessageChannel`. */
export interface PlatformPort {
  postMessage(value: unknown): void;
  addEventListener(type: 'message' | 'close', listener: (event: object) => void): void;
  start(): void;
  close(): void;
}

export function platformPort(port: PlatformPort): Port {
  return {
    postMessage: (value) => port.postMessage(value),
    listen(onMessage, onClose) {
      port.addEventListener('message', (event) => onMessage((event as { data: unknown }).data));
      port.addEventListener('close', () => onClose());
      port.start();
    },
    close: () => port.close(),
  };
}

class MessagePortPipe implements Pipe {
  readonly #port: Port;
  #listener: PipeListener | undefined;
  #underWay = 0;
  #taken = 0;
  #congested = false;
  #closed: string | undefined;

  constructor(port: Port) {
    this.#port = port;
  }

  listen(listener: PipeListener): void {
    this.#listener = listener;
    if (this.#closed === undefined)
      this.#port.listen(
        (value) => this.#arrive(value),
        () => this.#end('The connection broke off.'),
      );
    else this.#tell();
  }

  get waiting(): number {
    return this.#underWay;
  }

  get congested(): boolean {
    return this.#congested;
  }

  send(batch: readonly unknown[]): void {
    if (this.#closed !== undefined) return;
    for (const frame of encode(batch)) {
      this.#underWay += frame.length;
      this.#port.postMessage(frame);
    }
    if (this.#underWay > MAX_UNDER_WAY)
      this.close(`More than ${MAX_UNDER_WAY} characters wait to be read: the far end does not read its answers.`);
    else if (this.#underWay > HIGH_WATER) this.#congested = true;
  }

  close(reason = 'closed'): void {
    if (this.#closed !== undefined) return;
    this.#port.postMessage({ goodbye: reason });
    this.#end(reason);
  }

  #arrive(value: unknown): void {
    if (this.#closed !== undefined) return;
    if (typeof value === 'number') this.#acknowledged(value);
    else if (isRecord(value) && typeof value.goodbye === 'string') this.#end(value.goodbye);
    else {
      decode(value, this.#listener!);
      if (typeof value === 'string') this.#acknowledge(value.length);
    }
  }

  #acknowledge(characters: number): void {
    this.#taken += characters;
    if (this.#taken < ACKNOWLEDGE_AT || this.#closed !== undefined) return;
    this.#port.postMessage(this.#taken);
    this.#taken = 0;
  }

  #acknowledged(characters: number): void {
    if (!(characters > 0)) return;
    this.#underWay = Math.max(0, this.#underWay - characters);
    if (!this.#congested || this.#underWay > LOW_WATER) return;
    this.#congested = false;
    this.#listener!.drained();
  }

  #end(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#port.close();
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
