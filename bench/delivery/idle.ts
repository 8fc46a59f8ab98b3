import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { end, helper } from '../harness/child.ts';
import { configure, root, startServer } from '../harness/choragus.ts';
import { newFolder } from '../harness/folders.ts';
import { residentMb } from '../harness/machine.ts';
import { atMost, none, type Row, row } from '../harness/rows.ts';
import { greet, toOurs } from './bare-client.ts';

const counts = [1000, 10_000];
/** Sockets that are opened at the same time. */
const AT_ONCE = 50;
/** Until what was needed to connect is collected. */
const SETTLE_MS = 4000;

/** What a connection that does nothing costs the server, after its hello, beside one of the bare server. */
export async function idle(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of counts) {
    const dataDir = newFolder();
    configure(dataDir, 9);
    const server = await startServer(dataDir);
    const ours = await each(server.pid, count, async () => {
      const socket = toOurs(server.port);
      await greet(socket);
      return socket;
    });
    await server.end();
    const bare = await helper<{ port: number }>(join(root, 'bench/limits/durable-ws.ts'), ['9', newFolder()]);
    const limit = await each(bare.process.pid!, count, async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${bare.said.port}`, { perMessageDeflate: false });
      await once(socket, 'open');
      return socket;
    });
    await end(bare.process);
    const name = `memory of the server per idle connection, of ${count.toLocaleString('en')} (KB; limit: bare ws)`;
    rows.push(row('delivery', name, count === 10_000 ? atMost(14) : none, ours, limit));
  }
  return rows;
}

async function each(pid: number, count: number, open: () => Promise<WebSocket>): Promise<number> {
  // What the first ones load and warm up is not theirs.
  const first = await Promise.all(Array.from({ length: AT_ONCE }, open));
  await settled();
  const before = residentMb(pid);
  const sockets: WebSocket[] = [];
  while (sockets.length < count) sockets.push(...(await Promise.all(Array.from({ length: AT_ONCE }, open))));
  await settled();
  const grown = residentMb(pid) - before;
  for (const socket of [...first, ...sockets]) socket.terminate();
  return (grown * 1000) / sockets.length;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
