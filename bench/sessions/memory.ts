import { join } from 'node:path';
import { end, helper } from '../harness/child.ts';
import { newFolder } from '../harness/folders.ts';
import { median } from '../harness/rounds.ts';
import { below, type Row, row } from '../harness/rows.ts';

const ROUNDS = 3;

/** What 100 sessions of 20 messages that are all followed take, in a process of its own. */
export async function memory(): Promise<Row[]> {
  const measured: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { process: child, said } = await helper<{ megabytes: number }>(join(import.meta.dirname, 'followed.ts'), [
      newFolder(),
    ]);
    measured.push(said.megabytes);
    await end(child, 'SIGKILL');
  }
  return [row('sessions', '100 sessions x 20 messages, all followed, in memory (MB)', below(10), median(measured))];
}
