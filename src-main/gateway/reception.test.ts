import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { Access } from './access.ts';
import type { ServerOptions } from './server.ts';
import { echo } from './testing/echo.ts';
import { bearer, type Running, running, user } from './testing/running.ts';

let there: Running;
const start = async (changed: Partial<ServerOptions> = {}) => {
  there = await running({ areas: [echo], ...changed });
};
afterEach(() => there.close());

const status = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  (await there.ask(path, { headers, method })).status;

describe('a route of a dialect', () => {
  it.each([
    // Route        nobody chat read both admin user
    ['/api/open', [200, 200, 200, 200, 200, 200]],
    ['/api/chat', [401, 200, 403, 200, 200, 200]],
    ['/api/read', [401, 403, 200, 200, 200, 200]],
    ['/api/either', [401, 200, 200, 200, 200, 200]],
    ['/api/admin', [401, 403, 403, 403, 200, 200]],
    ['/api/user', [401, 403, 403, 403, 403, 200]],
    ['/link', [401, 403, 403, 403, 403, 200]],
  ])('%s is opened by the scope that it names', async (path, expected) => {
    await start();
    const tokens = ['chat', 'read', 'both', 'admin', user];
    const method = path === '/link' ? 'POST' : 'GET';
    const all = [{}, ...tokens.map(bearer)].map((headers) => status(path, headers, method));
    expect(await Promise.all(all)).toEqual(expected);
  });

  it('says which scope is missing, and to programs nothing of what is the user’s alone', async () => {
    await start();
    const told = async (path: string) => (await there.ask(path, { headers: bearer('read') })).json.echo;
    expect(await told('/api/chat')).toEqual({
      code: 'FORBIDDEN',
      message: 'The access token lacks the scope chat.',
      next: 'Use a token with more scopes; they are made in Settings under Gateway.',
    });
    expect((await told('/api/user')).message).toContain('for the user alone');
  });

  it('knows who asks, whichever way the access token comes', async () => {
    await start();
    const expected = { kind: 'request', token: { id: 'chat-id', name: 'chat' }, scopes: ['chat'], host: null };
    const ways = [
      { authorization: 'Bearer chat' },
      { authorization: 'bearer  chat' },
      { 'x-api-key': 'chat' },
      { authorization: 'Bearer wrong', 'x-api-key': 'chat' },
    ];
    for (const headers of ways) expect((await there.ask('/api/chat', { headers })).json).toMatchObject(expected);
    for (const headers of [{ authorization: 'chat' }, { 'x-api-key': 'wrong' }, { cookie: 'chat' }])
      expect(await status('/api/chat', headers as unknown as Record<string, string>)).toBe(401);
  });
});

it('an access token that is removed while a body comes opens nothing any more', async () => {
  const tokens = new Set(['lent']);
  const use = (token: string) => (tokens.has(token) ? { id: 'its-id', name: token, scopes: ['chat' as const] } : null);
  await start({ access: new Access({ token: user, secret: 'x'.repeat(32) }, fakeClock(), { use }) });
  const post = () => {
    const headers = { ...bearer('lent'), 'content-type': 'application/json', expect: '100-continue' };
    const sent = request({ port: there.server.port, path: '/api/things/a', method: 'POST', headers });
    const answered = new Promise<number>((resolve) => sent.on('response', (answer) => resolve(answer.statusCode!)));
    // By then its head was looked at.
    return { sent, answered, began: new Promise((resolve) => sent.on('continue', resolve)) };
  };
  const [early, late] = [post(), post()];
  await Promise.all([early.began, late.began]);
  early.sent.end('{}');
  expect(await early.answered).toBe(200);
  tokens.delete('lent');
  late.sent.end('{}');
  expect(await late.answered).toBe(401);
});

it('whatever goes wrong at a dialect is told in it, with the status of HTTP', async () => {
  await start();
  const headers = bearer('chat');
  const post = (body: unknown, more = {}) => ({ method: 'POST', headers: { ...headers, ...more }, body });
  const cases = [
    ['/api/chat', {}, 401, 'UNAUTHORIZED'],
    ['/api/read', { headers }, 403, 'FORBIDDEN'],
    ['/api/nothing', { headers }, 404, 'NOT_FOUND'],
    ['/api/things/a/b', post({}), 404, 'NOT_FOUND'],
    ['/api/chat', { method: 'DELETE', headers }, 405, 'INVALID_REQUEST'],
    ['/api/things/a', post({ long: 'x'.repeat(1000) }), 413, 'FRAME_TOO_LARGE'],
    ['/api/things/a', post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }), 415, 'UNSUPPORTED'],
    ['/api/things/a', post('plain', { 'content-type': 'text/plain' }), 415, 'UNSUPPORTED'],
    ['/api/things/a', post('{"broken":'), 400, 'PARSE'],
    ['/api/things/a', post('{"__proto__":{}}'), 400, 'PARSE'],
    ['/api/things/a', post(''), 400, 'PARSE'],
    ['/api/%zz', { headers }, 400, 'INVALID_REQUEST'],
    ['/api/chat', { headers: { ...headers, origin: 'https://evil.example' } }, 403, 'FORBIDDEN'],
    ['/api/chat', { headers: { ...headers, host: 'evil.example' } }, 421, 'FORBIDDEN'],
    ['/api/problem', { headers }, 409, 'CONFLICT'],
    ['/api/mistake', { headers }, 500, 'INTERNAL'],
  ] as const;
  for (const [path, options, expected, code] of cases) {
    const answer = await there.ask(path, options);
    expect({ path, status: answer.status, by: answer.headers['x-told-by'], json: answer.json }).toEqual({
      path,
      status: expected,
      by: 'echo',
      json: { echo: expect.objectContaining({ code }) },
    });
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  }
  const wrong = await there.ask('/api/things/a', { method: 'PUT', headers });
  expect([wrong.headers.allow, wrong.json.echo.next]).toEqual(['POST', 'Use POST.']);
  expect(await there.upgrade('/ws/chat', bearer('read'))).toMatchObject({
    status: 403,
    json: { echo: { message: 'The access token lacks the scope chat.' } },
  });
  expect(await there.upgrade('/ws/none', headers)).toMatchObject({
    status: 404,
    json: { echo: { code: 'NOT_FOUND' } },
  });
});

it('a mistake of ours is in the log; nothing that anybody wrote is, and no access token', async () => {
  await start();
  await there.ask('/api/mistake?q=canary', { headers: bearer('chat') });
  await there.ask('/api/things/canary-free?text=canary', { headers: bearer('chat'), body: { text: 'canary' } });
  await there.ask('/api/things/a', { headers: { 'x-api-key': 'canary' }, body: '{"canary' });
  await there.ask('/api/%zz?canary', { headers: { cookie: 'canary' } });
  const socket = (await there.upgrade('/ws/chat?canary', bearer('chat'))) as WebSocket;
  socket.send('canary');
  await new Promise((resolve) => socket.once('message', resolve));
  expect(there.logged.filter((line) => line.startsWith('error'))).toEqual([
    'error a request failed {"error":{},"path":"/api/mistake"} Error: what the user wrote',
  ]);
  expect(there.logged).toContainEqual(
    expect.stringMatching(/^debug answered {"path":"\/api\/mistake","status":500,"ms":\d+,"by":"chat"} $/),
  );
  expect(there.logged.join('\n').replaceAll('canary-free', '')).not.toMatch(/canary|Bearer/);
});

describe('too many requests', () => {
  const limits = { connections: 100, requestsPerMinute: 10 };

  it('are refused in the dialect, with the time to come again, and nobody else is', async () => {
    await start({ limits });
    const left = async () =>
      (await there.ask('/api/chat', { headers: bearer('chat') })).headers['x-ratelimit-remaining'];
    const all = [];
    for (let asked = 0; asked < 10; asked++) all.push(await left());
    expect(all).toEqual(['9', '8', '7', '6', '5', '4', '3', '2', '1', '0']);
    const refused = await there.ask('/api/chat', { headers: bearer('chat') });
    expect(refused).toMatchObject({
      status: 429,
      json: { echo: { code: 'RATE_LIMITED', message: 'More than 10 requests came in a minute.' } },
      headers: {
        'retry-after': '6',
        'x-ratelimit-limit': '10',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String((there.clock.now() + 60_000) / 1000),
        'x-told-by': 'echo',
      },
    });
    expect(await there.upgrade('/ws/chat', bearer('chat'))).toMatchObject({
      status: 429,
      headers: { 'retry-after': '6' },
    });
    expect([await status('/api/chat', bearer('both')), await status('/api/chat', bearer(user))]).toEqual([200, 200]);
    there.clock.advance(6000);
    expect(await status('/api/chat', bearer('chat'))).toBe(200);
  });

  it('of those who are not let in are refused as well, and take nothing from the user', async () => {
    await start({ limits });
    const wrong = [];
    for (let asked = 0; asked < 12; asked++) wrong.push(await status('/api/chat', bearer(`guess ${asked}`)));
    expect(wrong).toEqual([...Array(10).fill(401), 429, 429]);
    expect(await status('/api/chat', bearer(user))).toBe(200);
  });

  it('are counted at /rpc for each question', async () => {
    await start({ limits });
    await there.upgrade('/rpc', bearer('chat'));
    const { budget } = there.callers[0]!.who;
    for (let asked = 0; asked < 9; asked++) budget!.spend();
    expect(() => budget!.spend()).toThrow('More than 10 requests came in a minute.');
  });

  it('are no matter of our own pages', async () => {
    await start({ limits });
    const { hash } = new URL(there.server.link());
    const entered = await there.ask('/enter', { body: { code: hash.slice('#code='.length) } });
    const cookie = entered.headers['set-cookie']![0]!.split(';')[0]!;
    const protocols = ['choragus', entered.json.key];
    for (let asked = 0; asked < 20; asked++) {
      expect(await status('/api/chat', { cookie, 'choragus-key': entered.json.key })).toBe(200);
      expect(await status('/running.ts', { cookie })).toBe(200);
    }
    expect(await there.upgrade('/rpc', { cookie }, protocols)).toBeInstanceOf(WebSocket);
    expect(there.callers[0]!.who).toMatchObject({ kind: 'window', token: null, scopes: 'user' });
    expect(there.callers[0]!.who.budget).toBeUndefined();
  });
});

describe('a web page elsewhere that is named in the settings', () => {
  const origin = 'https://notes.example';
  const origins = () => [origin];

  it('may ask the dialects with an access token, and read the answer', async () => {
    await start({ origins });
    for (const [headers, expected] of [
      [bearer('chat'), 200],
      [bearer('read'), 403],
      [{}, 401],
    ] as const) {
      const answer = await there.ask('/api/chat', { headers: { ...headers, origin, 'sec-fetch-site': 'cross-site' } });
      expect(answer.status).toBe(expected);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': '*',
        vary: 'Origin',
      });
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    }
    expect(await there.upgrade('/rpc', { origin }, ['choragus', 'chat'])).toBeInstanceOf(WebSocket);
  });

  it('is told before that it may, without a token', async () => {
    await start({ origins });
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,x-choragus-resumable',
    };
    const answer = await there.ask('/api/things/a', { method: 'OPTIONS', headers });
    expect(answer).toMatchObject({
      status: 204,
      text: '',
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers': 'authorization,x-choragus-resumable',
        'access-control-max-age': '600',
      },
    });
    const other = await there.ask('/api/things/a', {
      method: 'OPTIONS',
      headers: { ...headers, origin: 'https://b.example' },
    });
    expect([other.status, other.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  });

  it('gets nothing for the cookie of the browser, and nothing but the dialects', async () => {
    await start({ origins });
    const { hash } = new URL(there.server.link());
    const code = hash.slice('#code='.length);
    expect((await there.ask('/enter', { body: { code }, headers: { origin } })).status).toBe(403);
    const entered = await there.ask('/enter', { body: { code } });
    const page = { cookie: entered.headers['set-cookie']![0]!.split(';')[0]!, 'choragus-key': entered.json.key };
    expect([await status('/api/chat', page), await status('/api/chat', { ...page, origin })]).toEqual([200, 401]);
    for (const path of ['/', '/link', '/running.ts']) expect(await status(path, { ...bearer(user), origin })).toBe(403);
    expect(await there.upgrade('/rpc', { ...page, origin }, ['choragus', entered.json.key])).toMatchObject({
      status: 401,
    });
  });
});

it('a browser without a cookie gets a socket by its access token, which is never sent back', async () => {
  await start();
  const socket = await there.upgrade('/ws/chat', {}, ['choragus', 'chat']);
  expect(socket).toBeInstanceOf(WebSocket);
  expect((socket as WebSocket).protocol).toBe('choragus');
  expect(await there.upgrade('/ws/chat', {}, ['choragus', 'wrong'])).toMatchObject({ status: 401 });
  expect(await there.upgrade('/ws/chat', {}, ['chat', 'choragus'])).toMatchObject({ status: 401 });
});

it('more connections than allowed are refused with the reason, and welcome again when one has left', async () => {
  await start({ limits: { connections: 1, requestsPerMinute: 6000 } });
  const first = (await there.upgrade('/rpc', bearer('chat'))) as WebSocket;
  for (const path of ['/rpc', '/ws/chat']) {
    const refused = await there.upgrade(path, bearer('chat'));
    expect(refused).toMatchObject({ status: 503, text: expect.stringContaining('its limit of 1 connections') });
  }
  first.close();
  await expect.poll(() => there.choragus.connections.list()).toEqual([]);
  expect(await there.upgrade('/rpc', bearer('chat'))).toBeInstanceOf(WebSocket);
});

it('while it ends, what runs goes on to its end and nothing new is taken', async () => {
  let answer: (() => void) | undefined;
  const slow = {
    ...echo,
    install: ((app) =>
      app.get('/api/slow', { config: { scope: 'chat' } }, async () => {
        await new Promise<void>((resolve) => (answer = resolve));
        return { done: true };
      })) satisfies (typeof echo)['install'],
  };
  await start({ areas: [slow] });
  const running = there.ask('/api/slow', { headers: bearer('chat') });
  await expect.poll(() => answer).toBeDefined();
  const closing = there.server.close(async () => {
    answer!();
    expect((await running).json).toEqual({ done: true });
  });
  await closing;
});

it('who offers another protocol with a request, and would do without, is answered as usual', async () => {
  await start();
  const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA' };
  const headers = { ...bearer('chat'), ...offer };
  expect((await there.ask('/api/chat', { headers })).json).toMatchObject({ token: { name: 'chat' } });
  expect((await there.ask('/api/things/a', { headers, body: { a: 1 } })).json).toEqual({ body: { a: 1 } });
});

it('a body whose lists and objects lie too deep in one another is refused, whatever it is for', async () => {
  await start();
  const post = (levels: number) =>
    there.ask('/api/things/a', { headers: bearer('chat'), body: `${'['.repeat(levels)}${']'.repeat(levels)}` });
  expect((await post(100)).status).toBe(200);
  const { status, json } = await post(101);
  expect([status, json.echo.message]).toEqual([400, expect.stringContaining('more than 100 deep')]);
});
