import fc from 'fast-check';
import { expectDocumented } from './dialects.ts';
import { askRaw, type RawAnswer, type RawRequest } from './raw-http.ts';
import { described, others, type Route } from './routes.ts';
import { mixed, written } from './spoil.ts';
import { sawTurn } from './values.ts';
import type { World } from './world.ts';

const known = new WeakMap<World, Promise<Route[]>>();
export function routesOf(world: World): Promise<Route[]> {
  const routes = known.get(world) ?? described(world).then((its) => [...its, ...others]);
  known.set(world, routes);
  return routes;
}
export const bearer = (token: string) => ['Authorization', `Bearer ${token}`] as const;
export const json = ['Content-Type', 'application/json'] as const;
const text = (value: unknown) => (typeof value === 'string' ? value : written(value));
const encoded = (value: unknown) => encodeURIComponent(text(value).slice(0, 400).toWellFormed());
/** One octet a character. */
export const utf8 = (value: string) => Buffer.from(value).toString('latin1');

/** The request for a route, with everything as it is given. */
export function requestOf(route: Route, given: { parts: unknown; query: unknown; body: unknown }): RawRequest {
  const parts = fields(given.parts);
  const path = route.path.replace(/\{(\w+)\}/g, (_, name) => encoded(parts[name] ?? 'x'));
  const query = Object.entries(fields(given.query))
    .slice(0, 5)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const headers = route.body === null ? route.headers : [...route.headers, json];
  const address = query.length === 0 ? path : `${path}?${query.join('&')}`;
  const request = { method: route.method, path: address, headers };
  return route.body === null ? request : { ...request, body: utf8(written(given.body)) };
}
const fields = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

export const givenFor = (route: Route, spoil: (values: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown> = mixed) =>
  fc.record({
    parts: spoil(fc.record(route.parts)),
    query: spoil(route.query),
    body: spoil(route.body ?? fc.constant({})),
  });
export const fittingFor = (route: Route) => givenFor(route, (values) => values);

export const withToken = (request: RawRequest, token: string): RawRequest => ({
  ...request,
  headers: [...request.headers, bearer(token)],
});

/** Expects what is documented. */
export async function ask(world: World, request: RawRequest): Promise<RawAnswer> {
  const answer = await askRaw(world.port, request);
  expectDocumented(request, answer);
  sawTurn(answer!.headers.get('x-choragus-turn'));
  return answer!;
}

/** For every route: one after the other, each with inputs of its own; what fails says at which. */
export const everyRoute = (each: (world: World, route: Route) => Promise<unknown>) => async (world: World) => {
  for (const route of await routesOf(world)) {
    const named = (error: Error) => new Error(`${route.method} ${route.path}: ${error.message}`, { cause: error });
    await each(world, route).catch((error: Error) => Promise.reject(named(error)));
  }
};
