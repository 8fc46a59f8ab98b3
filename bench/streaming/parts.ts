import { interleave, median } from '../harness/rounds.ts';
import { type Row, ratioAtLeast, row } from '../harness/rows.ts';
import { readAll } from '../limits/parse-loop.ts';
import { FLOOD_PIECES, PIECE_UNITS } from './behaviours.ts';
import { beginAll } from './conversation.ts';
import type { Stand } from './stand.ts';

const TURNS = 20;

/** Small deltas of a provider that writes as fast as it can, as text at the client, beside a loop that only parses. */
export async function parts({ client, provider }: Stand): Promise<Row[]> {
  const { ours, limit } = await interleave(
    5,
    () =>
      perSecond(async () => {
        let units = 0;
        const send = await beginAll(client, TURNS, (text) => {
          units += text.length;
        });
        await send('flood');
        return units;
      }),
    () => perSecond(() => readAll(provider.port, 'flood', TURNS)),
  );
  const name = `aggregate parts/s, ${TURNS} turns, deltas of ${PIECE_UNITS} characters seen as text by /rpc client`;
  return [row('streaming', name, ratioAtLeast(0.5), median(ours), median(limit))];
}

async function perSecond(read: () => Promise<number>): Promise<number> {
  const start = performance.now();
  const pieces = (await read()) / PIECE_UNITS;
  const took = performance.now() - start;
  if (pieces !== TURNS * FLOOD_PIECES) throw new Error(`${pieces} parts came of ${TURNS * FLOOD_PIECES}.`);
  return (pieces * 1000) / took;
}
