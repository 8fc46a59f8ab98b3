import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Access } from '../gateway/access.ts';
import { startServer } from '../gateway/server.ts';
import { listeners } from '../gateway/testing/listeners.ts';
import { AccessTokens } from '../gateway/tokens.ts';
import { systemClock } from './clock.ts';
import { Gateway } from './gateway.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

let folder: string;
let file: string;
/** Where it listened, step by step. */
let moves: (string | undefined)[];
let announced: (address: string | undefined) => void;
let open: Gateway[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-gateway-'));
  file = join(folder, 'gateway.json');
  moves = [];
  announced = (address) => moves.push(address);
  open = [];
});
afterEach(async () => {
  for (const gateway of open) await gateway.close(async () => {});
  rmSync(folder, { recursive: true });
});

/** As at a start of the app. */
async function start(window?: { port: number | null }, origins: readonly string[] = []): Promise<Gateway> {
  const tightened = () => {};
  const tokens = new AccessTokens({ file: join(folder, 'tokens.json'), clock: systemClock, tightened, logger: silent });
  const access = new Access({ token: 'the-access-token', secret: 'x'.repeat(32) }, systemClock, tokens);
  const there = listeners(systemClock);
  const gateway: Gateway = new Gateway({
    file,
    window,
    tokens,
    origins,
    closeToken: (id, reason) => there.choragus.connections.closeToken(id, reason),
    listen: (port) =>
      startServer({
        host: '127.0.0.1',
        port,
        access,
        rendererDir: folder,
        version: '1',
        linkCommand: 'link',
        choragus: there.choragus,
        areas: [],
        origins: () => gateway.origins,
        limits: { connections: 100, requestsPerMinute: 6000 },
        clock: systemClock,
        random: Math.random,
        logger: silent,
      }),
    moved: (address) => announced(address),
    tightened,
    logger: silent,
  });
  open.push(gateway);
  await gateway.open();
  return gateway;
}

const answers = async (url: string | null | undefined) =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

async function connected(url: string | null, token: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url?.replace('http', 'ws')}/rpc`, { headers: { authorization: `Bearer ${token}` } });
  await once(socket, 'open');
  return socket;
}

/** A port that another program uses, until it is told to leave. */
async function taken() {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const leave = () => new Promise((resolve) => other.close(resolve));
  return { port: (other.address() as AddressInfo).port, leave };
}

describe('beside a desktop', () => {
  it('is off until the user switches it on, and off again at once', async () => {
    const gateway = await start();
    expect(gateway.info()).toEqual({
      url: null,
      enabled: false,
      port: 2467,
      fixed: null,
      problem: null,
      origins: [],
      open: null,
      tokens: [],
    });
    const { url } = await gateway.set({ enabled: true, port: 0 });
    expect([url, await answers(url)]).toEqual([gateway.url, true]);
    expect(await gateway.set({ enabled: false, port: 0 })).toMatchObject({ url: null, enabled: false });
    expect(await answers(url)).toBe(false);
    expect(moves).toEqual([url, undefined]);
  });

  it('comes up again with the next start, from a file for its owner alone', async () => {
    await (await start()).set({ enabled: true, port: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = await start();
    expect(await answers(again.url)).toBe(true);
  });

  it('moves to another port at once, and stays when nothing changes', async () => {
    const gateway = await start();
    const first = await gateway.set({ enabled: true, port: 0 });
    const socket = await connected(first.url, 'the-access-token');
    expect((await gateway.set({ enabled: true, port: 0 })).url).toBe(first.url);
    expect(socket.readyState).toBe(WebSocket.OPEN);

    const { port, leave } = await taken();
    await leave();
    const closed = once(socket, 'close');
    expect((await gateway.set({ enabled: true, port })).url).toBe(`http://127.0.0.1:${port}`);
    expect((await closed)[0]).toBe(1001);
    expect([await answers(first.url), await answers(gateway.url)]).toEqual([false, true]);
  });

  it('says why it does not listen, and listens once it can', async () => {
    const gateway = await start();
    const { port, leave } = await taken();
    expect(await gateway.set({ enabled: true, port })).toMatchObject({
      url: null,
      enabled: true,
      port,
      problem: {
        message: `Choragus cannot listen on port ${port} of 127.0.0.1: another program uses it.`,
        next: 'Choose another port, with --port or in Settings; 0 picks a free one.',
      },
    });
    await leave();
    expect(await gateway.set({ enabled: true, port })).toMatchObject({ url: gateway.url, problem: null });
    expect(await answers(gateway.url)).toBe(true);
  });

  it('stays where it is, with everybody there, while the port that it should move to is taken', async () => {
    const gateway = await start();
    const { url } = await gateway.set({ enabled: true, port: 0 });
    const socket = await connected(url, 'the-access-token');
    const { port, leave } = await taken();
    for (let time = 0; time < 2; time++)
      expect(await gateway.set({ enabled: true, port })).toMatchObject({
        url,
        port,
        problem: { message: expect.stringContaining(`port ${port} of 127.0.0.1: another program uses it`) },
      });
    expect([socket.readyState, await answers(url), moves]).toEqual([WebSocket.OPEN, true, [url]]);
    await leave();
    const closed = once(socket, 'close');
    const moved = `http://127.0.0.1:${port}`;
    expect(await gateway.set({ enabled: true, port })).toMatchObject({ url: moved, problem: null });
    await closed;
    expect([await answers(url), await answers(moved), moves]).toEqual([false, true, [url, moved]]);
  });

  it('disturbs nobody when the port that it has picked is named', async () => {
    const gateway = await start();
    const { url } = await gateway.set({ enabled: true, port: 0 });
    const socket = await connected(url, 'the-access-token');
    const port = Number(new URL(url!).port);
    expect(await gateway.set({ enabled: true, port })).toMatchObject({ url, port, problem: null });
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  it('listens and closes although that cannot be announced', async () => {
    announced = () => {
      throw new Error('disk full');
    };
    const gateway = await start();
    const { url, problem } = await gateway.set({ enabled: true, port: 0 });
    expect([problem, await answers(url)]).toEqual([null, true]);
    expect(await gateway.set({ enabled: false, port: 0 })).toMatchObject({ url: null, problem: null });
    expect(await answers(url)).toBe(false);
  });

  it('a start succeeds although the port is taken', async () => {
    const { port, leave } = await taken();
    writeFileSync(file, JSON.stringify({ enabled: true, port }));
    expect((await start()).info()).toMatchObject({
      url: null,
      problem: { message: expect.stringContaining('uses it') },
    });
    await leave();
  });

  it('takes changes one after the other; the last one counts', async () => {
    const gateway = await start();
    await Promise.all([true, false, true].map((enabled) => gateway.set({ enabled, port: 0 })));
    expect(await answers(gateway.url)).toBe(true);
    await Promise.all([false, true, false].map((enabled) => gateway.set({ enabled, port: 0 })));
    expect(gateway.url).toBeUndefined();
  });

  it.each(['{', '{"enabled":1}', '{"enabled":true,"port":70000}'])('a damaged file is as none: %s', async (text) => {
    writeFileSync(file, text);
    expect((await start()).info()).toMatchObject({ enabled: false, port: 2467 });
  });
});

describe('when it serves the window', () => {
  it('is on, and cannot be switched off from that window', async () => {
    const gateway = await start({ port: 0 });
    expect(gateway.info()).toMatchObject({ url: gateway.url, enabled: true, fixed: expect.any(String) });
    await expect(gateway.set({ enabled: false, port: 0 })).rejects.toThrow('The gateway serves this window.');
    expect(await answers(gateway.url)).toBe(true);
  });

  it('stays where it is and takes another port at the next start that names none', async () => {
    const { port, leave } = await taken();
    await leave();
    const gateway = await start({ port: 0 });
    const { url } = gateway;
    expect(await gateway.set({ enabled: true, port })).toMatchObject({
      url,
      port,
      fixed: `It was started with --port 0, and it serves this window. From the next start without --port, it listens on port ${port}.`,
    });
    expect(await answers(url)).toBe(true);

    expect((await start({ port: 0 })).url).not.toBe(`http://127.0.0.1:${port}`);
    const next = await start({ port: null });
    expect(next.info()).toMatchObject({
      url: `http://127.0.0.1:${port}`,
      fixed: 'It serves this window, so it stays on. Another port counts from the next start on.',
    });
    expect((await next.set({ enabled: true, port: 1 })).fixed).toBe(
      'It serves this window, so it stays where it is until the next start. Then it listens on port 1.',
    );
  });

  it('changes nothing about what a desktop with the same folder does', async () => {
    for (const enabled of [true, false]) {
      writeFileSync(file, JSON.stringify({ enabled, port: 0 }));
      await (await start({ port: 0 })).set({ enabled: true, port: 3 });
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ enabled, port: 3, origins: [] });
    }
  });

  it('does not start without it', async () => {
    const { port, leave } = await taken();
    await expect(start({ port })).rejects.toThrow('another program uses it');
    await leave();
  });
});

it('an access token opens a connection, and removing it ends that connection and no other', async () => {
  const gateway = await start({ port: 0 });
  const [gone, stays] = [await gateway.addToken('gone', ['chat']), await gateway.addToken('stays', ['chat'])];
  const url = gateway.url!;
  const [ending, lasting] = [await connected(url, gone.token), await connected(url, stays.token)];
  expect(gateway.info().tokens.map(({ name, lastUsedAt }) => [name, lastUsedAt !== null])).toEqual([
    ['stays', true],
    ['gone', true],
  ]);
  const closed = once(ending, 'close');
  await gateway.removeToken(gone.id);
  expect(String((await closed)[1])).toBe('The access token was removed.');
  expect(lasting.readyState).toBe(WebSocket.OPEN);
  await expect(connected(url, gone.token)).rejects.toThrow('401');
  (await connected(url, stays.token)).close();
});

it('web pages elsewhere that may ask are kept, besides those of the configuration, and count at once', async () => {
  const fixed = ['https://fixed.example'];
  const gateway = await start({ port: 0 }, fixed);
  const asks = async (origin: string) =>
    (await fetch(`${gateway.url}/health`, { headers: { origin } })).headers.get('access-control-allow-origin');
  expect([await asks(fixed[0]!), await asks('https://own.example')]).toEqual([fixed[0], null]);

  const both = [...fixed, 'https://own.example'];
  expect((await gateway.set({ enabled: true, port: 0, origins: both })).origins).toEqual(both);
  expect(await asks('https://own.example')).toBe('https://own.example');
  // Who changes the port alone leaves them as they are.
  expect((await gateway.set({ enabled: true, port: 0 })).origins).toEqual(both);
  expect((await start({ port: 0 })).info().origins).toEqual(['https://own.example']);
  expect((await gateway.set({ enabled: true, port: 0, origins: [] })).origins).toEqual(fixed);
  expect(await asks('https://own.example')).toBeNull();
});

it('a link signs a browser in while it listens', async () => {
  const gateway = await start();
  expect(gateway.link()).toBeUndefined();
  await gateway.set({ enabled: true, port: 0 });
  expect(gateway.link()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/enter#code=/);
});

it('takes nothing new while it drains, and opens nothing once it is closed', async () => {
  const gateway = await start();
  const { url } = await gateway.set({ enabled: true, port: 0 });
  let reachable: boolean | undefined;
  await gateway.close(async () => {
    reachable = await answers(url);
  });
  expect(reachable).toBe(false);
  await gateway.set({ enabled: true, port: 0 });
  expect(await answers(gateway.url)).toBe(false);
});
