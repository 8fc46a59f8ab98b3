import { Answer } from './answer.ts';
import type { Dialect } from './dialect.ts';
import { embedder } from './embeddings.ts';
import { Exchange } from './exchange.ts';
import type { HttpResponse } from './http.ts';
import { OverlapFilter } from './overlap.ts';
import type { ChatRequest, Provider, ProviderPart } from './provider.ts';
import { leftOut, type Named } from './refusal.ts';
import { listModels, namedBy, post, refusalOf, type ServiceOptions, succeeded, textsOf } from './service.ts';

/** How long to wait for figures and the end mark once the provider has said that it finished. */
export const GRACE_MS = 2000;

/** A provider that is reached over HTTP and speaks one of the dialects. */
export function httpProvider(options: ServiceOptions, dialect: Dialect): Provider {
  const { id, name, kind, baseUrl, http, clock } = options;
  /** By model: fields that the server does not understand, left out from then on. */
  const unknown = new Map<string, Set<string>>();

  /** `inWords`: it could not be given the beginning of its answer, and may repeat the end of it. */
  async function open(who: Named, request: ChatRequest, signal: AbortSignal) {
    const asked = dialect.chat(baseUrl, request);
    const lost = new Set(asked.leftOut);
    let { body } = asked;
    let inWords = false;
    for (const field of unknown.get(request.model) ?? []) body = without(body, field, lost);
    const headers = { ...dialect.headers(who.key), accept: 'text/event-stream, application/json' };
    for (;;) {
      const response = await http(post(asked.url, headers, body, signal));
      if (succeeded(response)) return { response, inWords, lost };
      const { complaint, refusal } = await refusalOf(who, response, request, clock);
      if (response.status !== 400 && response.status !== 422) throw refusal;
      const words = `${complaint.message} ${complaint.kind}`;
      const field = Object.keys(body).find((field) => dialect.dispensable[field]?.complaint.test(words));
      const milder = field === undefined ? dialect.withoutPrefill?.(body, words) : without(body, field, lost);
      if (milder === undefined) throw refusal;
      if (field === undefined) inWords = true;
      else unknown.set(request.model, (unknown.get(request.model) ?? new Set()).add(field));
      body = milder;
    }
  }

  /** The same request without a field; that a wish is lost with it is noted. */
  function without(body: Record<string, unknown>, field: string, lost: Set<string>): Record<string, unknown> {
    if (!(field in body)) return body;
    const { wish } = dialect.dispensable[field] ?? {};
    if (wish !== undefined) lost.add(wish);
    const { [field]: _, ...rest } = body;
    return rest;
  }

  const chat: Provider['chat'] = (request, signal, take) => {
    const exchange = new Exchange(signal, take);
    return exchange.run(async () => {
      const who = await namedBy(options, textsOf(request));
      const { response, inWords, lost } = await open(who, request, exchange.connection);
      if (request.stream && streams(response)) request.accepted?.();
      const give = inWords ? withoutOverlap(request.messages.at(-1)?.text ?? '', exchange.give) : exchange.give;
      const answer = new Answer(name, dialect.reader(who, request), give);
      for (const wish of lost) answer.warn(leftOut(name, wish));
      let endGrace: (() => void) | undefined;
      try {
        await response.body.read((bytes) => {
          request.heard?.();
          answer.push(bytes);
          if (answer.done) return false;
          if (answer.finishing) endGrace ??= clock.after(GRACE_MS, exchange.hangUp);
          return exchange.patience();
        });
        answer.end();
      } catch (error) {
        if (signal.aborted || answer.done) throw error;
        answer.fail(error);
      } finally {
        endGrace?.();
      }
    });
  };

  const models = (signal: AbortSignal) => listModels(options, dialect, signal);
  const { embeddings, headers } = dialect;
  const embed = embeddings === undefined ? {} : { embed: embedder(options, embeddings, headers) };
  return { id, name, kind, baseUrl, offline: false, prefill: dialect.prefill, chat, models, ...embed };
}

const streams = ({ headers }: HttpResponse) => String(headers['content-type']).startsWith('text/event-stream');

/** Gives the parts of a continuation without what it repeats of the text before. */
function withoutOverlap(before: string, give: (part: ProviderPart) => void): (part: ProviderPart) => void {
  const filter = new OverlapFilter(before);
  return (part) => {
    const last = part.type === 'finish' || part.type === 'error';
    const text = part.type === 'delta' ? filter.push(part.text) : last ? filter.end() : '';
    if (text !== '') give({ type: 'delta', text });
    if (part.type !== 'delta') give(part);
  };
}
