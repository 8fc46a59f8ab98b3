import Fastify, { type RouteOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { isRecord } from '#shared/kit/record.ts';
import type { AreaContext } from '../area.ts';
import { openApi } from './openapi.ts';
import { operationList } from './routes.ts';
import { v2 } from './v2.ts';

type Json = Record<string, unknown>;
const document = openApi('1.2.3') as Json & { paths: Record<string, Record<string, Json>>; components: Json };

/** Every object within, with its place. */
function* objects(value: unknown, place = '#'): Generator<[string, Json]> {
  if (Array.isArray(value)) for (const [index, each] of value.entries()) yield* objects(each, `${place}/${index}`);
  if (!isRecord(value)) return;
  yield [place, value];
  for (const [key, each] of Object.entries(value)) yield* objects(each, `${place}/${key}`);
}

const at = (pointer: string): unknown =>
  pointer
    .slice(2)
    .split('/')
    .reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), document);

async function installed(): Promise<RouteOptions[]> {
  const routes: RouteOptions[] = [];
  const app = Fastify();
  app.addHook('onRoute', (route) => void routes.push(route));
  v2.install(app, {} as AreaContext);
  await app.close();
  return routes;
}

describe('the description of v2', () => {
  it('has exactly the routes that are installed, the one of the page to try it apart', async () => {
    const served = (await installed())
      .filter(({ url }) => url !== '/api/docs')
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
    const told = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(told.sort()).toEqual(served.sort());
    expect(told.length).toBeGreaterThan(operationList.length);
  });

  it('refers to nothing that is not there, and has no part that nobody refers to', () => {
    const refs = [...objects(document)].flatMap(([, { $ref }]) => (typeof $ref === 'string' ? [$ref] : []));
    expect(refs.filter((ref) => !ref.startsWith('#/components/') || at(ref) === undefined)).toEqual([]);
    const names = Object.keys(document.components.schemas as Json);
    expect(names.filter((name) => !refs.includes(`#/components/schemas/${name}`))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining(['Error', 'StreamEvent', 'Session', 'MessageRequest', 'Capabilities']),
    );
  });

  it('names every operation once, with its parameters of the path and what it answers', () => {
    const ids = new Set<unknown>();
    for (const [path, methods] of Object.entries(document.paths))
      for (const { operationId, parameters = [], responses, summary } of Object.values(methods)) {
        expect(ids.has(operationId)).toBe(false);
        ids.add(operationId);
        expect(summary).toEqual(expect.any(String));
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const told = (parameters as Json[]).filter(({ in: place }) => place === 'path');
        expect(told.map(({ name, required }) => [name, required])).toEqual(inPath.map((name) => [name, true]));
        expect(Object.keys(responses as Json)).toEqual(expect.arrayContaining(['401', '403', '429']));
        expect(Object.keys(responses as Json).some((code) => code.startsWith('20'))).toBe(true);
      }
  });

  it('is plain JSON of OpenAPI 3.1 that leaves room for what later versions add', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect([document.openapi, (document.info as Json).version]).toEqual(['3.1.0', '1.2.3']);
    for (const [place, object] of objects(document)) {
      expect([place, object.$schema, object.$defs, object.additionalProperties]).not.toContain(false);
      expect(place).not.toMatch(/__schema/);
    }
  });
});
