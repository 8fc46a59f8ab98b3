import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import SQLite from 'better-sqlite3';
import { cryptoRandom, systemClock } from '../../src-main/hosts/clock.ts';
import { openLog } from '../../src-main/log/open.ts';
import { end, type Started, started } from '../harness/child.ts';
import { LISTENING, root, startServer } from '../harness/choragus.ts';
import { inFolder, newFolder } from '../harness/folders.ts';
import { interleave, median } from '../harness/rounds.ts';
import { below, type Row, ratioAtMost, row } from '../harness/rows.ts';

const bareStart = join(import.meta.dirname, '../limits/bare-start.mjs');

/**
 * `serve` with an empty data folder; `npm start` with the folder of the one before. The limit beside it is npm starting the
 * bare start.
 */
export async function measure(): Promise<Row[]> {
  const schema = join(newFolder(), 'schema.sql');
  writeFileSync(schema, await tables());
  const bare = (dir: string) => [process.execPath, bareStart, join(dir, 'choragus.db'), schema] as const;

  const serve = await interleave(
    9,
    () =>
      inFolder(async (dir) => {
        const server = await startServer(dir);
        await server.end();
        return server.ms;
      }),
    () => inFolder((dir) => timed(started(bare(dir), /Opened/))),
  );
  const [dir, bareDir] = [newFolder(), newFolder()];
  const start = bare(bareDir).map((word) => JSON.stringify(word));
  writeFileSync(join(bareDir, 'package.json'), JSON.stringify({ scripts: { start: start.join(' ') } }));
  const command = ['npm', 'start', '--', '--port', '0', '--data-dir', dir] as const;
  const npm = await interleave(
    5,
    () => timed(started(command, LISTENING, { env: userEnv(), cwd: root })),
    () => timed(started(['npm', 'start'], /Opened/, { env: userEnv(), cwd: bareDir })),
  );
  return [
    row('start', 'second `npm start` to listening (ms)', below(2000), median(npm.ours), median(npm.limit)),
    row('start', '`serve` to listening (ms)', ratioAtMost(1.5), median(serve.ours), median(serve.limit)),
  ];
}

/** What a new log has in its file, as SQL. */
const tables = () =>
  inFolder(async (dir) => {
    await openLog({ dir, clock: systemClock, random: cryptoRandom }).close();
    const db = new SQLite(join(dir, 'choragus.db'), { readonly: true });
    const made = db.prepare<[], string>(
      `SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'search\\_%' ESCAPE '\\'`,
    );
    const sql = made.pluck().all().join('\n');
    db.close();
    return sql;
  });

async function timed(starting: Promise<Started>): Promise<number> {
  const { process: child, ms } = await starting;
  await end(child);
  return ms;
}

/** As in a person's terminal, without what npm adds for its scripts: there `node` is the machine's own. */
function userEnv(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  const path = process.env.PATH?.split(delimiter).filter((folder) => !/node_modules|node-gyp/.test(folder));
  return { ...Object.fromEntries(own), PATH: path?.join(delimiter), BROWSER: 'none' };
}
