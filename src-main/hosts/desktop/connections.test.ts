import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { messagePortPipe, platformPort } from '#shared/wire/message-port.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import { type Asker, Connections } from './connections.ts';
import type { MainPort } from './ports.ts';

/** A port as the main process has it: an emitter whose events carry the message. `near` is what lies behind it. */
interface Port extends MainPort {
  near: MessagePort;
}
const port = (near: MessagePort): Port => ({
  near,
  postMessage: (value) => near.postMessage(value),
  on: (event: 'message' | 'close', listener: (event: { data: unknown }) => void) =>
    near.on(event, (data: unknown) => listener({ data })),
  start: () => near.start(),
  close: () => near.close(),
});

const window3 = { id: 7, url: 'app://choragus/#/settings', parent: null };

let connected: { pipe: Pipe; address: string; heard: unknown[]; closed: Promise<string> }[];
let refused: unknown[];
let sent: { channel: string; ports: Port[] }[];
let connections: Connections<Port>;
beforeEach(() => {
  [connected, refused, sent] = [[], [], []];
  connections = new Connections({
    newChannel() {
      const { port1, port2 } = new MessageChannel();
      return { port1: port(port1), port2: port(port2) };
    },
    windowOf: (contents) => (contents === 7 ? 3 : contents === 8 ? 4 : undefined),
    connect(pipe, { address }) {
      const heard: unknown[] = [];
      const closed = new Promise<string>((resolve) =>
        pipe.listen({ message: (batch) => heard.push(...batch), garbled() {}, drained() {}, closed: resolve }),
      );
      connected.push({ pipe, address, heard, closed });
    },
    refused: (who) => refused.push(who),
  });
});
afterEach(() => {
  for (const { pipe } of connected) pipe.close();
});

/** Asks as the page of a window does; the pipe over the port that it gets, and its end. */
function ask({ id, ...frame }: { id: number; url: string; parent: unknown } = window3) {
  const sender: Asker<Port>['sender'] = {
    id,
    postMessage: (channel, _, ports) => sent.push({ channel, ports }),
  };
  connections.ask({ sender, senderFrame: frame });
  const [far] = sent.at(-1)?.ports ?? [];
  if (far === undefined) return undefined;
  const pipe = messagePortPipe(platformPort(far.near as unknown as Parameters<typeof platformPort>[0]));
  const closed = new Promise<string>((resolve) =>
    pipe.listen({ message() {}, garbled() {}, drained() {}, closed: resolve }),
  );
  return { pipe, closed };
}

it('a page of ours gets a port, and what it sends arrives under the name of its window', async () => {
  const page = ask()!;
  expect(sent).toMatchObject([{ channel: 'choragus:port' }]);
  expect(connected).toMatchObject([{ address: 'window 3' }]);
  page.pipe.send([{ hello: 1 }]);
  page.pipe.close('Bye.');
  expect(await connected[0]!.closed).toBe('Bye.');
  expect(connected[0]!.heard).toEqual([{ hello: 1 }]);
});

it('a page that asks anew gets a new port, and the former one is closed with a goodbye', async () => {
  const first = ask()!;
  ask();
  expect(await first.closed).toBe('The window connected anew.');
  expect(await connected[0]!.closed).toBe('The window connected anew.');
  expect(connected.map(({ address }) => address)).toEqual(['window 3', 'window 3']);
});

it('windows do not touch each other', async () => {
  const first = ask()!;
  const second = ask({ ...window3, id: 8 })!;
  connections.close(4, 'The window was closed.');
  expect(await second.closed).toBe('The window was closed.');
  first.pipe.send(['still here']);
  first.pipe.close('Bye.');
  await connected[0]!.closed;
  expect(connected[0]!.heard).toEqual(['still here']);
});

it('closing a window without a connection, or twice, does nothing', () => {
  connections.close(3, 'The window was closed.');
  ask();
  connections.close(3, 'The window was closed.');
  connections.close(3, 'The window was closed.');
});

it.each([
  ['contents that are no window of ours', { ...window3, id: 99 }],
  ['a frame within the page', { ...window3, parent: {} }],
  ['a page from elsewhere', { ...window3, url: 'https://example.org/' }],
  ['a file of ours that is not the page', { ...window3, url: 'app://choragus/assets/index.js' }],
])('nothing is given to %s', (_, who) => {
  ask(who);
  expect({ sent, connected }).toEqual({ sent: [], connected: [] });
  expect(refused).toEqual([{ contents: who.id, url: who.url }]);
});

it('nothing is given to a frame that is gone already', () => {
  connections.ask({ sender: { id: 7, postMessage: () => expect.unreachable() }, senderFrame: null });
  expect(refused).toEqual([{ contents: 7, url: null }]);
});

it('the end of a port without a goodbye ends its pipe, where Electron tells it', async () => {
  ask();
  const near = sent[0]!.ports[0]!.near;
  near.close();
  await once(near, 'close');
  expect(await connected[0]!.closed).toBe('The connection broke off.');
});
