import { Answer } from './answer.ts';
import type { Dialect } from './dialect.ts';
import { OverlapFilter } from './overlap.ts';
import type { ChatRequest, Provider, ProviderPart } from './provider.ts';
import { type Named, temperatureLeftOut } from './refusal.ts';
import { listModels, namedBy, post, refusalOf, type ServiceOptions, succeeded } from './service.ts';

/** How long to wait for figures and the end mark once the provider has said that it finished. */
export const GRACE_MS = 2000;

/** A provider that is reached over HTTP and speaks one of the dialects. */
export function httpProvider(options: ServiceOptions, dialect: Dialect): Provider {
  const { id, name, kind, baseUrl, http, clock } = options;
  /** By model: fields that the server does not understand, left out from then on. */
  const leftOut = new Map<string, Set<string>>();

  /** `inWords`: it could not be given the beginning of its answer, and may repeat the end of it. */
  async function open(who: Named, request: ChatRequest, signal: AbortSignal) {
    const asked = dialect.chat(baseUrl, request);
    let { body } = asked;
    let inWords = false;
    for (const field of leftOut.get(request.model) ?? []) delete body[field];
    const headers = { ...dialect.headers(who.key), accept: 'text/event-stream, application/json' };
    for (;;) {
      const response = await http(post(asked.url, headers, body, signal));
      if (succeeded(response)) return { response, inWords, body };
      const { complaint, refusal } = await refusalOf(who, response, request, clock);
      if (response.status !== 400 && response.status !== 422) throw refusal;
      const words = `${complaint.message} ${complaint.kind}`;
      const fewer = withoutUnknown(request.model, body, words);
      const milder = fewer ?? dialect.withoutPrefill?.(body, words);
      if (milder === undefined) throw refusal;
      inWords ||= fewer === undefined;
      body = milder;
    }
  }

  /** The same request without the field that the server complains about, if it can do without. */
  function withoutUnknown(model: string, body: Record<string, unknown>, complaint: string) {
    const unknown = Object.keys(body).find((field) => dialect.dispensable[field]?.test(complaint));
    if (unknown === undefined) return undefined;
    leftOut.set(model, (leftOut.get(model) ?? new Set()).add(unknown));
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
      const who = await namedBy(options, request);
      const { response, inWords, body } = await open(who, request, connection.signal);
      const overlap = inWords ? new OverlapFilter(request.messages.at(-1)?.text ?? '') : undefined;
      const answer = new Answer(name, dialect.reader(who, request));
      if (request.temperature !== undefined && body.temperature === undefined) answer.warn(temperatureLeftOut(who));
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

  const models = (signal: AbortSignal) => listModels(options, dialect, signal);
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
