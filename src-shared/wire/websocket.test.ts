import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer, WebSocket as WsSocket } from 'ws';
import { MAX_FRAME } from '../contract/contract.ts';
import type { Clock } from '../kit/clock.ts';
import { fakeClock } from '../kit/testing/clock.ts';
import type { Pipe } from './pipe.ts';
import { journal } from './testing/journal.ts';
import { describePipe, type PipeMaker } from './testing/pipe.suite.ts';
import { type Frame, type Pair, Rig } from './testing/rig.ts';
import { speaker } from './testing/speaker.ts';
import { HIGH_WATER, LOW_WATER, MAX_BUFFERED, MAX_PAYLOAD, opened, type Socket, webSocketPipe } from './websocket.ts';

const clock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
const never = new AbortController().signal;

const gone = (socket: WsSocket) =>
  new Promise<void>((resolve) => {
    if (socket.readyState === socket.CLOSED) resolve();
    else socket.on('close', () => resolve());
  });

interface SocketPair extends Pair {
  serverSocket: WsSocket;
}

/** Real sockets over the loopback: the server's from `ws`, the client's as given. */
function sockets<S extends Socket & { send(frame: Frame): void }>(make: (url: string) => S) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: MAX_PAYLOAD, perMessageDeflate: false });
  const accepted = journal<{ path: string; socket: WsSocket }>();
  server.on('connection', (socket, { url }) => accepted.add({ path: url!, socket }));
  let made = 0;
  return {
    async pair(): Promise<SocketPair & { clientSocket: S }> {
      if (server.address() === null) await once(server, 'listening');
      const path = `/${++made}`;
      const clientSocket = make(`ws://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
      const client = await opened(clientSocket, clock, never);
      await accepted.until((all) => all.some((each) => each.path === path));
      const serverSocket = accepted.entries.find((each) => each.path === path)!.socket;
      return {
        server: webSocketPipe(serverSocket, clock),
        client,
        serverSocket,
        clientSocket,
        toServer: (frame) => clientSocket.send(frame),
        toClient: (frame) => serverSocket.send(frame),
      };
    },
    async close() {
      for (const each of server.clients) each.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  } satisfies PipeMaker;
}

describePipe('WebSocket (package ws)', () => sockets((url) => new WsSocket(url)));
describePipe('WebSocket (as in a browser)', () => sockets((url) => new WebSocket(url)));

describe('WebSocket pipe', () => {
  let maker: ReturnType<typeof sockets<WsSocket>>;
  beforeAll(() => {
    maker = sockets((url) => new WsSocket(url));
  });
  afterAll(() => maker.close());

  const listener = (pipe: Pipe) => {
    const happened = journal<string>();
    pipe.listen({
      message: () => {},
      garbled: (code) => happened.add(code),
      drained: () => happened.add('drained'),
      closed: (reason) => happened.add(`closed: ${reason}`),
    });
    return happened;
  };

  it('answers a frame of 10 MB with a clear error and goes on', async () => {
    const rig = new Rig(() => maker.pair());
    const { client, toServer } = await rig.accept();
    const talk = speaker(client);
    await talk.hello();
    toServer(JSON.stringify('x'.repeat(10 * 2 ** 20)));
    expect((await talk.answer(null)).error).toMatchObject({
      message: 'A frame of 10485762 bytes is over the limit of 1048576 bytes.',
      data: { code: 'FRAME_TOO_LARGE', next: expect.stringContaining('smaller pieces') },
    });
    expect((await talk.say(1, 'add', { left: 1, right: 1 })).result).toEqual({ sum: 2 });
    rig.close();
  });

  it('ends one connection, with a reason, at a frame that is too large to be taken in; others go on', async () => {
    const rig = new Rig(() => maker.pair());
    const other = await rig.connected();
    const pair = await maker.pair();
    const atServer = listener(pair.server);
    const atClient = listener(pair.client);
    pair.toServer('x'.repeat(MAX_PAYLOAD + 1));
    await atClient.until((all) => all.length > 0);
    expect(atClient.entries).toEqual(['closed: A frame was far over the limit of 1048576 bytes.']);
    await atServer.until((all) => all.length > 0);
    expect(await other.call('add', { left: 1, right: 1 })).toEqual({ sum: 2 });
    rig.close();
  });

  it('is congested while the far end does not read, and tells when it reads again', async () => {
    const pair = await maker.pair();
    const atServer = listener(pair.server);
    pair.clientSocket.pause();
    let sent = 0;
    while (!pair.server.congested) {
      pair.server.send(['x'.repeat(10_000)]);
      sent += 1;
      if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(pair.serverSocket.bufferedAmount).toBeLessThan(HIGH_WATER + 20_000);
    expect(atServer.entries).toEqual([]);
    pair.clientSocket.resume();
    await atServer.until((all) => all.includes('drained'));
    expect(pair.server.congested).toBe(false);
    expect(pair.serverSocket.bufferedAmount).toBeLessThanOrEqual(LOW_WATER);
    pair.server.close();
  });

  it('holds no more than one frame per stream for a reader that stalls, over its high-water mark', async () => {
    const rig = new Rig(() => maker.pair());
    const client = await rig.connected();
    const pair = rig.pair as SocketPair & { clientSocket: WsSocket };
    const came = journal<number>();
    rig.numbers.grow(100, () => 'x'.repeat(100_000));
    pair.clientSocket.pause();
    for (let i = 0; i < 4; i++)
      client.follow(
        'numbers',
        () => ({ after: 0 }),
        (items) => came.add(items.length),
      );
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    while (!pair.server.congested) await turn();
    for (let i = 0; i < 20; i++) await turn();
    expect(pair.serverSocket.bufferedAmount).toBeGreaterThan(HIGH_WATER);
    expect(pair.serverSocket.bufferedAmount).toBeLessThan(HIGH_WATER + 4 * MAX_FRAME);
    pair.clientSocket.resume();
    await came.until((all) => all.reduce((sum, count) => sum + count, 0) === 400);
    rig.close();
  });

  it('fails loudly when answers pile up at an end that asks but does not read', async () => {
    const pair = await maker.pair();
    const atServer = listener(pair.server);
    pair.clientSocket.pause();
    for (let i = 0; i < 100; i++) pair.server.send(['x'.repeat(500_000)]);
    await atServer.until((all) => all.length === 1);
    expect(atServer.entries[0]).toContain(`More than ${MAX_BUFFERED} bytes wait to be read`);
  });

  it('is closed exactly once, whoever closes, even when nobody listened yet', async () => {
    const pair = await maker.pair();
    const atServer = listener(pair.server);
    pair.client.close('Good night.');
    pair.client.close('Again.');
    expect((await atServer.until((all) => all.length > 0))[0]).toBe('closed: Good night.');
    pair.server.close();
    pair.server.send([1]);
    const atClient = listener(pair.client);
    await atClient.until((all) => all.length > 0);
    await gone(pair.serverSocket);
    expect([atClient.entries, atServer.entries]).toEqual([['closed: Good night.'], ['closed: Good night.']]);

    const another = await maker.pair();
    another.client.close('At once.');
    const late = listener(another.client);
    await gone(another.serverSocket);
    expect(late.entries).toEqual(['closed: At once.']);
  });
});

describe('opening a WebSocket', () => {
  it('rejects with what to do when nobody is there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    for (const socket of [new WsSocket(`ws://127.0.0.1:${port}`), new WebSocket(`ws://127.0.0.1:${port}`)])
      await expect(opened(socket, clock, never)).rejects.toMatchObject({
        code: 'DISCONNECTED',
        next: 'Look whether Choragus is running.',
      });
  });

  it('says that the access token was not accepted when the server answers 401', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n'));
    await once(server, 'listening');
    const socket = new WsSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await expect(opened(socket, clock, never)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await new Promise((resolve) => server.close(resolve));
  });

  it('closes the socket when it is given up', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    const upgrades = journal<Duplex>();
    server.on('upgrade', (_request, socket) => upgrades.add(socket));
    await once(server, 'listening');
    const giveUp = new AbortController();
    const socket = new WsSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const pipe = opened(socket, clock, giveUp.signal);
    const [atServer] = await upgrades.until((all) => all.length === 1);
    giveUp.abort();
    await expect(pipe).rejects.toMatchObject({ code: 'DISCONNECTED' });
    await gone(socket);
    atServer!.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});

it('a socket that cannot tell when it is free is looked at while it is congested, and only then', () => {
  const fake = fakeClock();
  const socket = { readyState: 1, bufferedAmount: 0, send: () => {}, close: () => {}, addEventListener: () => {} };
  const pipe = webSocketPipe(socket, fake);
  let drained = 0;
  pipe.listen({ message: () => {}, garbled: () => {}, drained: () => void drained++, closed: () => {} });
  pipe.send([1]);
  expect([pipe.congested, fake.timers]).toEqual([false, 0]);
  socket.bufferedAmount = HIGH_WATER + 1;
  pipe.send([2]);
  expect([pipe.congested, fake.timers]).toEqual([true, 1]);
  socket.bufferedAmount = LOW_WATER + 1;
  fake.advance(1000);
  expect([pipe.congested, drained]).toEqual([true, 0]);
  socket.bufferedAmount = LOW_WATER;
  fake.advance(1000);
  expect([pipe.congested, drained, fake.timers]).toEqual([false, 1, 0]);
});
