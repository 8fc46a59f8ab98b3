import * as plain from 'node:http';
import * as secure from 'node:https';
import { Problem } from '#shared/domain/problem.ts';
import { ProviderRefusal } from './provider.ts';
import { unreachable } from './unreachable.ts';

export interface HttpRequest {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  /** Aborting it destroys the socket at once, before and after the response has come. */
  signal: AbortSignal;
}

export interface HttpResponse {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /**
   * Can be read once. Throws a Problem (PROVIDER_BROKE_OFF) when the connection breaks before the body is complete.
   * Whoever leaves it early without aborting leaves the rest to be drained, so that the connection can be used again.
   */
  body: AsyncIterable<Uint8Array>;
}

/** The network, handed in. Throws a ProviderRefusal when there is no response at all, or the signal's reason. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** Bytes that may wait for a slow reader before the socket is paused. */
const HIGH_WATER = 256 * 1024;
/** How long the rest of a body that nobody reads may take before its connection is given up. */
const DRAIN_MS = 1000;

/** HTTP/1.1 over node:http and node:https, with connections kept for the next request (Node's agents switch Nagle's delay off). */
export function nodeHttp(): Http {
  const agents = {
    'http:': new plain.Agent({ keepAlive: true }),
    'https:': new secure.Agent({ keepAlive: true }),
  };
  return async (request) => {
    const url = addressOf(request.url);
    const agent = agents[url.protocol as keyof typeof agents];
    if (agent === undefined) throw notAnAddress();
    try {
      return await send(request, url, agent);
    } catch (error) {
      // A kept connection that the server was just closing: nothing was answered, so a fresh one is safe.
      if (error instanceof StaleConnection) return send(request, url, false);
      throw error;
    }
  };
}

class StaleConnection extends Error {}

function send(request: HttpRequest, url: URL, agent: plain.Agent | false): Promise<HttpResponse> {
  const { signal } = request;
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const { request: open } = url.protocol === 'https:' ? secure : plain;
    const outgoing = open(url, { method: request.method, headers: request.headers, agent });
    const abort = () => void outgoing.destroy();
    signal.addEventListener('abort', abort, { once: true });
    outgoing.once('close', () => signal.removeEventListener('abort', abort));
    outgoing.once('response', (incoming) => {
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: new Body(incoming, outgoing, url.host, signal),
      });
    });
    // After the response these come to the body as well; here they only must not be unhandled.
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason);
      else if (agent !== false && outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE'))
        reject(new StaleConnection());
      else reject(unreachable(error, url));
    });
    // Closed without an error and without a response.
    outgoing.once('close', () => reject(signal.aborted ? signal.reason : unreachable({ code: 'ECONNRESET' }, url)));
    outgoing.end(request.body);
  });
}

/** The bytes of one response as they come. Leaner than a stream's own iterator, which costs more than the parsing. */
class Body implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  readonly #incoming: plain.IncomingMessage;
  readonly #outgoing: plain.ClientRequest;
  readonly #signal: AbortSignal;
  readonly #host: string;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #state: 'untouched' | 'flowing' | 'paused' | 'over' = 'untouched';
  #failure: unknown;
  #waiting: PromiseWithResolvers<IteratorResult<Uint8Array, undefined>> | undefined;

  constructor(incoming: plain.IncomingMessage, outgoing: plain.ClientRequest, host: string, signal: AbortSignal) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#signal = signal;
    this.#host = host;
    incoming.on('error', () => this.#over());
    incoming.once('end', () => this.#over());
    incoming.once('close', () => this.#over());
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    // What came before a failure is given first; after an abort nobody wants it.
    const bytes = this.#signal.aborted ? undefined : this.#queue.shift();
    if (bytes !== undefined) {
      this.#queued -= bytes.length;
      if (this.#state === 'paused' && this.#queued === 0) {
        this.#state = 'flowing';
        this.#incoming.resume();
      }
      return Promise.resolve({ value: bytes, done: false });
    }
    if (this.#state === 'untouched') {
      this.#state = 'flowing';
      this.#incoming.on('data', this.#data);
    }
    if (this.#state === 'over')
      return this.#failure === undefined
        ? Promise.resolve({ value: undefined, done: true })
        : Promise.reject(this.#failure);
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#queue = [];
    this.#queued = 0;
    if (this.#state !== 'over') {
      const leave = () => void this.#outgoing.destroy();
      this.#incoming.off('data', this.#data);
      this.#incoming.once('data', leave);
      this.#incoming.setTimeout(DRAIN_MS, leave);
      this.#incoming.resume();
    }
    return Promise.resolve({ value: undefined, done: true });
  }

  readonly #data = (bytes: Uint8Array) => {
    if (this.#waiting !== undefined) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve({ value: bytes, done: false });
      return;
    }
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    if (this.#queued > HIGH_WATER && this.#state === 'flowing') {
      this.#state = 'paused';
      this.#incoming.pause();
    }
  };

  #over() {
    if (this.#state === 'over') return;
    this.#state = 'over';
    if (this.#signal.aborted) this.#failure = this.#signal.reason;
    else if (!this.#incoming.complete)
      this.#failure = new Problem(
        'PROVIDER_BROKE_OFF',
        `${this.#host} closed the connection in the middle of the answer.`,
        'Continue the answer or try again.',
      );
    if (this.#waiting === undefined) return;
    const { resolve, reject } = this.#waiting;
    this.#waiting = undefined;
    if (this.#failure === undefined) resolve({ value: undefined, done: true });
    else reject(this.#failure);
  }
}

function addressOf(url: string): URL {
  if (!URL.canParse(url)) throw notAnAddress();
  return new URL(url);
}

const notAnAddress = () =>
  new ProviderRefusal(
    new Problem(
      'PROVIDER_UNREACHABLE',
      "The provider's address is not a web address.",
      'Write it like https://api.openai.com/v1 or http://127.0.0.1:11434/v1.',
    ),
    false,
  );
