import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { calls, streams } from '#shared/contract/contract.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { ClientState } from '#shared/wire/client.ts';
import { messagePortPipe, platformPort } from '#shared/wire/message-port.ts';
import { serve } from '#shared/wire/peer.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import { CONNECT_MS } from '#shared/wire/reconnect.ts';
import type { Handlers } from '#shared/wire/table.ts';
import { journal } from '#shared/wire/testing/journal.ts';
import { webSocketPipe } from '#shared/wire/websocket.ts';
import { browserClock, browserRandom } from './clock.ts';
import type { Page } from './desktop.ts';
import { type Link, openLink } from './link.ts';

let server: Server;
let link: Link | undefined;
beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  link?.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const open = (clock = fakeClock()) => {
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return linked({ location: { protocol: 'http:', host, origin: `http://${host}` }, ...noMessages }, clock);
};
const noMessages = {
  addEventListener: () => {},
  removeEventListener: () => {},
  localStorage: { getItem: () => 'the-key' },
};

const linked = (page: Page, clock = fakeClock()) => {
  const states = journal<ClientState>();
  link = openLink({ version: '1', page, clock, random: () => 0.5 });
  link.onState((state) => states.add(state));
  return { link, states };
};

const handlers = {
  calls: {
    'server.hello': async () => ({ version: '9', epoch: 'e', host: null, notices: [] }),
    'sessions.list': async () => ({ sessions: [], more: false }),
  },
  streams: {},
} as unknown as Handlers;
const answer = (pipe: Pipe) => serve(pipe, { contract: { calls, streams }, handlers, clock: fakeClock() });

it('connects to /rpc on the host that the page came from, and shows its state', async () => {
  const sockets = new WebSocketServer({ server, path: '/rpc' });
  sockets.on('connection', (socket) => void answer(webSocketPipe(socket, browserClock)));
  const { link, states } = open();
  expect(await link.client.call('sessions.list', {})).toEqual({ sessions: [], more: false });
  expect(states.entries).toEqual([{ kind: 'connected', attempt: 0 }]);
  expect([link.state.kind, link.client.hello?.version]).toEqual(['connected', '9']);
  for (const socket of sockets.clients) socket.terminate();
  await states.until((all) => all.filter(({ kind }) => kind === 'connected').length === 2);
  link.close();
  expect(states.entries.at(-1)?.kind).toBe('closed');
});

it.each([
  ['its reason', { code: 'UNAUTHORIZED', message: 'No access.', next: 'Sign in with a link.' }, 'Sign in with a link.'],
  ['no reason', 'Who are you?', 'Open it again with a valid access token.'],
])('stops when access is refused with %s, which the socket alone would not tell', async (_what, body, next) => {
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n'));
  server.on('request', (_request, response) => response.writeHead(401).end(JSON.stringify(body)));
  const { states } = open();
  await states.until((all) => all.at(-1)?.kind === 'refused');
  expect(states.entries.at(-1)?.problem).toMatchObject({ code: 'UNAUTHORIZED', next });
});

it('shows the key of its sign-in, also when it asks why it was refused', async () => {
  const shown = new Set<unknown>();
  server.on('upgrade', ({ headers }, socket) => {
    shown.add(headers['sec-websocket-protocol']);
    socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
  });
  server.on('request', ({ headers }, response) => {
    shown.add(headers['choragus-key']);
    response.writeHead(401).end();
  });
  await open().states.until((all) => all.at(-1)?.kind === 'refused');
  expect([...shown]).toEqual(['choragus, the-key', 'the-key']);
});

it('goes on trying when there is something else at that place', async () => {
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n'));
  server.on('request', (_request, response) => response.writeHead(404).end());
  const { states } = open();
  await states.until((all) => all.at(-1)?.retryAt !== undefined && all.at(-1)?.attempt === 2);
  expect(states.entries.at(-1)).toMatchObject({ kind: 'connecting', problem: { code: 'DISCONNECTED' } });
});

/** A window with the desktop's preload, whose ports a test hands over, and messages from elsewhere. */
class DesktopPage extends EventTarget {
  readonly location = { protocol: 'app:', host: 'choragus', origin: 'app://choragus' };
  readonly asked = journal<(from?: { data?: unknown; origin?: string; source?: unknown }) => MessagePort>();
  readonly choragus = {
    connect: () =>
      this.asked.add((from = {}) => {
        const { port1, port2 } = new MessageChannel();
        const message = { data: 'choragus:port', origin: 'app://choragus', source: this, ports: [port2], ...from };
        this.dispatchEvent(Object.assign(new Event('message'), message));
        return port1;
      }),
  };
}

describe('on the desktop', () => {
  it('asks for a port, and for a new one after each loss', async () => {
    const page = new DesktopPage();
    const { link, states } = linked(page as Page);
    const [first] = await page.asked.until((all) => all.length === 1);
    const peer = answer(messagePortPipe(platformPort(first!())));
    expect(await link.client.call('sessions.list', {})).toEqual({ sessions: [], more: false });
    peer.close('The engines go away.');
    const [, second] = await page.asked.until((all) => all.length === 2);
    answer(messagePortPipe(platformPort(second!())));
    await states.until((all) => all.filter(({ kind }) => kind === 'connected').length === 2);
    expect(states.entries.find(({ problem }) => problem !== undefined)?.problem?.message).toContain('go away');
  });

  it('takes a port from its own window alone', async () => {
    const page = new DesktopPage();
    const { states } = linked(page as Page);
    const [give] = await page.asked.until((all) => all.length === 1);
    const foreign = [{ origin: 'https://example.com' }, { source: new EventTarget() }, { data: 'hello' }].map(give!);
    expect(states.entries).toEqual([]);
    answer(messagePortPipe(platformPort(give!())));
    await states.until((all) => all.at(-1)?.kind === 'connected');
    for (const port of foreign) port.close();
  });

  it('does not wait for a port any more when the try is given up', async () => {
    const page = new DesktopPage();
    const clock = fakeClock();
    const { states } = linked(page as Page, clock);
    const [late] = await page.asked.until((all) => all.length === 1);
    clock.advance(CONNECT_MS);
    await page.asked.until((all) => all.length === 2);
    expect(states.entries.at(-1)).toMatchObject({ attempt: 2, problem: { code: 'TIMEOUT' } });
    link!.close();
    late!().close();
    expect(states.entries.at(-1)?.kind).toBe('closed');
  });
});

it("the browser's clock and chance are what they promise", async () => {
  const start = browserClock.monotonic();
  const cancelled = browserClock.after(0, () => expect.unreachable());
  cancelled();
  await new Promise<void>((resolve) => void browserClock.after(5, resolve));
  expect(browserClock.monotonic()).toBeGreaterThan(start);
  expect(Math.abs(browserClock.now() - Date.now())).toBeLessThan(1000);
  const drawn = Array.from({ length: 1000 }, browserRandom);
  expect(drawn.every((each) => each >= 0 && each < 1)).toBe(true);
  expect(new Set(drawn).size).toBe(1000);
});
