import { monotonicMs } from '../harness/machine.ts';
import { interleave, medianOf } from '../harness/rounds.ts';
import { below, either, type Row, ratioAtMost, row } from '../harness/rows.ts';
import { askAll } from '../limits/http-client.ts';
import { writtenAt } from './behaviours.ts';
import { beginAll } from './conversation.ts';
import type { Stand } from './stand.ts';

/** How many turns at once, and how often in a round. */
const loads = [
  { turns: 1, times: 20, rounds: 9 },
  { turns: 20, times: 4, rounds: 11 },
  { turns: 100, times: 1, rounds: 21 },
];

/** From the provider's write of its first token to its being seen, in ms, beside a bare proxy of node:http. */
export async function firstToken({ client, proxy }: Stand): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { turns, times, rounds } of loads) {
    const { ours, limit } = await interleave(
      rounds,
      () => repeated(times, async (note) => (await beginAll(client, turns, note))('first')),
      () => repeated(times, (note) => askAll(proxy.port, turns, 'first', (bytes) => note(bytes.toString('latin1')))),
    );
    const name = `added time to first token at ${turns} ${turns === 1 ? 'turn' : 'turns'}, committed before seen, provider socket to /rpc client`;
    const p99 = either(ratioAtMost(2.5), below(10));
    rows.push(row('streaming', `${name}, p50 (ms)`, ratioAtMost(1.5), medianOf(ours, 0.5), medianOf(limit, 0.5)));
    rows.push(row('streaming', `${name}, p99 (ms)`, p99, medianOf(ours, 0.99), medianOf(limit, 0.99)));
  }
  return rows;
}

/** Notes, of every text in which the provider wrote its time, how long it was under way. */
async function repeated(times: number, run: (note: (text: string) => void) => Promise<void>): Promise<number[]> {
  const samples: number[] = [];
  const note = (text: string) => {
    const at = writtenAt(text);
    if (at !== undefined) samples.push(monotonicMs() - at);
  };
  for (let time = 0; time < times; time++) await run(note);
  return samples;
}
