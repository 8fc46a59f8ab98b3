import { Problem } from '#shared/domain/problem.ts';
import type { ModelInfo } from '#shared/domain/summary.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { type Http, type HttpRequest, type HttpResponse, textOf } from './http.ts';
import { parsed } from './json.ts';
import { type ChatMessage, type ChatRequest, ProviderRefusal } from './provider.ts';
import { type Complaint, complaintOf, garbled, type Named, statusRefusal } from './refusal.ts';
import { MAX_EVENT } from './sse.ts';

export interface ServiceOptions {
  id: string;
  name: string;
  kind: string;
  baseUrl: string;
  http: Http;
  clock: Clock;
  /** Asked at every request; the key is kept nowhere. */
  key: () => Promise<string | undefined>;
}

/** How a service is asked for its models. */
export interface Listing {
  headers(key: string | undefined): Record<string, string>;
  models(baseUrl: string): string;
  /** Undefined: not the shape of this dialect. */
  readModels(json: unknown): ModelInfo[] | undefined;
  /** What else the service tells about them. It never fails: what cannot be had leaves them as they are. */
  enrich?(models: ModelInfo[], ask: Ask): Promise<ModelInfo[]>;
}

export interface Ask {
  baseUrl: string;
  clock: Clock;
  /** JSON at an address of the same service, with a body by POST; undefined for anything else than JSON with status 200. */
  json(url: string, body: object | undefined, signal: AbortSignal): Promise<unknown>;
  signal: AbortSignal;
}

/** What is read of the body of a refusal. */
const MAX_COMPLAINT = 64 * 1024;
/** Nobody chooses from more, and the whole list is told at once. */
const MAX_MODELS = 1000;

/** Whom errors speak of, with the key and the texts of this request. Throws a ProviderRefusal for a key that no header can hold. */
export async function namedBy(options: ServiceOptions, texts: readonly string[] = []): Promise<Named> {
  const { name, baseUrl } = options;
  const key = (await options.key().catch((error: unknown) => refuse(error)))?.trim();
  const who = { name, baseUrl, key: key === '' ? undefined : key, texts };
  if (who.key !== undefined && !/^[\x21-\x7e]+$/.test(who.key))
    throw new ProviderRefusal(
      new Problem('PROVIDER_REFUSED', `The key of ${name} holds characters that no key has.`, 'Enter the key again.'),
      false,
    );
  return who;
}

/** All of what is sent that a complaint could quote. */
export const textsOf = ({ system = '', messages }: ChatRequest): string[] => [
  system,
  ...messages.flatMap((message) => [message.text, ...toolInputs(message)]),
];

const toolInputs = (message: ChatMessage) =>
  message.role === 'assistant' ? (message.toolCalls ?? []).map(({ input }) => input) : [];

/** What a status that is no success means, in words, and what the service said about it. */
export async function refusalOf(
  who: Named,
  response: HttpResponse,
  asked: { model?: string; stream: boolean },
  clock: Clock,
) {
  const complaint = await complaintIn(response);
  const { model, stream } = asked;
  return { complaint, refusal: statusRefusal(who, response, complaint, { model, stream, now: clock.now() }) };
}

export async function listModels(options: ServiceOptions, listing: Listing, signal: AbortSignal): Promise<ModelInfo[]> {
  const { name, baseUrl, http, clock } = options;
  const who = await namedBy(options);
  const headers = { ...listing.headers(who.key), accept: 'application/json' };
  const response = await http({ url: listing.models(baseUrl), method: 'GET', headers, signal });
  if (!succeeded(response)) throw (await refusalOf(who, response, { stream: false }, clock)).refusal;
  const text = await textOf(response.body, MAX_EVENT).catch((error: unknown) => refuse(error, signal));
  if (text.trimStart().startsWith('<')) throw garbled(name, 'a web page (HTML) instead of a list of models');
  const found = listing.readModels(parsed(text));
  if (found === undefined) throw garbled(name, 'something that is no list of models');
  const models = found.slice(0, MAX_MODELS);
  if (listing.enrich === undefined) return models;
  const json: Ask['json'] = async (url, body, limit) => {
    const get = { url, method: 'GET' as const, headers, signal: limit };
    const answer = await http(body === undefined ? get : post(url, headers, body, limit));
    const text = await textOf(answer.body, MAX_EVENT);
    return answer.status === 200 ? parsed(text) : undefined;
  };
  return listing.enrich(models, { baseUrl, clock, json, signal });
}

/** What goes wrong before the first part is a refusal as well. */
export function refuse(error: unknown, signal?: AbortSignal): never {
  if (signal?.aborted || error instanceof ProviderRefusal) throw error;
  throw new ProviderRefusal(Problem.of(error), signal !== undefined);
}

export const succeeded = ({ status }: HttpResponse) => status >= 200 && status < 300;

export function post(url: string, headers: Record<string, string>, body: object, signal: AbortSignal): HttpRequest {
  return {
    url,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  };
}

/** The status counts even when its body cannot be read. */
async function complaintIn(response: HttpResponse): Promise<Complaint> {
  try {
    return complaintOf(parsed(await textOf(response.body, MAX_COMPLAINT)));
  } catch {
    return complaintOf(undefined);
  }
}
