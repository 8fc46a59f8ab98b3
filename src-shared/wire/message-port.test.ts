import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { MAX_FRAME } from '../contract/contract.ts';
import { HIGH_WATER, LOW_WATER, MAX_UNDER_WAY, messagePortPipe, type Port, platformPort } from './message-port.ts';
import type { Pipe } from './pipe.ts';
import { journal } from './testing/journal.ts';
import { describePipe } from './testing/pipe.suite.ts';
import { type Frame, Rig } from './testing/rig.ts';

/** Real ports; frames are thrown at a pipe from the other's port, past the pipe there. */
function pair() {
  const { port1, port2 } = new MessageChannel();
  return {
    server: messagePortPipe(platformPort(port1)),
    client: messagePortPipe(platformPort(port2)),
    serverPort: port1,
    clientPort: port2,
    toServer: (frame: Frame) => port2.postMessage(frame),
    toClient: (frame: Frame) => port1.postMessage(frame),
  };
}

describePipe('MessagePort', () => ({ pair: async () => pair(), close: async () => {} }));

function listener(pipe: Pipe) {
  const happened = journal<string>();
  const came = journal<unknown>();
  pipe.listen({
    message: (batch) => {
      for (const value of batch) came.add(value);
    },
    garbled: (code) => happened.add(code),
    drained: () => happened.add('drained'),
    closed: (reason) => happened.add(`closed: ${reason}`),
  });
  return { happened, came };
}

const text = 'x'.repeat(1000);

describe('MessagePort pipe', () => {
  it('loses nothing that was sent before anybody listened, the goodbye included', async () => {
    const { server, client } = pair();
    for (let n = 0; n < 10; n++) server.send([n]);
    server.close('Good night.');
    const { came, happened } = listener(client);
    await happened.until((all) => all.length > 0);
    expect(came.entries).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(happened.entries).toEqual(['closed: Good night.']);
  });

  it('is congested until the far end has acknowledged what it took, and never forgets a rest', async () => {
    const { server, client } = pair();
    const { happened } = listener(server);
    let sent = 0;
    while (!server.congested) {
      server.send([text]);
      sent += 1;
    }
    expect(sent).toBe(Math.floor(HIGH_WATER / (text.length + 2)) + 1);
    const { came } = listener(client);
    await happened.until((all) => all.includes('drained'));
    expect(server.congested).toBe(false);
    await came.until((all) => all.length === sent);
    // Whatever is left unacknowledged after many rounds, it never keeps the pipe congested.
    for (let round = 2; round < 50; round++) {
      while (!server.congested) server.send([text]);
      await happened.until((all) => all.length === round);
    }
    expect(new Set(happened.entries)).toEqual(new Set(['drained']));
    server.close();
  });

  it('holds no more than one frame per stream for a reader that stalls, over its high-water mark', async () => {
    let characters = 0;
    const stalled = journal<() => void>();
    let stalls = false;
    const rig = new Rig(async () => {
      const { port1, port2 } = new MessageChannel();
      const [atServer, atClient] = [platformPort(port1), platformPort(port2)];
      const counted: Port = {
        ...atServer,
        postMessage(value) {
          characters += typeof value === 'string' ? value.length : 0;
          atServer.postMessage(value);
        },
      };
      const slow: Port = {
        ...atClient,
        listen: (onMessage, onClose) =>
          atClient.listen((value) => (stalls ? stalled.add(() => onMessage(value)) : onMessage(value)), onClose),
      };
      const pipes = { server: messagePortPipe(counted), client: messagePortPipe(slow) };
      return { ...pipes, toServer: () => {}, toClient: () => {} };
    });
    const client = await rig.connected();
    const came = journal<number>();
    rig.numbers.grow(100, () => 'x'.repeat(100_000));
    stalls = true;
    for (let i = 0; i < 4; i++)
      client.follow(
        'numbers',
        () => ({ after: 0 }),
        (items) => came.add(items.length),
      );
    await stalled.until((all) => all.length === 2);
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(rig.pair.server.congested).toBe(true);
    expect(characters).toBeLessThan(HIGH_WATER + 4 * MAX_FRAME);
    stalls = false;
    for (const read of stalled.entries) read();
    await came.until((all) => all.reduce((sum, count) => sum + count, 0) === 400);
    rig.close();
  });

  it('fails loudly when answers pile up at an end that never reads', async () => {
    const { server } = pair();
    const { happened } = listener(server);
    const large = 'x'.repeat(500_000);
    for (let n = 0; n < 40; n++) server.send([large]);
    await happened.until((all) => all.length > 0);
    expect(happened.entries[0]).toContain(`More than ${MAX_UNDER_WAY} characters wait to be read`);
  });

  it('is closed exactly once, whoever closes, and nothing arrives afterwards', async () => {
    const { server, client } = pair();
    const atServer = listener(server);
    const atClient = listener(client);
    client.close('Good night.');
    client.close('Again.');
    server.send(['late']);
    await atServer.happened.until((all) => all.length > 0);
    server.close();
    server.send(['later']);
    await atClient.happened.until((all) => all.length > 0);
    expect([atServer.happened.entries, atClient.happened.entries]).toEqual([
      ['closed: Good night.'],
      ['closed: Good night.'],
    ]);
    expect(atClient.came.entries).toEqual([]);

    const early = pair();
    early.client.close('At once.');
    const late = listener(early.client);
    await late.happened.until((all) => all.length > 0);
    expect(late.happened.entries).toEqual(['closed: At once.']);
  });

  it('is closed as well when the port goes without a goodbye', async () => {
    const { server, clientPort } = pair();
    const { happened } = listener(server);
    clientPort.close();
    await happened.until((all) => all.length > 0);
    expect(happened.entries).toEqual(['closed: The connection broke off.']);
  });

  it('takes no acknowledgement for more than it had sent', async () => {
    const { server, clientPort } = pair();
    const { happened } = listener(server);
    for (const characters of [10 * HIGH_WATER, Number.NaN, -HIGH_WATER]) clientPort.postMessage(characters);
    clientPort.postMessage(new Uint8Array(1));
    await happened.until((all) => all.includes('PARSE'));
    for (let sent = 0; sent <= HIGH_WATER; sent += LOW_WATER) server.send(['x'.repeat(LOW_WATER)]);
    expect(server.congested).toBe(true);
    server.close();
  });
});
