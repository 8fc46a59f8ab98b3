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
  body: Body;
}

/** What is done with bytes. A promise asks for patience, `false` is enough of them. */
export type TakeBytes = (bytes: Uint8Array) => undefined | false | Promise<unknown>;

export interface Body {
  /**
   * Gives the bytes as they come, in the same turn of the event loop in which they arrived; once only. Resolves at the
   * end of the body. While a promise of `take` is pending, nothing is given and hardly more is read from the socket.
   * After `false` it resolves at once, and the rest is drained, so that the connection can be used again.
   *
   * Rejects with a Problem (PROVIDER_BROKE_OFF) when the connection breaks before the body is complete, after all that
   * came; with the signal's reason at its abort; and with what `take` throws, which closes the connection.
   */
  read(take: TakeBytes): Promise<void>;
}

/** The network, handed in. Throws a ProviderRefusal when there is no response at all, or the signal's reason. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** Bytes that may wait for a slow reader before the socket is paused. */
const HIGH_WATER = 64 * 1024;
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
    let answered = false;
    outgoing.once('response', (incoming) => {
      answered = true;
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: new ResponseBody(incoming, outgoing, url.host, signal),
      });
    });
    // After the response these come to the body as well; here they only must not be unhandled.
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason);
      else if (agent !== false && outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE'))
        reject(new StaleConnection());
      else reject(unreachable(error, url));
    });
    outgoing.once('close', () => {
      signal.removeEventListener('abort', abort);
      // Without an error and without a response.
      if (!answered) reject(signal.aborted ? signal.reason : unreachable({ code: 'ECONNRESET' }, url));
    });
    outgoing.end(request.body);
  });
}

/** The body of one response. It keeps what came before a failure apart from it, which a stream of Node's does not. */
class ResponseBody implements Body {
  readonly #incoming: plain.IncomingMessage;
  readonly #outgoing: plain.ClientRequest;
  readonly #signal: AbortSignal;
  readonly #host: string;
  /** Of whoever reads. */
  #end: PromiseWithResolvers<void> | undefined;
  #take: TakeBytes = () => undefined;
  /** What came while patience was asked for. */
  #queue: Uint8Array[] = [];
  #queued = 0;
  #patient = false;
  /** Nothing comes from the network any more. */
  #closed = false;
  /** Nothing is given any more. */
  #over = false;

  constructor(incoming: plain.IncomingMessage, outgoing: plain.ClientRequest, host: string, signal: AbortSignal) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#signal = signal;
    this.#host = host;
    incoming.on('error', this.#close);
    incoming.once('end', this.#close);
    incoming.once('close', this.#close);
  }

  read(take: TakeBytes): Promise<void> {
    const end = Promise.withResolvers<void>();
    this.#take = take;
    this.#end = end;
    if (this.#closed) this.#settle();
    else this.#incoming.on('data', this.#data);
    return end.promise;
  }

  readonly #data = (bytes: Uint8Array): void => {
    // More than the end of what was left.
    if (this.#over) this.#outgoing.destroy();
    else if (!this.#patient) this.#give(bytes);
    else {
      this.#queue.push(bytes);
      this.#queued += bytes.length;
      if (this.#queued > HIGH_WATER) this.#incoming.pause();
    }
  };

  #give(bytes: Uint8Array): void {
    if (this.#signal.aborted) return;
    try {
      const answer = this.#take(bytes);
      if (answer === false) this.#leave();
      else if (answer !== undefined) {
        this.#patient = true;
        answer.then(this.#goOn, this.#goOn);
      }
    } catch (error) {
      this.#over = true;
      this.#outgoing.destroy();
      this.#end?.reject(error);
    }
  }

  readonly #goOn = (): void => {
    this.#patient = false;
    while (!this.#patient && !this.#over) {
      const bytes = this.#queue.shift();
      if (bytes === undefined) {
        if (this.#closed) this.#settle();
        else this.#incoming.resume();
        return;
      }
      this.#queued -= bytes.length;
      this.#give(bytes);
    }
  };

  #leave(): void {
    this.#over = true;
    this.#queue = [];
    this.#end?.resolve();
    if (this.#closed) return;
    this.#incoming.setTimeout(DRAIN_MS, () => this.#outgoing.destroy());
    this.#incoming.resume();
  }

  readonly #close = (): void => {
    this.#closed = true;
    // What came before a failure is given first; after an abort nobody wants it.
    if (!this.#patient || this.#signal.aborted) this.#settle();
  };

  #settle(): void {
    const end = this.#end;
    if (this.#over || end === undefined) return;
    this.#over = true;
    if (this.#signal.aborted) end.reject(this.#signal.reason);
    else if (this.#incoming.complete) end.resolve();
    else
      end.reject(
        new Problem(
          'PROVIDER_BROKE_OFF',
          `${this.#host} closed the connection in the middle of the answer.`,
          'Continue the answer or try again.',
        ),
      );
  }
}

/** All of a body as text; not much more than `most` bytes of it. */
export async function textOf(body: Body, most: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  await body.read((bytes) => {
    pieces.push(bytes);
    length += bytes.length;
    return length > most ? false : undefined;
  });
  return Buffer.concat(pieces).toString('utf8');
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
