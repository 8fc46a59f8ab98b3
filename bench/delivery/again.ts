import { join } from 'node:path';
import { end, helper } from '../harness/child.ts';
import { configure, root, startServer, token } from '../harness/choragus.ts';
import { newFolder } from '../harness/folders.ts';
import { median } from '../harness/rounds.ts';
import { atMost, type Row, row } from '../harness/rows.ts';
import { TightFollower } from './bare-client.ts';
import { Cutter } from './cutter.ts';
import { freePort } from './faults.ts';
import { Program } from './program.ts';
import { newSessions, send } from './stand.ts';

const KILLS = 9;
const RESETS = 40;
const RESET_EVERY_MS = 100;

type Said = { port: number };

/** A server that is killed and comes back, and connections that are reset, beside a bare server and a client that dials every 5 ms. */
export async function again(): Promise<Row[]> {
  const provider = await helper<Said>(join(root, 'bench/streaming/provider.ts'));
  const [ours, bare] = [await ofOurs(provider.said.port), await ofBare(provider.said.port)];
  await end(provider.process);
  const back = `kill -9: all there after the server listens again, ${KILLS} times (ms), median`;
  const gap = `${RESETS} resets of a stream of 100 tokens/s: longest from reset to next token (ms)`;
  return [
    row('delivery', back, atMost(60), median(ours.backs), median(bare.backs)),
    row('delivery', gap, atMost(20), Math.max(...ours.gaps), Math.max(...bare.gaps)),
  ];
}

interface Measured {
  backs: number[];
  gaps: number[];
}

async function ofOurs(providerPort: number): Promise<Measured> {
  const dataDir = newFolder();
  configure(dataDir, providerPort);
  const port = await freePort();
  let server = await startServer(dataDir, port);
  const cutter = new Cutter();
  await cutter.listen(port);
  const kept = join(dataDir, 'kept.jsonl');
  const [session] = (await newSessions(server.client(), 1)) as [string];
  const client = { url: `ws://[::1]:${port}`, token, name: 'bench', version: '1', kept };
  const program = new Program('one', session, client, []);
  const heard = program.heard.get(session)!;
  await heard.until(({ cursor }) => cursor !== undefined);

  const backs: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    await server.end('SIGKILL');
    program.give();
    server = await startServer(dataDir, port);
    const start = performance.now();
    await heard.until(({ title }) => title === program.given.at(-1));
    backs.push(performance.now() - start);
  }
  await send(program.client, session, 'endless');
  const gaps = await gapsUnder(cutter, async () => {
    const { events } = heard;
    await heard.until((now) => now.events > events);
  });
  program.client.close();
  cutter.close();
  await server.end();
  return { backs, gaps };
}

async function ofBare(providerPort: number): Promise<Measured> {
  const port = await freePort();
  const folder = newFolder();
  const start = () =>
    helper<Said>(join(root, 'bench/limits/durable-ws.ts'), [String(providerPort), folder, String(port)]);
  let server = await start();
  const cutter = new Cutter();
  await cutter.listen(port);
  const waiting = new Set<(text: string) => void>();
  const follower = new TightFollower(`ws://[::1]:${port}`, 'one', (text) => {
    for (const hear of waiting) hear(text);
  });
  const next = (is: (text: string) => boolean) =>
    new Promise<void>((resolve) => {
      const hear = (text: string) => {
        if (!is(text)) return;
        waiting.delete(hear);
        resolve();
      };
      waiting.add(hear);
    });
  const backs: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    await end(server.process, 'SIGKILL');
    const text = `said ${kill}`;
    const there = next((each) => each.includes(text));
    follower.say({ append: 'one', text });
    server = await start();
    const begun = performance.now();
    await there;
    backs.push(performance.now() - begun);
  }
  follower.say({ ask: 'one', model: 'endless' });
  await next(() => true);
  const gaps = await gapsUnder(cutter, () => next(() => true));
  follower.end();
  cutter.close();
  await end(server.process);
  return { backs, gaps };
}

async function gapsUnder(cutter: Cutter, heardMore: () => Promise<void>): Promise<number[]> {
  const gaps: number[] = [];
  for (let reset = 0; reset < RESETS; reset++) {
    await new Promise((resolve) => setTimeout(resolve, RESET_EVERY_MS));
    cutter.cut(Number.POSITIVE_INFINITY);
    const start = performance.now();
    await heardMore();
    gaps.push(performance.now() - start);
  }
  return gaps;
}
