import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { Problem } from '#shared/domain/problem.ts';
import { isRecord } from '#shared/kit/record.ts';
import { type EmbeddingDialect, embedder } from '../embeddings.ts';
import { Exchange } from '../exchange.ts';
import type { HttpResponse } from '../http.ts';
import { excerpt, parsed, textOr } from '../json.ts';
import { until } from '../pace.ts';
import { Parts } from '../parts.ts';
import { type ChatRequest, type Provider, ProviderRefusal } from '../provider.ts';
import { garbled, leftOut, type Named } from '../refusal.ts';
import { type Listing, listModels, namedBy, refusalOf, type ServiceOptions, succeeded, textsOf } from '../service.ts';
import { callOf } from './call.ts';
import { Tap } from './tap.ts';
import { partsOf, Translation } from './translation.ts';
import type { Wire } from './wire.ts';

/** A service that is spoken to by way of an AI SDK provider package. */
export interface Sdk {
  readonly wire: Wire;
  /** The address as the package wants it, out of what people paste. */
  root(baseUrl: string): string;
  /** Loads the package on first use. It must get a key and an address, or it looks for them in the environment. */
  model(
    settings: { baseURL: string; apiKey: string; fetch: typeof globalThis.fetch },
    id: string,
  ): Promise<LanguageModelV4>;
  /** In which the package sends the key; left out when there is none. */
  readonly keyHeader: string;
  optionsFor?(model: string): NonNullable<LanguageModelV4CallOptions['providerOptions']>;
  /** The name under which the package takes the option `parallelToolCalls`; absent where it takes none. */
  readonly parallel?: string;
  /** The same request for a server that complains about something in it that it can do without. */
  without?(body: Record<string, unknown>, complaint: string): Record<string, unknown> | undefined;
  /** Absent: it has no list; its models are named by hand. */
  readonly listing?: Listing;
  /** Absent: it has none. */
  readonly embeddings?: EmbeddingDialect;
}

/** A provider over HTTP whose dialect is read by a package; all that must not differ between providers is ours. */
export function sdkProvider(options: ServiceOptions, sdk: Sdk): Provider {
  const { id, name, kind, baseUrl, http, clock } = options;

  /** By model: what it complained about and could do without. */
  const complaints = new Map<string, string[]>();

  /** Sends a request of the package as one of ours. */
  async function send(who: Named, request: ChatRequest, asked: Sent, signal: AbortSignal): Promise<Received> {
    const headers: Record<string, string> = { ...asked.headers, accept: 'text/event-stream, application/json' };
    if (who.key === undefined) delete headers[sdk.keyHeader];
    const known = () => complaints.get(request.model) ?? [];
    const without = (body: string, complaint: string) => {
      const milder = sdk.without?.(parsed(body) as Record<string, unknown>, complaint);
      return milder === undefined ? undefined : JSON.stringify(milder);
    };
    let body = known().reduce((body, complaint) => without(body, complaint) ?? body, asked.body);
    for (;;) {
      const response = await http({ url: asked.url, method: 'POST', headers, body, signal });
      if (succeeded(response)) return { response, body };
      const { complaint, refusal } = await refusalOf(who, response, request, clock);
      const words = `${complaint.message} ${complaint.kind}`;
      const milder = response.status === 400 || response.status === 422 ? without(body, words) : undefined;
      if (milder === undefined) throw refusal;
      complaints.set(request.model, [...known(), words]);
      body = milder;
    }
  }

  const chat: Provider['chat'] = (request, signal, take) => {
    const exchange = new Exchange(signal, take);
    return exchange.run(async () => {
      const parts = new Parts(name, exchange.give);
      const who = await namedBy(options, textsOf(request));
      const tap = new Tap({
        who,
        wire: sdk.wire,
        stream: request.stream,
        heard: () => request.heard?.(),
        after: (ms, run) => clock.after(ms, run),
        hangUp: exchange.hangUp,
        send: async (url, headers, body) => {
          const sent = await send(who, request, { url, headers, body }, exchange.connection);
          const lost = body.includes('"temperature":') && !sent.body.includes('"temperature":');
          if (lost) parts.give({ type: 'warning', message: leftOut(name, 'temperature') });
          return sent.response;
        },
      });
      const settings = { baseURL: sdk.root(baseUrl), apiKey: who.key ?? 'none', fetch: tap.fetch };
      const model = await sdk.model(settings, request.model);
      const { call, wishes } = callOf(request, sdk, exchange.connection);
      for (const wish of wishes) parts.give({ type: 'warning', message: leftOut(name, wish) });
      const translation = new Translation(name, (piece) => parts.give(piece));
      try {
        for await (const part of answerOf(model, call, tap, parts, request.stream)) {
          translation.read(part);
          const patience = exchange.patience();
          if (patience !== undefined) await until(patience, signal);
          signal.throwIfAborted();
        }
        if (tap.failure !== undefined) throw tap.failure;
        const whole = tap.whole !== undefined;
        parts.close(tap.finished || whole ? (translation.reason ?? 'other') : undefined, tap.ended);
      } catch (error) {
        if (signal.aborted || parts.done) throw error;
        parts.fail(tap.failure ?? ours(name, error));
      } finally {
        tap.close();
      }
    });
  };

  const models = async (signal: AbortSignal) => {
    if (sdk.listing !== undefined) return listModels(options, sdk.listing, signal);
    throw new ProviderRefusal(
      new Problem('PROVIDER_REFUSED', `${name} cannot tell its models.`, 'Name its models by hand.'),
      false,
    );
  };

  const { embeddings } = sdk;
  const embed = embeddings === undefined ? {} : { embed: embedder(options, embeddings, keyIn(sdk.keyHeader)) };
  return { id, name, kind, baseUrl, offline: false, prefill: false, chat, models, ...embed };
}

const keyIn =
  (header: string) =>
  (key: string | undefined): Record<string, string> =>
    key === undefined ? {} : { [header]: header === 'authorization' ? `Bearer ${key}` : key };

/** What a package throws of its own may hold anything, such as what was sent. */
function ours(name: string, error: unknown): ProviderRefusal {
  if (error instanceof ProviderRefusal) return error;
  if (!isRecord(error) || error.name !== 'AI_UnsupportedFunctionalityError')
    return garbled(name, 'something that is not of its dialect');
  const what = excerpt(textOr(error.functionality, 'something that was asked for'));
  return new ProviderRefusal(
    new Problem('PROVIDER_REFUSED', `${name} does not support ${what}.`, 'Change the request or choose another model.'),
    false,
  );
}

interface Sent {
  url: string;
  headers: Record<string, string>;
  body: string;
}

interface Received {
  response: HttpResponse;
  /** What was sent at last. */
  body: string;
}

async function* answerOf(
  model: LanguageModelV4,
  call: LanguageModelV4CallOptions,
  tap: Tap,
  parts: Parts,
  stream: boolean,
): AsyncGenerator<LanguageModelV4StreamPart, void, undefined> {
  if (stream) {
    try {
      return yield* (await model.doStream(call)).stream;
    } catch (error) {
      if (tap.whole === undefined) throw error;
    }
  }
  parts.buffered = true;
  yield* partsOf(await model.doGenerate(call));
}
