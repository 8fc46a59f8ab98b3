import { textOf } from './http.ts';
import { parsed } from './json.ts';
import type { Embeddings, Provider } from './provider.ts';
import { garbled } from './refusal.ts';
import { namedBy, post, refusalOf, refuse, type ServiceOptions, succeeded } from './service.ts';

type Embed = NonNullable<Provider['embed']>;

/** How a service is asked for embeddings. */
export interface EmbeddingDialect {
  url(baseUrl: string, model: string): string;
  body(request: Parameters<Embed>[0]): Record<string, unknown>;
  /** Undefined: not the shape of this dialect. */
  read(json: unknown): Embeddings | undefined;
  /** Texts of one request; more of them go in several. */
  readonly most: number;
}

/** What an answer may be long, in bytes: some two thousand texts. */
const LONGEST = 128 * 1024 * 1024;

/** Embeddings over HTTP, with the same refusals as answers have. */
export function embedder(
  options: ServiceOptions,
  dialect: EmbeddingDialect,
  headersOf: (key: string | undefined) => Record<string, string>,
): Embed {
  const { name, baseUrl, http, clock } = options;

  const embed: Embed = async (request, signal) => {
    const { model, texts } = request;
    const who = await namedBy(options, texts);
    const headers = { ...headersOf(who.key), accept: 'application/json' };
    const response = await http(post(dialect.url(baseUrl, model), headers, dialect.body(request), signal));
    if (!succeeded(response)) throw (await refusalOf(who, response, { model, stream: false }, clock)).refusal;
    const text = await textOf(response.body, LONGEST).catch((error: unknown) => refuse(error, signal));
    const made = dialect.read(parsed(text));
    if (made?.vectors.length !== texts.length) throw garbled(name, 'something that is no list of embeddings');
    return made;
  };

  return async (request, signal) => {
    const made = await embed({ ...request, texts: request.texts.slice(0, dialect.most) }, signal);
    for (let at = dialect.most; at < request.texts.length; at += dialect.most) {
      const more = await embed({ ...request, texts: request.texts.slice(at, at + dialect.most) }, signal);
      for (const vector of more.vectors) made.vectors.push(vector);
      if (more.tokens !== undefined) made.tokens = (made.tokens ?? 0) + more.tokens;
    }
    return made;
  };
}
