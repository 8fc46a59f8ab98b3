import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BackupFolder } from '../../log/backups.ts';
import { openLog } from '../../log/open.ts';
import { batch, created, message } from '../../log/testing/folder.ts';
import { systemClock } from '../clock.ts';
import { readArguments, UsageProblem } from './args.ts';
import { type KeepCommand, keepCommand } from './keep.ts';
import { StartedServer } from './testing/process.ts';

const program = join(import.meta.dirname, '../../../scripts/serve-from-source.mjs');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'choragus-keep-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function run(command: Omit<KeepCommand, 'dataDir'> & { file?: string }, env: Record<string, string> = {}) {
  const lines: string[] = [];
  const options = { dataDir: dir, env, version: '1', print: (line: string) => void lines.push(line) };
  const whole = await keepCommand({ dataDir: dir, ...command } as KeepCommand, options);
  return { whole, lines };
}

/** Says this in a session, as an app that ran and ended. */
async function said(text: string): Promise<void> {
  const log = openLog({ dir, clock: systemClock, random: Math.random });
  const first = log.position === 0 ? [created()] : [];
  await log.append(batch('s', [...first, message(text, text)], { durable: true }));
  await log.close();
}

async function texts(): Promise<string[]> {
  const log = openLog({ dir, clock: systemClock, random: Math.random });
  const events = await log.read({ session: 's', limit: 100 });
  await log.close();
  return events.flatMap((event) => (event.type === 'message.added' ? [event.data.text] : []));
}

describe('in a data folder that nobody uses', () => {
  it('a backup is made, listed and restored by its name; what was there is kept and can be restored by its path', async () => {
    await said('first');
    expect(await run({ name: 'backups' })).toEqual({
      whole: true,
      lines: [`There are no backups in ${join(dir, 'backups')} yet. Make one: choragus backup.`],
    });
    const made = await run({ name: 'backup' });
    const { file } = new BackupFolder(dir).list()[0]!;
    expect(made.lines).toEqual([`The backup is ${join(dir, 'backups', file)}.`]);
    await said('second');
    expect((await run({ name: 'backups' })).lines).toEqual([
      expect.stringMatching(new RegExp(`^${file} +[\\d.]+ kB  \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\dZ  asked$`)),
    ]);
    const restored = await run({ name: 'restore', file });
    expect(await texts()).toEqual(['first']);
    const before = new BackupFolder(dir).list().find(({ reason }) => reason === 'before-restore')!;
    expect(restored.lines).toEqual([
      `${join(dir, 'backups', file)} was restored.`,
      `What was there before is the backup ${before.file}.`,
    ]);
    await run({ name: 'restore', file: join(dir, 'backups', before.file) });
    expect(await texts()).toEqual(['first', 'second']);
    expect(await run({ name: 'check' })).toEqual({ whole: true, lines: ['Everything is whole.'] });
  });

  it('damage is told with what to do, and a damaged backup changes nothing', async () => {
    await said('first');
    await run({ name: 'backup' });
    for (let index = 0; index < 30; index++) await said(`${index} `.repeat(500));
    const bytes = readFileSync(join(dir, 'choragus.db'));
    bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 8192);
    writeFileSync(join(dir, 'choragus.db'), bytes);
    const { whole, lines } = await run({ name: 'check' });
    expect(whole).toBe(false);
    expect(lines[0]).toMatch(/is damaged/);
    expect(lines.at(-1)).toBe('Restore the newest backup: choragus backups lists them.');

    const broken = join(dir, 'broken.db');
    writeFileSync(broken, bytes.subarray(0, bytes.length / 3));
    const refused = run({ name: 'restore', file: broken });
    await expect(refused).rejects.toMatchObject({ code: 'STORAGE', message: 'broken.db is damaged.' });
    expect(readFileSync(join(dir, 'choragus.db')).equals(bytes)).toBe(true);
    expect(readdirSync(dir).filter((name) => name.includes('restoring'))).toEqual([]);

    const { file } = new BackupFolder(dir).list()[0]!;
    await run({ name: 'restore', file });
    expect(await texts()).toEqual(['first']);
  });

  it('a log that was moved away is restored into the empty folder', async () => {
    await said('first');
    await run({ name: 'backup' });
    rmSync(join(dir, 'choragus.db'));
    const { file } = new BackupFolder(dir).list()[0]!;
    await run({ name: 'restore', file });
    expect(await texts()).toEqual(['first']);
    expect(new BackupFolder(dir).list()).toHaveLength(1);
  });

  it('a folder without conversations, and a file that is not there, are told', async () => {
    await expect(run({ name: 'check' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `There are no conversations in ${dir}.`,
    });
    expect(existsSync(join(dir, 'choragus.db'))).toBe(false);
    await said('first');
    await expect(run({ name: 'restore', file: 'none.db' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await texts()).toEqual(['first']);
  });
});

it('where a Choragus runs with the folder, that one is asked', async () => {
  await said('first');
  const server = await StartedServer.start({ program, dataDir: dir });
  const env = { CHORAGUS_TOKEN: server.token };
  try {
    const { lines } = await run({ name: 'backup' }, env);
    const { file } = new BackupFolder(dir).list()[0]!;
    expect(lines).toEqual([`The backup is ${join(dir, 'backups', file)}.`]);
    expect(await run({ name: 'check' }, env)).toEqual({ whole: true, lines: ['Everything is whole.'] });
    await expect(run({ name: 'restore', file: 'none.db' }, env)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const address = server.url;
    expect((await run({ name: 'restore', file }, env)).lines).toEqual([
      `${file} is being restored by the Choragus at ${address}; what was there becomes a backup.`,
    ]);
    const reasons = () => new BackupFolder(dir).list().map(({ reason }) => reason);
    await expect.poll(reasons, { timeout: 10_000 }).toContain('before-restore');
  } finally {
    await server.stop();
  }
  expect(await texts()).toEqual(['first']);
});

it('the commands are read from the command line', () => {
  const dataDir = undefined;
  for (const name of ['backups', 'backup', 'check'] as const) expect(readArguments([name])).toEqual({ name, dataDir });
  expect(readArguments(['restore', 'a.db', '--data-dir', 'd'])).toEqual({
    name: 'restore',
    dataDir: 'd',
    file: 'a.db',
  });
  expect(readArguments(['restore', '--data-dir', 'd', 'a.db'])).toEqual({
    name: 'restore',
    dataDir: 'd',
    file: 'a.db',
  });
  expect(() => readArguments(['restore'])).toThrow(new UsageProblem('The backup to restore is missing.'));
  expect(() => readArguments(['restore', 'a', 'b'])).toThrow(new UsageProblem("Unexpected argument 'b'."));
  expect(() => readArguments(['check', 'now'])).toThrow(new UsageProblem("Unexpected argument 'now'."));
});
