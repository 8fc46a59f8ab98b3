import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { calls, streams } from '#shared/contract/contract.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { Client, ClientState } from '#shared/wire/client.ts';
import type { KeptCommand } from '#shared/wire/kept.ts';
import { serve } from '#shared/wire/peer.ts';
import type { Handlers } from '#shared/wire/table.ts';
import { type Journal, journal } from '#shared/wire/testing/journal.ts';
import { webSocketPipe } from '#shared/wire/websocket.ts';
import { type ClientOptions, newId, openClient } from './client.ts';
import { fileStore } from './file-store.ts';

let folder: string;
let server: Server | undefined;
let port = 0;
let renamed: Journal<{ command: string; title: string }>;
const clients: Client[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-client-'));
  renamed = journal();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await stop();
  port = 0;
  rmSync(folder, { recursive: true });
});

const handlers = {
  calls: {
    'server.hello': async () => ({ version: '9', epoch: 'e', host: null, notices: [] }),
    'sessions.list': async () => ({ sessions: [], more: false }),
    'sessions.rename': async ({ command, title }: { command: string; title: string }) => {
      if (!renamed.entries.some((each) => each.command === command)) renamed.add({ command, title });
      return {};
    },
  },
  streams: {},
} as unknown as Handlers;

/** Listens, at the same port as before, and lets in who has the token. */
async function listen(): Promise<Set<WebSocket>> {
  server = createServer((_, response) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/rpc' || request.headers.authorization !== 'Bearer right') {
      const body = JSON.stringify({ code: 'UNAUTHORIZED', message: 'No access.', next: 'Bring a token.' });
      socket.end(`HTTP/1.1 401 Refused\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (each) => {
      serve(webSocketPipe(each, fakeClock()), { contract: { calls, streams }, handlers, clock: fakeClock() });
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
  server.on('close', () => {
    for (const each of sockets.clients) each.terminate();
  });
  return sockets.clients;
}

async function stop(clients: Iterable<WebSocket> = []): Promise<void> {
  const closing = server;
  server = undefined;
  if (closing === undefined) return;
  const closed = new Promise((resolve) => closing.close(resolve));
  for (const each of clients) each.terminate();
  closing.closeAllConnections();
  await closed;
}

function open(options: Partial<ClientOptions> = {}) {
  const states = journal<ClientState>();
  const client = openClient({
    url: `http://127.0.0.1:${port}`,
    token: 'right',
    name: 'test',
    version: '1',
    onState: (state) => states.add(state),
    ...options,
  });
  clients.push(client);
  return { client, states };
}
const connections = (states: Journal<ClientState>, count: number) =>
  states.until((all) => all.filter(({ kind }) => kind === 'connected').length === count);

it('brings its access token, and asks', async () => {
  await listen();
  const { client } = open();
  expect(await client.call('sessions.list', {})).toEqual({ sessions: [], more: false });
  expect(client.hello?.version).toBe('9');
});

it('stops in the words of the server when the token is not accepted', async () => {
  await listen();
  const { client, states } = open({ token: 'wrong' });
  await expect(client.call('sessions.list', {})).rejects.toMatchObject({
    code: 'UNAUTHORIZED',
    message: 'No access.',
    next: 'Bring a token.',
  });
  expect(states.entries.at(-1)?.kind).toBe('refused');
});

it('goes on trying where something else listens, or nothing', async () => {
  await listen();
  const { states } = open({ url: `ws://127.0.0.1:${port}/elsewhere`, token: 'right' });
  await states.until((all) => all.at(-1)?.kind === 'refused');
  await stop();
  const nobody = open();
  await nobody.states.until((all) => all.some(({ attempt }) => attempt === 3));
  await listen();
  await connections(nobody.states, 1);
});

it('is back at once after a reset, and soon after the server is', async () => {
  const sockets = await listen();
  const { states } = open();
  await connections(states, 1);
  for (const each of sockets) each.terminate();
  await connections(states, 2);
  const again = [...sockets];
  await stop(again);
  await states.until((all) => all.some(({ kind, attempt }) => kind === 'reconnecting' && attempt === 4));
  await listen();
  await connections(states, 3);
});

it('gives a command that its killed predecessor had given, once, with the same id', async () => {
  await listen();
  await stop();
  const kept = join(folder, 'commands.jsonl');
  const program = `
    import { openClient, newId } from ${JSON.stringify(join(import.meta.dirname, 'client.ts'))};
    const client = openClient(${JSON.stringify({ url: `http://127.0.0.1:${port}`, token: 'right', name: 'a', version: '1', kept })});
    for (const title of ['one', 'two']) void client.call('sessions.rename', { command: newId(), session: 's', title });
    process.kill(process.pid, 'SIGKILL');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);

  await listen();
  const found = journal<{ command: KeptCommand; result: unknown }>();
  const { client } = open({
    kept,
    onKept: (command, outcome) => void outcome.then((result) => found.add({ command, result })),
  });
  await client.call('sessions.rename', { command: newId(), session: 's', title: 'three' });
  expect(renamed.entries.map(({ title }) => title)).toEqual(['one', 'two', 'three']);
  const told = await found.until((all) => all.length === 2);
  expect(told.map(({ command, result }) => [command.id, result])).toEqual(
    renamed.entries.slice(0, 2).map(({ command }) => [command, {}]),
  );
  client.close();
  const after = fileStore(kept);
  expect(await after.load()).toEqual([]);
  after.close?.();
});

it('writes no key of a provider down', async () => {
  await listen();
  await stop();
  const kept = join(folder, 'commands.jsonl');
  const { client } = open({ kept });
  const asked = [
    client.call('providers.change', { command: newId(), provider: 'p', key: 'sk-secret' }),
    client.call('providers.change', { command: newId(), provider: 'p', name: 'Named' }),
  ];
  for (const each of asked) each.catch(() => {});
  const text = readFileSync(kept, 'utf8');
  expect(text).toContain('Named');
  expect(text).not.toContain('sk-secret');
});
