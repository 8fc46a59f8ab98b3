import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { Problem } from '#shared/domain/problem.ts';
import { alternating } from '../dialect.ts';
import type { HttpResponse } from '../http.ts';
import { parsed } from '../json.ts';
import { Parts } from '../parts.ts';
import { type ChatRequest, type Provider, type ProviderPart, ProviderRefusal } from '../provider.ts';
import { garbled, type Named, temperatureLeftOut } from '../refusal.ts';
import { type Listing, listModels, namedBy, refusalOf, type ServiceOptions, succeeded } from '../service.ts';
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
  /** The same request for a server that complains about something in it that it can do without. */
  without?(body: Record<string, unknown>, complaint: string): Record<string, unknown> | undefined;
  /** Absent: it has no list; its models are named by hand. */
  readonly listing?: Listing;
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

  async function* chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ProviderPart, void, undefined> {
    signal.throwIfAborted();
    const connection = new AbortController();
    const stop = () => connection.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const parts = new Parts(name);
    let tap: Tap | undefined;
    try {
      const who = await namedBy(options, request);
      tap = new Tap({
        who,
        wire: sdk.wire,
        stream: request.stream,
        heard: () => request.heard?.(),
        after: (ms, run) => clock.after(ms, run),
        hangUp: () => connection.abort(),
        send: async (url, headers, body) => {
          const sent = await send(who, request, { url, headers, body }, connection.signal);
          const lost = body.includes('"temperature":') && !sent.body.includes('"temperature":');
          if (lost) parts.give({ type: 'warning', message: temperatureLeftOut(who) });
          return sent.response;
        },
      });
      const settings = { baseURL: sdk.root(baseUrl), apiKey: who.key ?? 'none', fetch: tap.fetch };
      const model = await sdk.model(settings, request.model);
      const call = callOf(request, sdk, connection.signal);
      const translation = new Translation(name, (piece) => parts.give(piece));
      try {
        for await (const part of answerOf(model, call, tap, parts, request.stream)) {
          translation.read(part);
          for (const each of parts.take()) {
            signal.throwIfAborted();
            yield each;
          }
        }
        if (tap.failure !== undefined) throw tap.failure;
        const whole = tap.whole !== undefined;
        parts.close(tap.finished || whole ? (translation.reason ?? 'other') : undefined, tap.ended);
      } catch (error) {
        if (signal.aborted || parts.done) throw error;
        // What a package throws of its own may hold anything, such as what was sent.
        const ours = tap.failure ?? (error instanceof ProviderRefusal ? error : undefined);
        parts.fail(ours ?? garbled(name, 'something that is not of its dialect'));
      }
      if (parts.complete) signal.removeEventListener('abort', stop);
      yield* parts.take();
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      tap?.close();
      signal.removeEventListener('abort', stop);
      if (!parts.complete) connection.abort();
    }
  }

  const models = async (signal: AbortSignal) => {
    if (sdk.listing !== undefined) return listModels(options, sdk.listing, signal);
    throw new ProviderRefusal(
      new Problem('PROVIDER_REFUSED', `${name} cannot tell its models.`, 'Name its models by hand.'),
      false,
    );
  };

  return { id, name, kind, baseUrl, offline: false, prefill: false, chat, models };
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

function callOf(request: ChatRequest, sdk: Sdk, abortSignal: AbortSignal): LanguageModelV4CallOptions {
  const { model, system, messages, maxTokens, temperature } = request;
  const providerOptions = sdk.optionsFor?.(model);
  const said = alternating(messages.filter(({ text }) => text.trim() !== ''));
  return {
    prompt: [
      ...(system === undefined || system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]),
      ...said.map(({ role, content }) => ({ role, content: [{ type: 'text' as const, text: content }] })),
    ],
    abortSignal,
    ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(providerOptions === undefined ? {} : { providerOptions }),
  };
}
