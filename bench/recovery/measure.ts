import { join } from 'node:path';
import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import { openLog } from '../../src-main/log/open.ts';
import { end, helper, started } from '../harness/child.ts';
import { configure, type Server, startServer } from '../harness/choragus.ts';
import { newFolder } from '../harness/folders.ts';
import { interleave, median } from '../harness/rounds.ts';
import { below, type Row, row } from '../harness/rows.ts';
import { workload } from '../log/workload.ts';
import { converse } from '../streaming/conversation.ts';

const SHAPE = { sessions: 1000, exchanges: 50, group: 500 };
/** Turns that run when the process is killed. */
const RUNNING = 5;

/** After kill -9, with many conversations and some running turns. Every measured opening finds the file as a kill left it. */
export async function measure(): Promise<Row[]> {
  const dir = newFolder();
  const file = join(dir, 'choragus.db');
  await fill(dir);
  const provider = await helper<{ port: number }>(join(import.meta.dirname, '../streaming/provider.ts'));
  configure(dir, provider.said.port);
  await crash(await startServer(dir));

  const open = await interleave(
    7,
    () => opening(join(import.meta.dirname, 'open.ts'), dir),
    () => opening(join(import.meta.dirname, '../limits/bare-open.mjs'), file),
  );
  const start = await interleave(
    5,
    async () => {
      const server = await startServer(dir);
      await crash(server);
      return server.ms;
    },
    async () => {
      const bare = await started(
        [process.execPath, join(import.meta.dirname, '../limits/bare-start.mjs'), file],
        /Opened/,
      );
      await end(bare.process, 'SIGKILL');
      return bare.ms;
    },
  );
  await end(provider.process);

  const after = `after kill -9 with ${RUNNING} running turns and ${SHAPE.sessions} sessions x ${2 * SHAPE.exchanges} messages`;
  return [
    row('recovery', `open to usable ${after} (ms)`, below(200), median(open.ours), median(open.limit)),
    row('recovery', `process start to listening ${after} (ms)`, below(1000), median(start.ours), median(start.limit)),
  ];
}

async function fill(dir: string): Promise<void> {
  const log = openLog({ dir, clock: systemClock, random: cryptoRandom });
  for (const group of workload(SHAPE)) await Promise.all(group.map((batch) => log.append(batch)));
  await log.indexed();
  await log.close();
}

async function crash(server: Server): Promise<void> {
  const client = server.client();
  for (let turn = 0; turn < RUNNING; turn++) {
    const flowing = Promise.withResolvers<void>();
    const conversation = await converse(client, () => flowing.resolve());
    await conversation.send('endless');
    await flowing.promise;
  }
  await server.end('SIGKILL');
}

async function opening(program: string, path: string): Promise<number> {
  const { process: child, said } = await helper<{ ms: number }>(program, [path]);
  await end(child, 'SIGKILL');
  return said.ms;
}
