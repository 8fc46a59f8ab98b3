import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import { MAX_PAYLOAD } from '#shared/wire/websocket.ts';
import { Access, codeMs } from './access.ts';
import { type Server, startServer } from './server.ts';
import { type Listeners, listeners } from './testing/listeners.ts';

const rendererDir = mkdtempSync(join(tmpdir(), 'choragus-renderer-'));
mkdirSync(join(rendererDir, 'assets'));
writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>The renderer</title>');
writeFileSync(join(rendererDir, 'assets', 'index-abc123.js'), 'export {};');
afterAll(() => rmSync(rendererDir, { recursive: true }));

const keys = { token: 'the-access-token', secret: 'x'.repeat(32) };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const bearer = { authorization: 'Bearer the-access-token' };

const given = { id: 'its-id', name: 'notes' };

let clock: FakeClock;
let server: Server;
let there: Listeners;

/** As after a restart: a new process knows the keys and nothing else. */
const start = (port = 0) =>
  startServer({
    host: '127.0.0.1',
    port,
    access: new Access(keys, clock, {
      use: (token) => (token === 'given' ? { ...given, scopes: ['chat', 'read'] } : null),
    }),
    rendererDir,
    version: '1.2.3',
    linkCommand: 'npm start link',
    choragus: there.choragus,
    areas: [],
    limits: { connections: 100, requestsPerMinute: 6000 },
    clock,
    random: Math.random,
    logger: silent,
  });

beforeEach(async () => {
  clock = fakeClock();
  there = listeners(clock);
  server = await start();
});
afterEach(() => server.close(async () => {}));

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A plain request that, unlike fetch, may claim anything. */
function ask(path: string, options: RequestOptions & { json?: unknown } = {}): Promise<Answer> {
  const body = options.json === undefined ? undefined : JSON.stringify(options.json);
  const headers = { ...(body && { 'content-type': 'application/json' }), ...options.headers };
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port: server.port, path, agent: false, ...options, headers },
      (answer) => {
        let text = '';
        answer.on('data', (data) => (text += data));
        answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const codeIn = (link: string) => new URLSearchParams(new URL(link).hash.slice(1)).get('code');
const enter = (code = codeIn(server.link())) => ask('/enter', { method: 'POST', json: { code } });

/** What a page of ours sends: the cookie, and its key. */
async function signedIn() {
  const answer = await enter();
  const cookie = answer.headers['set-cookie']![0]!.split(';')[0]!;
  return { cookie, 'sec-websocket-protocol': `choragus, ${JSON.parse(answer.text).key}` };
}

/** Resolves with `open`, or with the status and text of the refusal. */
function upgrade(
  headers: Record<string, string>,
  path = '/rpc',
): Promise<WebSocket | { status: number; text: string }> {
  const { 'sec-websocket-protocol': protocols, ...rest } = headers;
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, protocols?.split(', ') ?? [], { headers: rest });
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket));
    socket.on('error', reject);
    socket.on('unexpected-response', (_, answer) => {
      let text = '';
      answer.on('data', (data) => (text += data));
      answer.on('end', () => resolve({ status: answer.statusCode!, text }));
    });
  });
}

const opened = async (headers: Record<string, string>) => {
  const result = await upgrade(headers);
  if (!(result instanceof WebSocket)) throw new Error(`Refused: ${JSON.stringify(result)}`);
  return result;
};
const closed = (socket: WebSocket) =>
  new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );

describe('without access', () => {
  it('the health of the server can be seen and nothing else', async () => {
    expect(JSON.parse((await ask('/health')).text)).toEqual({ status: 'ok', version: '1.2.3' });
    for (const path of ['/', '/index.html', '/assets/index-abc123.js', '/nothing', '/rpc', '/health/../index.html'])
      expect({ path, status: (await ask(path)).status }).toEqual({ path, status: 401 });
    expect((await ask('/link', { method: 'POST' })).status).toBe(401);
    expect(await upgrade({})).toMatchObject({ status: 401 });
  });

  it('a person is told how to get a link, a program how to send its token', async () => {
    const page = await ask('/', { headers: { accept: 'text/html,*/*' } });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.text).toContain('<code>npm start link</code>');
    expect(JSON.parse((await ask('/')).text)).toMatchObject({
      code: 'UNAUTHORIZED',
      next: expect.stringContaining('Authorization: Bearer'),
    });
  });

  it('a wrong token, a wrong cookie or one of another server does not help', async () => {
    const { cookie, ...key } = await signedIn();
    const wrong = [
      { authorization: 'Bearer wrong' },
      { cookie: `${cookie}x`, ...key },
      { cookie: cookie.replace(String(server.port), '1'), ...key },
    ];
    for (const headers of wrong) {
      expect((await ask('/', { headers })).status).toBe(401);
      expect(await upgrade(headers)).toMatchObject({ status: 401 });
    }
  });
});

it('another local server, which a browser sends the cookie as well, can do nothing with it but look at the pages', async () => {
  const { cookie, 'sec-websocket-protocol': key } = await signedIn();
  expect(await upgrade({ cookie })).toMatchObject({ status: 401 });
  expect(await upgrade({ cookie, 'sec-websocket-protocol': 'choragus, none' })).toMatchObject({ status: 401 });
  for (const [method, path] of [
    ['POST', '/link'],
    ['GET', '/rpc'],
    ['POST', '/anything-else'],
  ])
    expect((await ask(path!, { method, headers: { cookie } })).status).toBe(401);
  expect((await ask('/', { headers: { cookie } })).status).toBe(200);

  const page = await opened({ cookie, 'sec-websocket-protocol': key });
  expect(page.protocol).toBe('choragus');
  page.close();
});

it('a page whose socket is refused learns at the same place whether it is signed in', async () => {
  const { cookie, 'sec-websocket-protocol': protocols } = await signedIn();
  const status = async (key: string) => (await ask('/rpc', { headers: { cookie, 'choragus-key': key } })).status;
  expect([await status('none'), await status(protocols.split(', ')[1]!)]).toEqual([401, 404]);
});

it('a cookie of the same name that another local server has laid before ours signs nobody out', async () => {
  const { cookie, ...key } = await signedIn();
  const other = `choragus-${server.port}=theirs`;
  for (const both of [`${other}; ${cookie}`, `${cookie}; ${other}`, `a=b; ${other}; ${other}; ${cookie}`]) {
    expect((await ask('/', { headers: { cookie: both } })).status).toBe(200);
    (await opened({ cookie: both, ...key })).close();
  }
});

describe('a link', () => {
  it('signs a browser in, which may then see everything', async () => {
    const answer = await enter();
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']![0]).toMatch(
      new RegExp(`^choragus-${server.port}=[\\w.-]+; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000$`),
    );
    const headers = await signedIn();
    expect((await ask('/', { headers })).text).toContain('The renderer');
    (await opened(headers)).close();
  });

  it('keeps its code behind the #, so that looking at it does not use it up', async () => {
    const link = server.link();
    const page = await ask(link.slice(server.url.length).split('#')[0]!);
    expect(page.text).toContain('<script src="/enter.js"');
    expect((await enter(codeIn(link))).status).toBe(200);
  });

  it('works once', async () => {
    const code = codeIn(server.link());
    expect((await enter(code)).status).toBe(200);
    const again = await enter(code);
    expect(again.status).toBe(401);
    expect(JSON.parse(again.text).message).toBe(
      'This link was used already, is older than 5 minutes, or is not whole.',
    );
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it('works for five minutes', async () => {
    const code = codeIn(server.link());
    clock.advance(codeMs);
    expect((await enter(code)).status).toBe(401);
  });

  it('shows a page without any script or style in it, for the strict policy', async () => {
    const page = await ask('/enter');
    expect(page.text).not.toMatch(/<script(?! src)|<style|style=|\son\w+=/);
    for (const path of page.text.match(/(?<=(?:src|href)=")\/enter[^"]+/g)!) expect((await ask(path)).status).toBe(200);
  });

  it('can be had by the user, who has the main token or is signed in', async () => {
    const { cookie, 'sec-websocket-protocol': protocols } = await signedIn();
    for (const headers of [bearer, { cookie, 'choragus-key': protocols.split(', ')[1] }]) {
      const answer = await ask('/link', { method: 'POST', headers });
      expect((await enter(codeIn(JSON.parse(answer.text).link))).status).toBe(200);
    }
  });

  it('cannot be had by a program with a token of its own: what it opens would outlive the token', async () => {
    const answer = await ask('/link', { method: 'POST', headers: { authorization: 'Bearer given' } });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toEqual({
      code: 'FORBIDDEN',
      message: 'This is for the user alone, not for programs with an access token of their own.',
    });
  });

  it('leaves browsers signed in over a restart', async () => {
    const headers = await signedIn();
    const { port } = server;
    await server.close(async () => {});
    server = await start(port);
    expect((await ask('/', { headers })).status).toBe(200);
    (await opened(headers)).close();
  });

  it.each([{}, { code: 7 }, { code: 'x'.repeat(101) }, { code: '', more: 1 }, []])(
    'refuses %j in its place',
    async (json) => {
      expect((await ask('/enter', { method: 'POST', json })).status).toBe(401);
    },
  );
});

describe('from another web site', () => {
  const other = { origin: 'http://evil.example', ...bearer };

  it('nothing can be asked, even with access', async () => {
    expect((await ask('/', { headers: other })).status).toBe(403);
    expect((await ask('/link', { method: 'POST', headers: other })).status).toBe(403);
    expect(await upgrade(other)).toMatchObject({ status: 403, text: expect.stringContaining('Another web site') });
  });

  it.each(['null', 'http://127.0.0.1:1', 'https://127.0.0.1:PORT', 'http://localhost:PORT'])(
    'also not when it says it is %s',
    async (origin) => {
      const headers = { ...bearer, origin: origin.replace('PORT', String(server.port)) };
      expect((await ask('/', { headers })).status).toBe(403);
      expect(await upgrade(headers)).toMatchObject({ status: 403 });
    },
  );

  it.each(['cross-site', 'same-site'])('nothing can be loaded into it (%s)', async (site) => {
    const headers = { ...bearer, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' };
    expect((await ask('/assets/index-abc123.js', { headers })).status).toBe(403);
    expect((await ask('/health', { headers })).status).toBe(403);
    const frame = { ...bearer, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' };
    expect((await ask('/', { headers: frame })).status).toBe(403);
    const form = { ...bearer, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await ask('/link', { method: 'POST', headers: form })).status).toBe(403);
    expect(await upgrade({ ...bearer, 'sec-fetch-site': site })).toMatchObject({ status: 403 });
  });

  it('a link to Choragus can be followed', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await ask('/enter', { headers })).status).toBe(200);
  });

  it.each(['evil.example', 'evil.example:PORT', '127.0.0.1', '127.0.0.1:1', 'localhost.evil.example:PORT'])(
    'a foreign name for this address is refused: %s',
    async (host) => {
      const headers = { ...bearer, host: host.replace('PORT', String(server.port)) };
      expect((await ask('/health', { headers })).status).toBe(421);
      expect(await upgrade(headers)).toMatchObject({ status: 421 });
    },
  );

  it('its own names and its own pages are welcome', async () => {
    for (const name of ['127.0.0.1', 'localhost', '[::1]', 'LocalHost']) {
      const host = `${name}:${server.port}`;
      const headers = { ...bearer, host, origin: `http://${host.toLowerCase()}`, 'sec-fetch-site': 'same-origin' };
      expect((await ask('/', { headers })).status).toBe(200);
      (await opened(headers)).close();
    }
  });
});

describe('what is served', () => {
  it('carries a strict policy, whatever it is', async () => {
    for (const [path, headers] of [
      ['/', bearer],
      ['/', {}],
      ['/health', {}],
      ['/enter', {}],
      ['/nothing', bearer],
      ['/%zz', {}],
    ] as const) {
      const answer = await ask(path, { headers });
      expect(answer.headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
          "worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
    }
  });

  it('is kept for good when its name holds a hash, and asked for anew otherwise', async () => {
    const asset = await ask('/assets/index-abc123.js', { headers: bearer });
    expect(asset.headers['cache-control']).toBe('private, max-age=31536000, immutable');
    expect((await ask('/', { headers: bearer })).headers['cache-control']).toBe('no-store');
  });

  it('stays within the renderer', async () => {
    for (const path of ['/../package.json', '/..%2fpackage.json', '/assets/../../package.json'])
      expect((await ask(path, { headers: bearer })).status).toBeGreaterThanOrEqual(400);
  });

  it('is nothing where there is nothing', async () => {
    const answer = await ask('/nothing', { headers: bearer });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.text).code).toBe('NOT_FOUND');
    expect((await ask('/nothing', { headers: { ...bearer, accept: 'text/html' } })).text).toContain(
      'nothing at this address',
    );
    for (const path of ['/other', '//', '/rpc/more'])
      expect(await upgrade(bearer, path)).toMatchObject({ status: 404 });
  });
});

describe('limits', () => {
  it('bodies and headers that are too large are refused', async () => {
    expect((await ask('/enter', { method: 'POST', json: { code: 'x'.repeat(20_000) } })).status).toBe(413);
    expect((await ask('/health', { headers: { 'x-large': 'x'.repeat(20_000) } })).status).toBe(431);
    expect((await ask('/health')).status).toBe(200);
  });

  it('a frame that is far too large ends its connection with a reason, and no other', async () => {
    const [good, bad] = [await opened(bearer), await opened(bearer)];
    const end = closed(bad);
    bad.send('x'.repeat(MAX_PAYLOAD + 1));
    expect(await end).toEqual({ code: 1009, reason: 'A frame was far over the limit of 1048576 bytes.' });
    const echo = new Promise((resolve) => good.on('message', (data) => resolve(data.toString())));
    good.send('{"still":"there"}');
    expect(await echo).toContain('still');
    good.close();
  });

  it('a peer that vanishes or sends rubbish harms nobody', async () => {
    const raw = connect(server.port, '127.0.0.1');
    raw.write('RUBBISH\r\n\r\n');
    await new Promise((resolve) => raw.on('close', resolve).resume());
    const vanishing = await opened(bearer);
    vanishing.terminate();
    expect((await ask('/health')).status).toBe(200);
  });
});

it('who came in with an access token that is removed is sent away, and nobody else', async () => {
  const [program, other] = [await opened({ authorization: 'Bearer given' }), await opened(bearer)];
  const end = closed(program);
  there.choragus.connections.closeToken('its-id', 'The access token was removed.');
  // It does not know of it yet.
  program.send('{"too":"late"}');
  expect(await end).toEqual({ code: 1000, reason: 'The access token was removed.' });
  const address = expect.any(String);
  const budget = expect.anything();
  expect(there.callers).toEqual([
    { who: { kind: 'rpc', address, token: given, scopes: ['chat', 'read'], host: null, budget }, heard: [] },
    { who: { kind: 'rpc', address, token: null, scopes: 'user', host: null, budget }, heard: [] },
  ]);
  const echo = new Promise((resolve) => other.on('message', (data) => resolve(data.toString())));
  other.send('{"still":"there"}');
  expect(await echo).toContain('still');
  other.close();
});

describe('the end', () => {
  it('takes nothing new, waits for what drains, then says goodbye to who is left', async () => {
    const socket = await opened(bearer);
    const end = closed(socket);
    let drained = () => {};
    const closing = server.close(() => new Promise((resolve) => (drained = resolve)));
    await expect
      .poll(() =>
        ask('/health').then(
          () => 'taken',
          (error: NodeJS.ErrnoException) => error.code,
        ),
      )
      .toBe('ECONNREFUSED');
    expect(socket.readyState).toBe(WebSocket.OPEN);
    drained();
    expect(await end).toEqual({ code: 1001, reason: 'Choragus ends.' });
    await closing;
  });
});

it('a port that is taken is told in a sentence', async () => {
  await expect(start(server.port)).rejects.toThrow(
    `Choragus cannot listen on port ${server.port} of 127.0.0.1: another program uses it.`,
  );
});
