import { Problem } from '#shared/domain/problem.ts';
import type { ModelInfo } from '#shared/domain/summary.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { Answer } from './answer.ts';
import type { Dialect } from './dialect.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';
import { OverlapFilter } from './overlap.ts';
import { type ChatRequest, type Provider, type ProviderPart, ProviderRefusal } from './provider.ts';
import { type Complaint, complaintOf, garbled, type Named, statusRefusal } from './refusal.ts';
import { MAX_EVENT } from './sse.ts';

export interface HttpProviderOptions {
  id: string;
  name: string;
  kind: string;
  baseUrl: string;
  http: Http;
  clock: Clock;
  /** Asked at every request; the key is kept nowhere. */
  key: () => Promise<string | undefined>;
}

/** How long to wait for figures and the end mark once the provider has said that it finished. */
const GRACE_MS = 2000;
/** What is read of the body of a refusal. */
const MAX_COMPLAINT = 64 * 1024;
/** Nobody chooses from more, and the whole list is told at once. */
const MAX_MODELS = 1000;

/** A provider that is reached over HTTP and speaks one of the dialects. */
export function httpProvider(options: HttpProviderOptions, dialect: Dialect): Provider {
  const { id, name, kind, baseUrl, http, clock } = options;
  /** Fields that this server does not understand: left out from then on. */
  const leftOut = new Set<string>();

  async function named(request?: ChatRequest): Promise<Named> {
    const key = (await options.key().catch((error: unknown) => refuse(error)))?.trim();
    const texts = [request?.system ?? '', ...(request?.messages ?? []).map(({ text }) => text)];
    const who = { name, baseUrl, key: key === '' ? undefined : key, texts };
    if (who.key !== undefined && !/^[\x21-\x7e]+$/.test(who.key))
      throw new ProviderRefusal(
        new Problem('PROVIDER_REFUSED', `The key of ${name} holds characters that no key has.`, 'Enter the key again.'),
        false,
      );
    return who;
  }

  async function refusalOf(who: Named, response: HttpResponse, asked: { model?: string; stream: boolean }) {
    const complaint = await complaintIn(response);
    const { model, stream } = asked;
    return { complaint, refusal: statusRefusal(who, response, complaint, { model, stream, now: clock.now() }) };
  }

  /** `inWords`: it could not be given the beginning of its answer, and may repeat the end of it. */
  async function open(who: Named, request: ChatRequest, signal: AbortSignal) {
    const asked = dialect.chat(baseUrl, request);
    let { body } = asked;
    let inWords = false;
    for (const field of leftOut) delete body[field];
    const headers = { ...dialect.headers(who.key), accept: 'text/event-stream, application/json' };
    for (;;) {
      const response = await http(post(asked.url, headers, body, signal));
      if (succeeded(response)) return { response, inWords };
      const { complaint, refusal } = await refusalOf(who, response, request);
      if (response.status !== 400 && response.status !== 422) throw refusal;
      const words = `${complaint.message} ${complaint.kind}`;
      const fewer = withoutUnknown(body, words);
      const milder = fewer ?? dialect.withoutPrefill?.(body, words);
      if (milder === undefined) throw refusal;
      inWords ||= fewer === undefined;
      body = milder;
    }
  }

  /** The same request without the field that the server complains about, if it can do without. */
  function withoutUnknown(body: Record<string, unknown>, complaint: string): Record<string, unknown> | undefined {
    const unknown = dialect.dispensable.find((each) => Object.hasOwn(body, each) && complaint.includes(each));
    if (unknown === undefined) return undefined;
    leftOut.add(unknown);
    const { [unknown]: _, ...rest } = body;
    return rest;
  }

  async function* chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ProviderPart, void, undefined> {
    signal.throwIfAborted();
    const connection = new AbortController();
    const stop = () => connection.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    let endGrace: (() => void) | undefined;
    let complete = false;
    // A complete answer leaves its connection for the next request, even when an abort follows its last part.
    const settle = (answer: Answer) => {
      complete = answer.complete;
      if (complete) signal.removeEventListener('abort', stop);
    };
    try {
      const who = await named(request);
      const { response, inWords } = await open(who, request, connection.signal);
      const overlap = inWords ? new OverlapFilter(request.messages.at(-1)?.text ?? '') : undefined;
      const answer = new Answer(name, dialect.reader(who, request));
      try {
        for await (const bytes of response.body) {
          request.heard?.();
          answer.push(bytes);
          settle(answer);
          for (const part of withoutOverlap(answer.take(), overlap)) {
            signal.throwIfAborted();
            yield part;
          }
          if (answer.done) return;
          if (answer.finishing) endGrace ??= clock.after(GRACE_MS, () => connection.abort());
        }
        answer.end();
      } catch (error) {
        if (signal.aborted || answer.done) throw error;
        answer.fail(error);
      }
      settle(answer);
      yield* withoutOverlap(answer.take(), overlap);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      endGrace?.();
      signal.removeEventListener('abort', stop);
      if (!complete) connection.abort();
    }
  }

  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const who = await named();
    const headers = { ...dialect.headers(who.key), accept: 'application/json' };
    const response = await http({ url: dialect.models(baseUrl), method: 'GET', headers, signal });
    if (!succeeded(response)) throw (await refusalOf(who, response, { stream: false })).refusal;
    const text = await read(response, MAX_EVENT).catch((error: unknown) => refuse(error, signal));
    if (text.trimStart().startsWith('<')) throw garbled(name, 'a web page (HTML) instead of a list of models');
    const found = dialect.readModels(parsed(text));
    if (found === undefined) throw garbled(name, 'something that is no list of models');
    return found.slice(0, MAX_MODELS);
  }

  return { id, name, kind, baseUrl, offline: false, prefill: dialect.prefill, chat, models };
}

function* withoutOverlap(parts: ProviderPart[], filter: OverlapFilter | undefined): Iterable<ProviderPart> {
  if (filter === undefined) return yield* parts;
  for (const part of parts) {
    const last = part.type === 'finish' || part.type === 'error';
    const text = part.type === 'delta' ? filter.push(part.text) : last ? filter.end() : '';
    if (text !== '') yield { type: 'delta', text };
    if (part.type !== 'delta') yield part;
  }
}

/** What else goes wrong before the first part is a refusal as well. */
function refuse(error: unknown, signal?: AbortSignal): never {
  if (signal?.aborted || error instanceof ProviderRefusal) throw error;
  throw new ProviderRefusal(Problem.of(error), signal !== undefined);
}

const succeeded = ({ status }: HttpResponse) => status >= 200 && status < 300;

function post(url: string, headers: Record<string, string>, body: object, signal: AbortSignal): HttpRequest {
  return {
    url,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  };
}

async function read(response: HttpResponse, limit: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const bytes of response.body) {
    pieces.push(bytes);
    length += bytes.length;
    if (length > limit) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The status counts even when its body cannot be read. */
async function complaintIn(response: HttpResponse): Promise<Complaint> {
  try {
    return complaintOf(parsed(await read(response, MAX_COMPLAINT)));
  } catch {
    return complaintOf(undefined);
  }
}
