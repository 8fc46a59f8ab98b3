import fc from 'fast-check';
import { z } from 'zod';
import type { Scope } from '#shared/domain/gateway.ts';
import { CountBody, MessagesBody } from '../../../../gateway/anthropic/schema.ts';
import { ChatBody, EmbeddingsBody } from '../../../../gateway/openai/schema.ts';
import { operationList } from '../../../../gateway/v2/routes.ts';
import { fitting, type Schema } from './values.ts';
import type { World } from './world.ts';

/** One thing that can be asked by HTTP. */
export interface Route {
  method: string;
  /** As OpenAPI writes it: `{name}` is a part that varies. */
  path: string;
  parts: Record<string, fc.Arbitrary<unknown>>;
  query: fc.Arbitrary<unknown>;
  headers: readonly (readonly [string, string])[];
  body: fc.Arbitrary<unknown> | null;
  /** What an access token needs; `open`: nothing, `user`: to be the user's own. */
  scope: readonly Scope[] | 'open' | 'user';
  /** What it is documented to answer with; null: as its dialect does. */
  statuses: readonly number[] | null;
}

interface Parameter {
  name: string;
  in: string;
  schema: Schema;
}
interface Described {
  parameters?: Parameter[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
  responses: Record<string, unknown>;
}
interface OpenApi {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
}

const nothing = fc.constant({});

/** All that the document of the server itself says that it has. */
export async function described(world: World): Promise<Route[]> {
  const answer = await fetch(`${world.server.url}/api/v2/openapi.json`, {
    headers: { authorization: `Bearer ${world.tokens.user}` },
  });
  const { paths, components } = (await answer.json()) as OpenApi;
  const refs = (ref: string) => components.schemas[ref.split('/').at(-1)!]!;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]) => {
      const inPlace = (place: string) =>
        Object.fromEntries(
          parameters.filter((each) => each.in === place).map(({ name, schema }) => [name, fitting(schema, refs, name)]),
        );
      const schema = requestBody?.content['application/json'].schema;
      return {
        method: method.toUpperCase(),
        path,
        parts: inPlace('path'),
        query: fc.record(inPlace('query'), { requiredKeys: [] }),
        headers: [],
        body: schema === undefined ? null : fitting(schema, refs),
        scope: scopeOf(method.toUpperCase(), path),
        statuses: Object.keys(responses).map(Number),
      };
    }),
  );
}

function scopeOf(method: string, path: string): readonly Scope[] {
  const there = (each: string | undefined) => each?.replace(/:(\w+)/g, '{$1}') === path;
  const found = operationList.find(([, each]) => each.method === method && (there(each.path) || there(each.alias)));
  return [found![1].scope].flat();
}

const bodyOf = (schema: z.ZodType) =>
  fitting(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema, () => ({}));
const anthropic = [['anthropic-version', '2023-06-01']] as const;
const chat = ['chat'] as const;
const any = ['chat', 'read'] as const;
const model = { name: fc.constantFrom('apollo', 'sim/steady', 'nobody', 'a/b/c') };

function route(method: string, path: string, scope: Route['scope'], more: Partial<Route> = {}): Route {
  return { method, path, parts: {}, query: nothing, headers: [], body: null, scope, statuses: null, ...more };
}

/** All else that there is. */
export const others: readonly Route[] = [
  route('GET', '/v1/models', any),
  route('GET', '/v1/models/{name}', any, { parts: model }),
  route('POST', '/v1/chat/completions', chat, { body: bodyOf(ChatBody) }),
  route('POST', '/v1/embeddings', chat, { body: bodyOf(EmbeddingsBody) }),
  route('GET', '/v1/models', any, { headers: anthropic }),
  route('GET', '/v1/models/{name}', any, { headers: anthropic, parts: model }),
  route('POST', '/v1/messages', chat, { headers: anthropic, body: bodyOf(MessagesBody) }),
  route('POST', '/v1/messages/count_tokens', chat, { body: bodyOf(CountBody) }),
  route('GET', '/health', 'open'),
  route('GET', '/enter', 'open'),
  route('GET', '/enter.js', 'open'),
  route('GET', '/enter.css', 'open'),
  route('POST', '/enter', 'open', { body: fc.record({ code: fc.string({ maxLength: 100 }) }) }),
  route('POST', '/link', 'user'),
  route('GET', '/api/docs', 'open'),
  route('GET', '/rpc', any),
  route('GET', '/ws/ai/apollo', chat),
  route('GET', '/', any),
];
