import type { Row } from '../harness/rows.ts';
import { again } from './again.ts';
import { catchUp } from './catch-up.ts';
import { faultRows } from './fault-rows.ts';
import { followers } from './followers.ts';
import { idle } from './idle.ts';
import { startStand } from './stand.ts';

/** What reaches whom, how fast, and that it is all there, whatever breaks. */
export async function measure(): Promise<Row[]> {
  const stand = await startStand();
  const rows = [...(await followers(stand)), ...(await catchUp(stand))];
  await stand.end();
  return [...rows, ...(await again()), ...(await idle()), ...(await faultRows())];
}
