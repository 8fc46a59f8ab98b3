import { isRecord } from '#shared/kit/record.ts';
import type { HttpResponse } from '../http.ts';
import { GRACE_MS } from '../http-provider.ts';
import { Incoming } from '../incoming.ts';
import { parsed } from '../json.ts';
import { broken } from '../parts.ts';
import { ProviderRefusal } from '../provider.ts';
import { complaintOf, empty, failed, garbled, type Named } from '../refusal.ts';
import type { Wire } from './wire.ts';

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
  #out: Uint8Array[] = [];
  #endGrace: (() => void) | undefined;

  constructor(options: TapOptions) {
    this.#options = options;
    this.#incoming = new Incoming(options.who.name, options.wire.events(options.who.name, this.#event));
  }

  /** Given to the package as its `fetch`. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    if (this.whole !== undefined) return Response.json(this.whole.json);
    try {
      const body = typeof init?.body === 'string' ? init.body : '';
      const headers = Object.fromEntries(new Headers(init?.headers));
      const response = await this.#options.send(String(input), headers, body);
      const bytes = response.body[Symbol.asyncIterator]();
      while (this.#incoming.form !== 'events') {
        const more = await this.#read(bytes).catch((error: unknown) => {
          // What came before it in the same piece still counts.
          if (this.#incoming.form !== 'events') throw error;
          this.#fail(error);
          return true;
        });
        if (more) continue;
        const whole = this.#incoming.end();
        if (whole === undefined) throw empty(this.#options.who.name);
        this.#checked(whole.json);
        this.whole = whole;
        if (!this.#options.stream) return Response.json(whole.json);
        throw new Error('It came in one piece.');
      }
      if (!this.#options.stream) throw garbled(this.#options.who.name, 'a stream instead of a whole answer');
      return new Response(this.#body(bytes), { headers: { 'content-type': 'text/event-stream' } });
    } catch (error) {
      if (this.whole === undefined) this.failure = error;
      throw error;
    }
  };

  /** No timer of it runs on. */
  close(): void {
    this.#endGrace?.();
  }

  #body(bytes: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> {
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
      while (this.#out.length === 0 && this.failure === undefined && !this.ended) {
        try {
          if (await this.#read(bytes)) continue;
          this.#incoming.end();
          break;
        } catch (error) {
          this.#fail(error);
        }
      }
      const out = this.#out;
      this.#out = [];
      for (const each of out) controller.enqueue(each);
      if (out.length > 0 && this.failure === undefined && !this.ended) return;
      controller.close();
      this.close();
      // A whole answer leaves its connection for the next request.
      if (this.ended) await bytes.return?.();
    };
    return new ReadableStream({ pull, cancel: () => this.#options.hangUp() }, { highWaterMark: 0 });
  }

  /** False at the end of the body. */
  async #read(bytes: AsyncIterator<Uint8Array>): Promise<boolean> {
    const { value, done } = await bytes.next().catch((error: unknown) => {
      throw broken(this.#options.who.name, error);
    });
    if (done) return false;
    this.#options.heard();
    this.#incoming.push(value);
    return true;
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
    this.#out.push(bytes ?? encoder.encode(`data: ${data.replaceAll('\n', '\ndata: ')}\n\n`));
    this.ended = course === 'ended' || (course === 'figures' && this.finished);
    this.finished ||= this.ended || course === 'finished';
    if (!this.finished) return;
    this.#endGrace?.();
    this.#endGrace = after(GRACE_MS, hangUp);
  }

  /** An answer whose finish has been told is whole, whatever happens to its figures. */
  #fail(error: unknown): void {
    if (this.finished) this.ended = true;
    else this.failure = error instanceof ProviderRefusal ? error : broken(this.#options.who.name, error);
  }

  #checked(json: unknown): void {
    const { who, wire } = this.#options;
    if (!isRecord(json)) throw garbled(who.name, 'JSON that is no answer');
    if (json.error !== undefined && json.error !== null) throw failed(who, complaintOf(json));
    if (wire.isAnswer?.(json) === false) throw garbled(who.name, 'JSON that is no answer');
  }
}

const encoder = new TextEncoder();
