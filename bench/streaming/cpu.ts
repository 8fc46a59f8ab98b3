import { cpuMs } from '../harness/machine.ts';
import { interleave, median } from '../harness/rounds.ts';
import { type Row, ratioAtMost, row } from '../harness/rows.ts';
import { askAll } from '../limits/http-client.ts';
import { PACED_PIECES } from './behaviours.ts';
import { beginAll } from './conversation.ts';
import type { Stand } from './stand.ts';

const TURNS = 20;

/** Processor time of all threads of the server, from the messages to the last end, beside the bare proxy's. */
export async function cpu({ client, server, proxy }: Stand): Promise<Row[]> {
  const { ours, limit } = await interleave(
    5,
    async () => {
      const send = await beginAll(client, TURNS, () => {});
      return perTurn(server.pid, () => send('paced'));
    },
    () => perTurn(proxy.process.pid!, () => askAll(proxy.port, TURNS, 'paced', () => {})),
  );
  const name = `CPU of the server process per turn of ${PACED_PIECES} parts at 100/s, ${TURNS} turns at once (ms)`;
  return [row('streaming', name, ratioAtMost(1.5), median(ours), median(limit))];
}

async function perTurn(pid: number, run: () => Promise<void>): Promise<number> {
  const before = cpuMs(pid);
  await run();
  return (cpuMs(pid) - before) / TURNS;
}
