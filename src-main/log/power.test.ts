import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { BackupFolder, restoringFile } from './backups.ts';
import { openLog } from './open.ts';
import { putPrepared } from './restore.ts';
import { batch, created, Folder, message } from './testing/folder.ts';
import { afterEachCut, filesIn, recorder } from './testing/power/cuts.ts';
import { prepareCopy } from './worker/prepare.ts';

const tools = mkdtempSync(join(tmpdir(), 'choragus-power-tools-'));
const library = recorder(tools);
afterAll(() => rmSync(tools, { recursive: true }));
if (library === null) console.warn('There is no C compiler for the file layer: power cuts are not tested here.');

/** Numbers from a seed, printed so that a failure can be had again. */
function seeded(seed = Number(process.env.POWER_SEED ?? Math.floor(Math.random() * 2 ** 31))) {
  console.info(`Power cuts with the seed ${seed} (POWER_SEED).`);
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const source = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
/** As the program writes them. */
const text = (name: string, length: number) => `${name} `.repeat(length);

const program = (dir: string, body: string) => `
  import { openSync, writeSync } from 'node:fs';
  import { openLog } from ${source('./open.ts')};
  import { systemClock } from ${source('../hosts/clock.ts')};
  import { BackupFolder, logFile, restoringFile } from ${source('./backups.ts')};
  import { prepareCopy } from ${source('./worker/prepare.ts')};
  import { putPrepared } from ${source('./restore.ts')};
  const dir = ${JSON.stringify(dir)};
  const told = openSync(dir + '/told', 'a');
  const tell = (line) => writeSync(told, line + '\\n');
  const open = () => openLog({ dir, clock: systemClock, random: Math.random });
  const text = (name, length) => (name + ' ').repeat(length);
  const to = { specialist: 'editor' };
  const speaker = { name: 'Editor', provider: 'p', providerName: 'P', model: 'm', offline: false };
  const say = async (log, name, length) => {
    const data = { message: name, parent: null, text: text(name, length), to };
    await log.append({ session: 's', durable: true, events: [{ type: 'message.added', data }] });
    tell('message ' + name);
  };
  const answer = async (log, name, parent, length) => {
    await log.append({ session: 's', durable: false, events: [
      { type: 'turn.requested', data: { turn: name, parent, to, speaker } },
      { type: 'turn.part', data: { turn: name, offset: 0, text: text(name, 10) } },
    ] });
    await log.append({ session: 's', durable: true, events: [{ type: 'turn.finished', data: {
      turn: name, state: 'done', text: text(name, length), reasoning: '', seams: [], finish: 'stop', problem: null,
      usage: null, timing: null, buffered: false,
    } }] });
    tell('answer ' + name);
  };
  ${body}
`;

/** Opens it as the app would: no damage, all that was promised is there, and nothing that nobody ever wrote. */
async function expectWhole(dir: string, told: readonly string[], where: string): Promise<void> {
  const log = openLog({ dir, clock: fakeClock(), random: Math.random });
  try {
    expect(log.notices, where).toEqual([]);
    const events = await log.read({ session: 's', limit: 10_000 });
    const kept = new Set<string>();
    for (const { type, data } of events) {
      if (type === 'message.added') {
        expect(data.text, where).toBe(text(data.message, data.text.length / (data.message.length + 1)));
        kept.add(`message ${data.message}`);
      } else if (type === 'turn.finished') {
        expect(data.text, where).toBe(text(data.turn, data.text.length / (data.turn.length + 1)));
        kept.add(`answer ${data.turn}`);
      }
    }
    expect(
      told.filter((line) => /^(message|answer) /.test(line) && !kept.has(line)),
      where,
    ).toEqual([]);
    await log.append(batch('after', [created()]));
  } finally {
    await log.close();
  }
  const db = new SQLite(join(dir, 'choragus.db'), { readonly: true });
  expect(db.pragma('integrity_check', { simple: true }), where).toBe('ok');
  db.close();
}

describe.skipIf(library === null)('after a power cut, or a kill,', { timeout: 120_000 }, () => {
  let folder: Folder;
  beforeEach(async () => {
    folder = new Folder();
    mkdirSync(join(folder.dir, 'backups'));
    const log = folder.open();
    await log.append(batch('s', [created(), message('base', text('base', 50))], { durable: true }));
    await folder.close(log);
  });
  afterEach(() => folder.remove());

  const cuts = (body: string, moments: number) => ({
    library: library!,
    dir: folder.dir,
    program: program(folder.dir, body),
    moments,
    random: seeded(),
  });

  it('every message and every end that was told is there, whole, and nothing else', async () => {
    const body = `
      const log = open();
      tell('message base');
      for (let round = 0; round < 30; round++) {
        await say(log, 'm' + round, 2000);
        await answer(log, 't' + round, 'm' + round, 20000);
      }
      await log.close();
    `;
    const { operations } = await afterEachCut(cuts(body, 30), expectWhole);
    expect(operations).toBeGreaterThan(200);
  });

  it('a backup that was told is there, whole, and the log is as well', async () => {
    const body = `
      const log = open();
      for (let round = 0; round < 4; round++) {
        await say(log, 'm' + round, 5000);
        const file = new BackupFolder(dir).next('asked', Date.now());
        const signal = new AbortController().signal;
        await Promise.all([log.backup(file, { progress() {}, signal }), say(log, 'n' + round, 5000)]);
        tell('backup ' + file.split('/').at(-1) + ' m' + round);
      }
      await log.close();
    `;
    await afterEachCut(cuts(body, 12), async (dir, told, where) => {
      await expectWhole(dir, told, where);
      new BackupFolder(dir).tidy();
      for (const { file } of new BackupFolder(dir).list()) expectBackup(join(dir, 'backups', file), where);
      expect(
        [...filesIn(dir).keys()].filter((name) => name.includes('.part')),
        where,
      ).toEqual([]);
      for (const line of told.filter((each) => each.startsWith('backup'))) {
        const [, name = '', last = ''] = line.split(' ');
        expect(readdirSync(join(dir, 'backups')), where).toContain(name);
        const copy = mkdtempSync(join(tools, 'copy-'));
        restoreInto(copy, join(dir, 'backups', name));
        const log = openLog({ dir: copy, clock: fakeClock(), random: Math.random });
        const events = await log.read({ session: 's', limit: 100 });
        await log.close();
        expect(JSON.stringify(events), where).toContain(`"${last}"`);
      }
    });
  });

  it('of a restore there is the old log or the new one, whole, and what was there before is kept', async () => {
    const log = folder.open();
    let file = join(folder.dir, 'backups', 'choragus-2026-01-05T090000000Z-asked.db');
    await log.backup(file, { progress() {}, signal: new AbortController().signal });
    await log.append(batch('s', [message('later', text('later', 3000))], { durable: true }));
    // As after a kill: what came last is in the journal only.
    const killed = new Folder();
    cpSync(folder.dir, killed.dir, { recursive: true });
    await folder.remove();
    folder = killed;
    file = join(folder.dir, 'backups', basename(file));
    const body = `
      prepareCopy(${JSON.stringify(file)}, restoringFile(dir));
      const { backup } = putPrepared(dir, Date.now());
      tell('restored ' + backup);
      const log = open();
      await say(log, 'new', 100);
      await log.close();
    `;
    let [before, after] = [0, 0];
    await afterEachCut(cuts(body, 15), async (dir, told, where) => {
      new BackupFolder(dir).tidy();
      await expectWhole(dir, told, where);
      const opened = openLog({ dir, clock: fakeClock(), random: Math.random });
      const events = JSON.stringify(await opened.read({ session: 's', limit: 100 }));
      await opened.close();
      const restored = !events.includes('"later"');
      if (told.some((line) => line.startsWith('restored'))) expect(restored, where).toBe(true);
      if (restored) after++;
      else before++;
      if (!restored) return;
      const kept = readdirSync(join(dir, 'backups')).filter((name) => name.endsWith('-before-restore.db'));
      expect(kept, where).toHaveLength(1);
      const copy = mkdtempSync(join(tools, 'copy-'));
      restoreInto(copy, join(dir, 'backups', kept[0]!));
      const former = openLog({ dir: copy, clock: fakeClock(), random: Math.random });
      expect(JSON.stringify(await former.read({ session: 's', limit: 100 })), where).toContain('"later"');
      await former.close();
    });
    expect([before > 5, after > 5]).toEqual([true, true]);
  });
});

function expectBackup(file: string, where: string): void {
  const db = new SQLite(file, { readonly: true });
  expect(db.pragma('integrity_check', { simple: true }), where).toBe('ok');
  db.close();
}

function restoreInto(dir: string, file: string): void {
  prepareCopy(file, restoringFile(dir));
  putPrepared(dir, Date.now());
}
