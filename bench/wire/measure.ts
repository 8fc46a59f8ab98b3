import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { calls, streams } from '#shared/contract/contract.ts';
import { type Client, connect } from '#shared/wire/client.ts';
import { messagePortPipe, platformPort } from '#shared/wire/message-port.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import { opened } from '#shared/wire/websocket.ts';
import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import { interleave, median } from '../harness/rounds.ts';
import { atLeast, below, type Row, row } from '../harness/rows.ts';
import { reader } from '../limits/bare-arrays.ts';
import { channelOf, socketChannel } from './channels.ts';
import type { Order } from './far-end.ts';

const ITEMS = 200_000;
const SLOW_MS = 3000;

interface Kind {
  name: string;
  open: () => Promise<Pipe>;
  bare: (count: number) => Promise<void>;
}

/** The two ends of the wire in two threads of one process: its peer with what serves, its client with what follows. */
export async function measure(): Promise<Row[]> {
  const far = new Worker(join(import.meta.dirname, 'far-end.ts'));
  const [port] = (await once(far, 'message')) as [number];
  const kinds = [messagePorts(far), await webSockets(`ws://127.0.0.1:${port}`)];
  const rows: Row[] = [];
  for (const kind of kinds) {
    const client = clientOf(kind);
    const { ours, limit } = await interleave(
      9,
      () => perSecond(() => followed(client, ITEMS)),
      () => perSecond(() => kind.bare(ITEMS)),
    );
    const name = `items/s over ${kind.name}, each validated, parts of a turn from peer to client in another thread`;
    rows.push(row('wire', name, atLeast(300_000), median(ours), median(limit)));
    client.close();
  }
  for (const kind of kinds) {
    const name = `heap with a slow reader over ${kind.name}, peer's thread, most in ${SLOW_MS / 1000} s (MB)`;
    rows.push(row('wire', name, below(5), await heap(kind, far)));
  }
  await far.terminate();
  return rows;
}

function messagePorts(far: Worker): Kind {
  const order = (end: 'ours' | 'limit'): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    far.postMessage({ [end]: port1 } as Order, [port1]);
    return port2;
  };
  return {
    name: 'a MessagePort',
    open: async () => messagePortPipe(platformPort(order('ours'))),
    bare: reader(channelOf(order('limit'))),
  };
}

async function webSockets(address: string): Promise<Kind> {
  const bare = new WebSocket(`${address}/limit`, { perMessageDeflate: false });
  await once(bare, 'open');
  return {
    name: 'a WebSocket',
    open: () =>
      opened(new WebSocket(`${address}/ours`, { perMessageDeflate: false }), systemClock, new AbortController().signal),
    bare: reader(socketChannel(bare)),
  };
}

const clientOf = ({ open }: Kind): Client =>
  connect({
    open,
    contract: { calls, streams },
    client: { name: 'bench', version: '1' },
    clock: systemClock,
    random: cryptoRandom,
  });

function followed(client: Client, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let came = 0;
    const onEnd = () => (came === count ? resolve() : reject(new Error(`${came} items came of ${count}.`)));
    client.follow(
      'session.follow',
      () => ({ session: String(count) }),
      (items) => {
        came += items.length;
      },
      { onEnd, onProblem: reject },
    );
  });
}

async function perSecond(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return (ITEMS * 1000) / (performance.now() - start);
}

/**
 * What the peer's thread holds more while a reader follows 20 times everything that there is, takes its time over each batch,
 * and reads nothing at all for most of the time.
 */
async function heap(kind: Kind, far: Worker): Promise<number> {
  far.postMessage('watch' satisfies Order);
  let came = 0;
  const consume = (items: unknown[]) => {
    came += items.length;
    return sleep(5);
  };
  const client = clientOf(kind);
  const failed = Promise.withResolvers<never>();
  for (let follow = 0; follow < 20; follow++)
    client.follow('session.follow', () => ({ session: '1000000000' }), consume, { onProblem: failed.reject });
  const end = performance.now() + SLOW_MS;
  while (performance.now() < end) {
    await Promise.race([sleep(10), failed.promise]);
    stall(50);
  }
  far.postMessage('tell' satisfies Order);
  const [bytes] = (await once(far, 'message')) as [number];
  client.close();
  if (came === 0) throw new Error('Nothing came at the slow reader.');
  return bytes / 2 ** 20;
}

const stall = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
