import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import SQLite from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog } from './open.ts';
import { batch, created, Folder, message } from './testing/folder.ts';
import { recorder } from './testing/power/cuts.ts';

const tools = mkdtempSync(join(tmpdir(), 'choragus-trouble-'));
const library = recorder(tools);
afterAll(() => rmSync(tools, { recursive: true }));
if (library === null) console.warn('There is no C compiler for the file layer: a full disk is not tested here.');

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const source = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** A turn that says `0 1 2 …` until a line comes in, then ends; each part that a follower was given is printed. */
const streaming = (dir: string) => `
  import { openLog } from ${source('./open.ts')};
  import { systemClock as clock } from ${source('../hosts/clock.ts')};
  import { Turns } from ${source('../engines/streaming/turns.ts')};
  import { ScriptedProvider } from ${source('../engines/streaming/testing/scripted-provider.ts')};
  const tell = (what) => process.stdout.write(JSON.stringify(what) + '\\n');
  const dir = ${JSON.stringify(dir)};
  let log;
  try {
    log = openLog({ dir, clock, random: Math.random });
  } catch (problem) {
    tell({ refused: problem.message, next: problem.next });
    process.exit();
  }
  const to = { specialist: 'editor' };
  const speaker = { name: 'Editor', provider: 'p', providerName: 'P', model: 'm', offline: false };
  await log.append({ session: 's', durable: true, events: [
    { type: 'session.created', data: { title: 's' } },
    { type: 'message.added', data: { message: 'm', parent: null, text: 'Count', to } },
    { type: 'turn.requested', data: { turn: 't', parent: 'm', to, speaker } },
  ] });
  const follower = log.follow({ session: 's', after: 0, ready: async () => {
    for (const { type, data } of await follower.read(1000))
      if (type === 'turn.part' || type === 'turn.finished') tell({ type, text: data.text });
  } });
  const provider = new ScriptedProvider();
  const limits = { retries: 0, stallMs: 60_000, turns: 4 };
  const observations = { streams: () => true, cannotStream() {} };
  const turns = new Turns({ log, clock, random: Math.random, limits, observations, logger: { warn() {} } });
  turns.start({ session: 's', turn: 't', speaker, provider, request: { model: 'm', messages: [] }, from: undefined });
  const call = await provider.call(0);
  let [count, all] = [0, ''];
  const next = setInterval(() => {
    const text = count++ + ' ';
    all += text;
    call.say(text);
  }, 2);
  // What a person does meanwhile is told.
  const ask = setInterval(() => {
    log.append({ session: 's', durable: true, events: [{ type: 'session.renamed', data: { title: 'x' } }] }).then(
      () => tell({ saved: true }),
      (problem) => tell({ problem: problem.message, next: problem.next, code: problem.code }),
    );
  }, 50);
  process.stdin.once('data', async () => {
    clearInterval(next);
    clearInterval(ask);
    call.finish();
    turns.ended.on(async () => {
      tell({ all });
      await log.close();
      process.exit();
    });
  });
`;

interface Line {
  type?: string;
  text?: string;
  saved?: true;
  problem?: string;
  next?: string;
  refused?: string;
  all?: string;
}

function start(dir: string) {
  const place = mkdtempSync(join(tools, 'run-'));
  const [program, fault] = [join(place, 'program.mjs'), join(place, 'fault')];
  writeFileSync(program, streaming(dir));
  const env = { ...process.env, LD_PRELOAD: library!, POWER_DIR: dir, POWER_FAULT: fault };
  const begin = () => spawn(process.execPath, [program], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  return { begin, fails: (how: string) => writeFileSync(fault, how), works: () => rmSync(fault) };
}

function heard(child: ReturnType<ReturnType<typeof start>['begin']>) {
  const lines: Line[] = [];
  createInterface(child.stdout!).on('line', (line) => lines.push(JSON.parse(line)));
  const until = (wanted: (line: Line) => boolean, from = 0) =>
    expect.poll(() => lines.slice(from).find(wanted), { timeout: 15_000 }).toBeDefined();
  return { lines, until };
}

describe.skipIf(library === null)('a disk', { timeout: 60_000 }, () => {
  it.each([
    ['ENOSPC', 'The disk with the log is full.', 'Free some space, then try again; nothing that was saved is lost.'],
    ['EROFS', 'The disk reports an error with the log.', 'Check the disk, then try again.'],
    ['EIO', 'The disk reports an error with the log.', 'Check the disk, then try again.'],
  ])(
    'that says %s while an answer streams: it goes on, and all of it is saved once there is room',
    async (how, problem, next) => {
      const dir = realpathSync(folder.dir);
      const { begin, fails, works } = start(dir);
      const child = begin();
      const { lines, until } = heard(child);
      await until(({ type }) => type === 'turn.part');
      await until(({ saved }) => saved === true);
      fails(how);
      await until((line) => line.problem !== undefined);
      const from = lines.length;
      // Nothing is shown that is not saved.
      await until((line) => line.problem !== undefined, from);
      expect(lines.slice(from).filter(({ type }) => type !== undefined)).toEqual([]);
      expect(lines.find((line) => line.problem !== undefined)).toMatchObject({ problem, next, code: 'STORAGE' });
      works();
      await until(({ type }) => type === 'turn.part', from);
      await until(({ saved }) => saved === true, from);
      child.stdin!.write('end\n');
      await until(({ all }) => all !== undefined);
      const { all } = lines.at(-1)!;
      expect(lines.findLast(({ type }) => type === 'turn.finished')!.text).toBe(all);
      const log = folder.open();
      expect(log.notices).toEqual([]);
      expect((await log.snapshot('s', 10))!.view.nodes.t).toMatchObject({ state: 'done', text: all });
      expect(await log.check({ progress() {}, signal: new AbortController().signal })).toEqual([]);
    },
  );

  it('that is still full when the answer has ended: its end is saved once there is room', async () => {
    const dir = realpathSync(folder.dir);
    const { begin, fails, works } = start(dir);
    const child = begin();
    const { lines, until } = heard(child);
    await until(({ type }) => type === 'turn.part');
    fails('ENOSPC');
    await until((line) => line.problem !== undefined);
    child.stdin!.write('end\n');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lines.some(({ type }) => type === 'turn.finished')).toBe(false);
    works();
    await until(({ all }) => all !== undefined);
    const log = folder.open();
    expect((await log.snapshot('s', 10))!.view.nodes.t).toMatchObject({ state: 'done', text: lines.at(-1)!.all });
  });

  it.each([
    ['ENOSPC', /^The disk with .* is full\.$/],
    ['EROFS', /^Choragus may not write to .*\.$/],
  ])('that says %s at the start is told in one sentence, and nothing is changed', async (how, sentence) => {
    const log = folder.open();
    await log.append(batch('s', [created(), message('m', 'Hello')]));
    await folder.close(log);
    const dir = realpathSync(folder.dir);
    const { begin, fails } = start(dir);
    fails(how);
    const { lines, until } = heard(begin());
    await until(({ refused, problem }) => (refused ?? problem) !== undefined);
    expect(lines[0]!.refused ?? lines[0]!.problem).toMatch(sentence);
    const again = folder.open();
    expect((await again.snapshot('s', 10))!.view.title).toBe('A session');
  });

  it('that is full when a backup is made: there is no half one, and the sentence names the folder', async () => {
    const log = folder.open();
    await log.append(batch('s', [created(), message('m', 'Hello')]));
    await folder.close(log);
    const place = mkdtempSync(join(tools, 'run-'));
    const program = join(place, 'program.mjs');
    const dir = realpathSync(folder.dir);
    writeFileSync(
      program,
      `import { copyLog } from ${source('./worker/backup.ts')};
       import { storageProblem } from ${source('./storage.ts')};
       import { writeFileSync, readdirSync, rmSync } from 'node:fs';
       const [dir, fault] = ${JSON.stringify([dir, join(place, 'fault')])};
       const work = { progress: () => writeFileSync(fault, 'ENOSPC'), signal: new AbortController().signal };
       const problem = await copyLog(dir + '/choragus.db', dir + '/backups/copy.db', work).catch((error) => storageProblem(error, dir + '/backups'));
       rmSync(fault);
       process.stdout.write(JSON.stringify({ problem: problem?.message, files: readdirSync(dir + '/backups') }) + '\\n');`,
    );
    const env = { ...process.env, LD_PRELOAD: library!, POWER_DIR: dir, POWER_FAULT: join(place, 'fault') };
    const { until, lines } = heard(spawn(process.execPath, [program], { env, stdio: ['pipe', 'pipe', 'inherit'] }));
    await until(() => true);
    expect(lines[0]).toEqual({ problem: `The disk with ${dir}/backups is full.`, files: [] });
  });
});

it('is told when the disk takes nothing more, and when it does again, once each', async () => {
  const told: (string | null)[] = [];
  let full = false;
  const log = folder.open({
    writing: (problem) => told.push(problem?.message ?? null),
    beforeCommit() {
      if (full) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
    },
  });
  await log.append(batch('s', [created()]));
  full = true;
  for (const name of ['a', 'b'])
    await expect(log.append(batch('s', [message(name, name)]))).rejects.toMatchObject({ code: 'STORAGE' });
  full = false;
  for (const name of ['c', 'd']) await log.append(batch('s', [message(name, name)]));
  // A command that cannot be carried out says nothing about the disk.
  await expect(log.append(batch('s', [message('c', 'again')]))).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(told).toEqual(['The disk with the log is full.', null]);
});

it('a log that another program holds locked is told, and goes on when that lets go', async () => {
  const log = folder.open();
  await log.append(batch('s', [created()]));
  const other = new SQLite(folder.file);
  other.exec('BEGIN IMMEDIATE');
  await expect(log.append(batch('s', [message('m', 'Hello')]))).rejects.toMatchObject({
    code: 'STORAGE',
    message: 'Another program holds the log locked.',
    next: 'Close that program, then try again.',
  });
  // What is there can be read meanwhile.
  expect((await log.snapshot('s', 10))!.view.title).toBe('A session');
  other.exec('ROLLBACK');
  other.close();
  await log.append(batch('s', [message('m', 'Hello')]));
  await folder.close(log);

  const holder = new SQLite(folder.file);
  holder.pragma('locking_mode = EXCLUSIVE');
  holder.exec('BEGIN EXCLUSIVE');
  const open = () => openLog({ dir: folder.dir, clock: folder.clock, random: Math.random });
  expect(open).toThrow(
    expect.objectContaining({ code: 'STORAGE', message: `Another program holds ${folder.dir} locked.` }),
  );
  holder.exec('ROLLBACK');
  holder.close();
  const again = folder.open();
  expect(again.notices).toEqual([]);
});
