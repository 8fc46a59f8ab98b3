import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { calls, streams } from '#shared/contract/contract.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { ClientState } from '#shared/wire/client.ts';
import { serve } from '#shared/wire/peer.ts';
import type { Handlers } from '#shared/wire/table.ts';
import { journal } from '#shared/wire/testing/journal.ts';
import { webSocketPipe } from '#shared/wire/websocket.ts';
import { browserClock, browserRandom } from './clock.ts';
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
  const states = journal<ClientState>();
  const location = { protocol: 'http:', host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  link = openLink({ version: '1', location, clock, random: () => 0.5 });
  link.onState((state) => states.add(state));
  return { link, states };
};

it('connects to /rpc on the host that the page came from, and shows its state', async () => {
  const sockets = new WebSocketServer({ server, path: '/rpc' });
  const handlers = {
    calls: {
      'server.hello': async () => ({ version: '9', epoch: 'e', host: null, notices: [] }),
      'sessions.list': async () => ({ sessions: [], more: false }),
    },
    streams: {},
  } as unknown as Handlers;
  sockets.on('connection', (socket) => {
    serve(webSocketPipe(socket, browserClock), { contract: { calls, streams }, handlers, clock: fakeClock() });
  });
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

it('goes on trying when there is something else at that place', async () => {
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n'));
  server.on('request', (_request, response) => response.writeHead(404).end());
  const { states } = open();
  await states.until((all) => all.at(-1)?.retryAt !== undefined && all.at(-1)?.attempt === 2);
  expect(states.entries.at(-1)).toMatchObject({ kind: 'connecting', problem: { code: 'DISCONNECTED' } });
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
