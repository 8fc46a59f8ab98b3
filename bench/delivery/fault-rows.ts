import { median } from '../harness/rounds.ts';
import { atMost, exactly, type Row, row } from '../harness/rows.ts';
import { underFire } from './faults.ts';

const FIRE = { programs: 100, streams: 50, resets: 1000, kills: 20 };

/** 100 programs and 50 running streams, 1,000 resets and 20 kills of the server. */
export async function faultRows(): Promise<Row[]> {
  const result = await underFire(FIRE);
  const { programs, streams, resets, kills } = FIRE;
  const fire = `${programs} programs, ${streams} streams, ${resets} resets, ${kills} x kill -9 (${result.events} events, ${result.commands} commands)`;
  const all = 'from listening again to all 100 programs answered (ms)';
  return [
    row('delivery', `${fire}: lost`, exactly(0), result.lost),
    row('delivery', `${fire}: doubled`, exactly(0), result.doubled),
    row('delivery', `${fire}: out of order`, exactly(0), result.outOfOrder),
    row('delivery', `${kills} x kill -9: ${all}, median`, atMost(1000), median(result.recoveries)),
    row('delivery', `${kills} x kill -9: ${all}, longest`, atMost(1000), Math.max(...result.recoveries)),
  ];
}
