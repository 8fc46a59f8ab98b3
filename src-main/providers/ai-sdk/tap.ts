import type { UnderlyingSource } from 'node:stream/web';
import { isRecord } from '#shared/kit/record.ts';
import type { Body, HttpResponse } from '../http.ts';
import { GRACE_MS } from '../http-provider.ts';
import { Incoming } from '../incoming.ts';
import { parsed } from '../json.ts';
import { broken } from '../parts.ts';
import { ProviderRefusal } from '../provider.ts';
import { complaintOf, empty, failed, garbled, type Named } from '../refusal.ts';
import type { Wire } from './wire.ts';

/** Events that may wait for the package. */
const MOST_WAITING = 16;

export interface TapOptions {
  who: Named;
  wire: Wire;
  /** Sends what the package wants to send; throws a ProviderRefusal for a status that is no success. */
  send(url: string, headers: Record<string, string>, body: string): Promise<HttpResponse>;
  /** False: the package expects a whole answer. */
  stream: boolean;
  heard: () => void;
  after(ms: number, run: () => void): () => void;
  /** Gives the connection up. */
  hangUp: () => void;
}

/**
 * The network as a package sees it, and what it must not decide: statuses, limits, errors in the stream, broken bytes
 * and the end are looked at here. When something fails, the package sees an orderly end, so that it gives all the text
 * that came; the failure is kept here.
 */
export class Tap {
  /** What went wrong; what was said before it still counts. */
  failure: unknown;
  /** The provider has said why it finished. */
  finished = false;
  /** It has said that nothing more comes. */
  ended = false;
  /** The whole answer, where a stream was wanted: the package is to be asked again, without a stream. */
  whole: { json: unknown } | undefined;
  readonly #options: TapOptions;
  readonly #incoming: Incoming;
  readonly #events: ReadableStream<Uint8Array>;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  /** The package has room again. */
  #pulled: () => void = () => {};
  #cancelled = false;
  #endGrace: (() => void) | undefined;

  constructor(options: TapOptions) {
    this.#options = options;
    this.#incoming = new Incoming(options.who.name, options.wire.events(options.who.name, this.#event));
    const source: UnderlyingSource<Uint8Array> = {
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => this.#pulled(),
      cancel: () => {
        this.#cancelled = true;
        options.hangUp();
      },
    };
    this.#events = new ReadableStream(source, { highWaterMark: MOST_WAITING });
  }

  /** Given to the package as its `fetch`. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    if (this.whole !== undefined) return Response.json(this.whole.json);
    const { who, send, stream } = this.#options;
    try {
      const body = typeof init?.body === 'string' ? init.body : '';
      const headers = Object.fromEntries(new Headers(init?.headers));
      const response = await send(String(input), headers, body);
      await this.#begun(response.body);
      if (this.#incoming.form === 'events') {
        if (!stream) throw garbled(who.name, 'a stream instead of a whole answer');
        return new Response(this.#events, { headers: { 'content-type': 'text/event-stream' } });
      }
      const whole = this.#incoming.end();
      if (whole === undefined) throw empty(who.name);
      this.#checked(whole.json);
      this.whole = whole;
      if (!stream) return Response.json(whole.json);
      throw new Error('It came in one piece.');
    } catch (error) {
      if (this.whole === undefined) this.failure = error;
      throw error;
    }
  };

  /** No timer of it runs on. */
  close(): void {
    this.#endGrace?.();
  }

  /** Reads the body. Resolves when it is clear that events come, which then go to the package, or at its end. */
  #begun(body: Body): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = (bytes: Uint8Array) => {
        this.#options.heard();
        try {
          this.#incoming.push(bytes);
        } catch (error) {
          if (this.#incoming.form !== 'events') throw error;
          // What came before it in the same piece still counts.
          this.#fail(error);
        }
        if (this.#incoming.form === 'events') resolve();
        // A whole answer leaves its connection for the next request.
        return this.ended || this.failure !== undefined ? false : this.#patience();
      };
      const end = () => {
        if (this.#incoming.form === 'events') this.#end();
        resolve();
      };
      body.read(take).then(end, (error: unknown) => {
        if (this.#incoming.form !== 'events') return reject(this.#told(error));
        this.#fail(error);
        this.#end();
      });
    });
  }

  #patience(): Promise<void> | undefined {
    if ((this.#controller.desiredSize ?? 0) > 0) return undefined;
    return new Promise((resolve) => {
      this.#pulled = resolve;
    });
  }

  #end(): void {
    try {
      if (!this.ended && this.failure === undefined) this.#incoming.end();
    } catch (error) {
      this.#fail(error);
    }
    if (!this.#cancelled) this.#controller.close();
    this.close();
  }

  readonly #event = (data: string, name: string | undefined, bytes?: Uint8Array): void => {
    if (!this.ended) this.#look(data, name, bytes);
  };

  #look(data: string, name: string | undefined, bytes: Uint8Array | undefined): void {
    const { who, wire, after, hangUp } = this.#options;
    if (data.startsWith('[DONE]')) {
      this.ended = true;
      return;
    }
    const event = parsed(data);
    if (name === 'error') throw failed(who, complaintOf(event ?? data));
    if (event === undefined) throw garbled(who.name, 'an event with broken JSON');
    if (!isRecord(event)) throw garbled(who.name, 'an event that is no JSON object');
    const course = wire.courseOf(event, name);
    if (typeof course === 'object') throw failed(who, course);
    if (course === 'foreign') return;
    this.#controller.enqueue(bytes ?? encoder.encode(`data: ${data.replaceAll('\n', '\ndata: ')}\n\n`));
    this.ended = course === 'ended' || (course === 'figures' && this.finished);
    this.finished ||= this.ended || course === 'finished';
    if (!this.finished) return;
    this.#endGrace?.();
    this.#endGrace = after(GRACE_MS, hangUp);
  }

  /** An answer whose finish has been told is whole, whatever happens to its figures. */
  #fail(error: unknown): void {
    if (this.finished) this.ended = true;
    else this.failure ??= this.#told(error);
  }

  #told(error: unknown): ProviderRefusal {
    return error instanceof ProviderRefusal ? error : broken(this.#options.who.name, error);
  }

  #checked(json: unknown): void {
    const { who, wire } = this.#options;
    if (!isRecord(json)) throw garbled(who.name, 'JSON that is no answer');
    if (json.error !== undefined && json.error !== null) throw failed(who, complaintOf(json));
    if (wire.isAnswer?.(json) === false) throw garbled(who.name, 'JSON that is no answer');
  }
}

const encoder = new TextEncoder();
