import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Event } from '#shared/domain/events.ts';
import type { Log } from './log.ts';
import { batch, created, Folder, message } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const SESSIONS = 60;
const source = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** Packs what is cold, and says how far it is. */
const program = (dir: string) => `
  import { writeSync } from 'node:fs';
  import { openLog } from ${source('./open.ts')};
  import { systemClock } from ${source('../hosts/clock.ts')};
  const log = openLog({ dir: ${JSON.stringify(dir)}, clock: systemClock, random: Math.random });
  await log.compact({ progress: (done) => writeSync(1, done + '\\n'), signal: new AbortController().signal });
`;

async function all(log: Log): Promise<Event[]> {
  const follower = log.follow({ after: 0, ready: () => {} });
  const events: Event[] = [];
  while (follower.position < log.position) events.push(...(await follower.read(100)));
  follower.close();
  return events;
}

const counts = () =>
  folder.look((db) => ({
    blocks: db.prepare<[], number>('SELECT count(*) FROM blocks').pluck().get()!,
    hot: db.prepare<[], number>('SELECT count(DISTINCT session) FROM events').pluck().get()!,
  }));

test('kill -9 while cold events are packed loses none of them, and the next time goes on', async () => {
  const log = folder.open();
  for (let index = 0; index < SESSIONS; index++) {
    const texts = Array.from({ length: 30 }, (_, at) =>
      message(`m${index}-${at}`, `What ${index} said of ${at}. `.repeat(20)),
    );
    await log.append(batch(`s${index}`, [created(`s${index}`), ...texts]));
  }
  const before = await all(log);
  await folder.close(log);

  for (const percent of [8, 40, 64]) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program(folder.dir)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface(child.stdout);
    lines.on('line', (line) => Number(line) >= percent && child.kill('SIGKILL'));
    const [[, signal]] = await Promise.all([once(child, 'exit'), once(lines, 'close')]);
    expect(signal).toBe('SIGKILL');
    const { blocks, hot } = counts();
    expect(blocks).toBeGreaterThan(0);
    expect(blocks + hot).toBe(SESSIONS);
    const again = folder.open();
    expect(again.notices).toEqual([]);
    expect(await all(again)).toEqual(before);
    await folder.close(again);
  }
  folder.clock.advance(2 * 3600_000);
  const last = folder.open();
  await last.compact({ progress: () => {}, signal: new AbortController().signal });
  expect(counts()).toEqual({ blocks: SESSIONS, hot: 0 });
  expect(await all(last)).toEqual(before);
}, 60_000);
