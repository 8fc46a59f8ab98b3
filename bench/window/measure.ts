import type { Row } from '../harness/rows.ts';
import { frames } from './frames.ts';
import { heap } from './heap.ts';
import { load } from './load.ts';
import { painted } from './painted.ts';
import { newStand } from './stand.ts';

/** What a person sees: the built page in a real browser, at the built server, while AIs answer. */
export async function measure({ long }: { long: boolean }): Promise<Row[]> {
  const stand = await newStand();
  const rows: Row[] = [];
  for (const part of long ? [heap] : [load, painted, frames]) rows.push(...(await part(stand)));
  await stand.end();
  return rows;
}
