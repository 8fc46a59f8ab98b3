import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewEvent } from '#shared/domain/events.ts';
import type { Log } from '../../log/log.ts';
import { Folder } from '../../log/testing/folder.ts';
import { Jobs } from '../jobs/jobs.ts';
import { abandon, fill, finish, takeAway } from './filling.ts';
import { Trash } from './trash.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const to = { specialist: 'editor' };
const never = new AbortController().signal;
const created = (job: string): NewEvent => ({ type: 'session.created', data: { title: 'Copy', job } });
const said = (n: number): NewEvent => ({
  type: 'message.added',
  data: { message: `m${n}`, parent: n === 0 ? null : `m${n - 1}`, text: `word ${n}`, to },
});
const many = (job: string, count: number) => [[created(job)], Array.from({ length: count }, (_, n) => said(n))];
const listed = async (log: Log) => (await log.summaries({ limit: 99 })).sessions.map(({ id }) => id).sort();

test('all that a job fills appears with one event, in small steps', async () => {
  const log = folder.open();
  const steps: number[] = [];
  const counting = {
    append: (batch: Parameters<Log['append']>[0]) => {
      steps.push(batch.events.length);
      return log.append(batch);
    },
  };
  await fill(counting, 'a', many('j', 500), never);
  await fill(log, 'b', many('j', 1), never);
  expect(Math.max(...steps)).toBeLessThan(100);
  expect([await listed(log), (await log.filling()).map(({ session }) => session).sort()]).toEqual([[], ['a', 'b']]);
  await finish(log, 'j');
  expect([await listed(log), await log.filling()]).toEqual([['a', 'b'], []]);
});

test('what is broken off can be taken away, and what another job fills stays', async () => {
  const log = folder.open();
  const stop = new AbortController();
  function* batches() {
    yield* many('j', 10);
    stop.abort(new Error('Cancelled.'));
    yield [said(10)];
  }
  await expect(fill(log, 'a', batches(), stop.signal)).rejects.toThrow('Cancelled.');
  await fill(log, 'b', many('other', 10), never);
  await abandon(log, 'j');
  expect(await log.filling()).toEqual([{ session: 'b', job: 'other' }]);
  expect(await log.shape('a')).toBeNull();
  await expect(fill(log, 'b', many('j', 1), never)).rejects.toMatchObject({ code: 'CONFLICT' });
});

const source = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** Runs a program over the same folder and kills it -9 when it has printed that many lines. */
async function killed(program: string, lines: number): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let count = 0;
  const output = createInterface(child.stdout);
  output.on('line', () => {
    if (++count === lines) child.kill('SIGKILL');
  });
  const [[, signal]] = await Promise.all([once(child, 'exit'), once(output, 'close')]);
  expect(signal).toBe('SIGKILL');
}

const opening = () => `
  import { writeSync } from 'node:fs';
  import { openLog } from ${source('../../log/open.ts')};
  import { systemClock } from ${source('../../hosts/clock.ts')};
  const log = openLog({ dir: ${JSON.stringify(folder.dir)}, clock: systemClock, random: Math.random });
  const to = { specialist: 'editor' };
`;

test('a kill in the middle of a fork leaves nothing of it, and all of the original', async () => {
  const program = `${opening()}
    import { Jobs } from ${source('../jobs/jobs.ts')};
    import { Forks } from ${source('./fork.ts')};
    let ids = 0;
    const newId = () => 'n' + ++ids;
    const jobs = new Jobs({ clock: systemClock, newId, logger: console });
    const events = [{ type: 'session.created', data: { title: 'Long' } }];
    for (let n = 0; n < 2000; n++)
      events.push({ type: 'message.added', data: { message: 'm' + n, parent: n ? 'm' + (n - 1) : null, text: 'word', to } });
    await log.append({ session: 's', events, durable: true });
    const { append } = log;
    log.append = async (batch) => {
      const committed = await append(batch);
      writeSync(1, 'step\\n');
      // The kill comes before the end.
      if (batch.session === 'system') await new Promise(() => setInterval(() => {}, 1000));
      return committed;
    };
    const forks = new Forks({ log, jobs, newId, now: Date.now });
    await forks.start({ session: 's', into: 'f', at: { node: 'm1999' } }, (result) => ({ id: 'c', hash: 'h', result }));
  `;
  await killed(program, 10);
  const log = folder.open();
  const left = await log.filling();
  expect(left).toMatchObject([{ session: 'f' }]);
  expect(await listed(log)).toEqual(['s']);
  await takeAway(log, left);
  expect([await log.shape('f'), await log.filling(), await log.command('c')]).toEqual([null, [], null]);
  expect((await log.path('s', { limit: 1 }))?.length).toBe(2000);
});

test('a kill while the trash is emptied leaves each session whole or gone', async () => {
  const program = `${opening()}
    for (let s = 0; s < 30; s++) {
      const events = [{ type: 'session.created', data: { title: 'Old' } }];
      for (let n = 0; n < 50; n++)
        events.push({ type: 'message.added', data: { message: 'm' + n, parent: n ? 'm' + (n - 1) : null, text: 'word', to } });
      events.push({ type: 'session.arranged', data: { trashed: true } });
      await log.append({ session: 's' + s, events, durable: true });
    }
    for (const session of await log.trashedBefore(Number.MAX_SAFE_INTEGER)) {
      await log.delete({ session });
      writeSync(1, session + '\\n');
    }
    setInterval(() => {}, 1000);
  `;
  await killed(program, 8);
  const log = folder.open();
  const left = await log.trashedBefore(Number.MAX_SAFE_INTEGER);
  expect(left.length).toBeLessThanOrEqual(22);
  for (let s = 0; s < 30; s++) {
    const session = `s${s}`;
    if (left.includes(session)) expect((await log.path(session, { limit: 1 }))?.length).toBe(50);
    else expect(await log.read({ session, limit: 9 })).toMatchObject([{ type: 'session.deleted' }]);
  }
  // The rest goes when it is asked for again.
  const clock = { now: Date.now, monotonic: () => performance.now(), after: () => () => {} };
  const jobs = new Jobs({ clock, newId: () => 'j', logger: { warn() {} } });
  const sessions = { deleteTrashed: (session: string) => log.delete({ session }).then(() => true) };
  const { job } = await new Trash({ log, jobs, sessions }).empty((result) => ({ id: 'c', hash: 'h', result }));
  expect(await jobs.ended(job)).toMatchObject({ state: 'done', done: left.length, result: { sessions: left.length } });
  expect(await log.trashedBefore(Number.MAX_SAFE_INTEGER)).toEqual([]);
});
