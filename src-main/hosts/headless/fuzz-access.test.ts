import fc from 'fast-check';
import { expect } from 'vitest';
import type { Scope } from '#shared/domain/gateway.ts';
import { ask, bearer, everyRoute, fittingFor, givenFor, json, requestOf, utf8, withToken } from './testing/fuzz/ask.ts';
import { parse } from './testing/fuzz/dialects.ts';
import { fuzzPlace } from './testing/fuzz/place.ts';
import type { Route } from './testing/fuzz/routes.ts';
import { fuzz } from './testing/fuzz/runs.ts';
import { spoilt, strange, written } from './testing/fuzz/spoil.ts';
import { everybody, MARK, scopesOf, type Who } from './testing/fuzz/world.ts';

const opensFor = (scope: Route['scope'], who: Who): boolean => {
  const given = scopesOf(who);
  if (scope === 'open' || given === 'user') return true;
  return scope !== 'user' && (given.includes('admin') || scope.some((each: Scope) => given.includes(each)));
};

fuzzPlace({
  'every route refuses an access token with too few scopes, whatever it is asked': everyRoute((world, route) =>
    fuzz(fc.tuple(fc.constantFrom<Who>(...everybody), givenFor(route)), 6, async ([who, given]) => {
      const { status } = await ask(world, withToken(requestOf(route, given), world.tokens[who]));
      if (opensFor(route.scope, who)) expect(status).not.toBe(403);
      else expect(status).toBe(403);
    }),
  ),

  'every route refuses who has no access token, or a foreign, damaged or removed one': everyRoute((world, route) => {
    const token = fc.constantFrom(
      null,
      world.removed,
      `${MARK}-foreign`,
      `${world.tokens.chat}x`,
      world.tokens.user.slice(1),
      '',
    );
    return fuzz(fc.tuple(token, fittingFor(route)), 5, async ([each, given]) => {
      const request = requestOf(route, given);
      const { status } = await ask(world, each === null ? request : withToken(request, each));
      if (route.scope === 'open') expect(status).not.toBe(403);
      else expect(status).toBe(401);
    });
  }),

  'a cookie that is forged, old or of somebody else opens nothing': everyRoute((world, route) => {
    const value = fc.oneof(
      fc.constantFrom(
        '',
        '0',
        `${Date.now() + 1e9}.`,
        `${Date.now() + 1e9}.${'A'.repeat(43)}`,
        'NaN.x',
        '1e999.x',
        world.tokens.user,
      ),
      fc.string({ unit: fc.constantFrom(...'0123456789.abc-_='), maxLength: 60 }),
    );
    return fuzz(fc.tuple(value, fittingFor(route)), 3, async ([each, given]) => {
      const request = requestOf(route, given);
      const headers = [
        ...request.headers,
        ['Cookie', `choragus-${world.port}=${each}`],
        ['Choragus-Key', each],
      ] as const;
      const { status } = await ask(world, { ...request, headers });
      if (route.scope !== 'open') expect(status).toBe(401);
    });
  }),

  'every route refuses another Host with 421 and another Origin with 403, whoever asks': everyRoute((world, route) => {
    const forged = fc.oneof(
      fc
        .constantFrom(
          'evil.example',
          '127.0.0.1',
          'localhost:1',
          `127.0.0.1:${world.port}.evil.example`,
          '',
          '[::1]',
          `x@127.0.0.1:${world.port}`,
        )
        .map((host) => ({ headers: [['Host', host] as const], status: 421 })),
      fc
        .constantFrom(
          'https://evil.example',
          'null',
          '',
          'http://localhost',
          `https://127.0.0.1:${world.port}`,
          `http://127.0.0.1:${world.port}.evil.example`,
          'file://',
        )
        .map((origin) => ({ headers: [['Origin', origin] as const], status: 403 })),
      fc
        .constantFrom('cross-site', 'same-site', 'nonsense')
        .map((site) => ({ headers: [['Sec-Fetch-Site', site] as const], status: 403 })),
    );
    return fuzz(fc.tuple(forged, fittingFor(route)), 6, async ([{ headers, status }, given]) => {
      const request = withToken(requestOf(route, given), world.tokens.user);
      expect((await ask(world, { ...request, headers: [...request.headers, ...headers] })).status).toBe(status);
    });
  }),

  'a link works once, and no other code works': async (world) => {
    const enter = (body: unknown) =>
      ask(world, { method: 'POST', path: '/enter', headers: [json], body: utf8(written(body)) });
    const { body } = await ask(world, { method: 'POST', path: '/link', headers: [bearer(world.tokens.user)] });
    const { link } = parse(body) as { link: string };
    const code = link.split('code=')[1]!;
    const wrong = fc.oneof(spoilt(fc.constant({ code: `${code}x` })), strange);
    await fuzz(wrong, 60, async (each) => expect([400, 401, 413]).toContain((await enter(each)).status));
    expect((await enter({ code })).status).toBe(200);
    expect((await enter({ code })).status).toBe(401);
  },
});
