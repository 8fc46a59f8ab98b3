import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Row, table } from './harness/rows.ts';

/** What can be measured, by name. Each is loaded when its turn comes, so that it shares nothing with the others. */
const benches: Record<string, () => Promise<{ measure: (mode: { long: boolean }) => Promise<Row[]> }>> = {
  wire: () => import('./wire/measure.ts'),
  window: () => import('./window/measure.ts'),
  streaming: () => import('./streaming/measure.ts'),
  log: () => import('./log/measure.ts'),
  sessions: () => import('./sessions/measure.ts'),
  start: () => import('./start/measure.ts'),
  recovery: () => import('./recovery/measure.ts'),
  gateway: () => import('./gateway/measure.ts'),
  delivery: () => import('./delivery/measure.ts'),
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'string' }, long: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const { long } = values;
const names = positionals.length === 0 ? Object.keys(benches) : positionals;
const unknown = names.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined) {
  console.error(`There is no bench ${unknown}; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}

/** A bench takes three minutes at most, the long way ten; one that takes so long hangs. */
const HANGS_MS = (long ? 15 : 6) * 60_000;

let failed = false;
const rows: Row[] = [];
for (const name of names) {
  console.error(`Measuring ${name}...`);
  const hangs = setTimeout(() => {
    console.error(`${name} has not come to its end in ${HANGS_MS / 60_000} minutes.`);
    process.exit(1);
  }, HANGS_MS);
  try {
    rows.push(...(await (await benches[name]!()).measure({ long })));
  } catch (error) {
    failed = true;
    console.error(`${name} could not be measured:`, error);
  }
  clearTimeout(hangs);
}
console.log(table(rows));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ rows }, null, 2)}\n`);
process.exit(failed ? 1 : 0);
