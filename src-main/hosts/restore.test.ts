import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import type { Client } from '#shared/wire/client.ts';
import { newId, openClient } from '../client/client.ts';
import { readAccessKeys } from '../gateway/access.ts';
import { lastOwner, takeOwnership } from '../log/lock.ts';
import { accessFile } from './data-folder.ts';
import { type Engines, openEngines } from './engines.ts';

let folder: string;
let ends: (() => unknown)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-restore-'));
  ends = [];
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<Engines> {
  const engines = await openEngines({
    dataDir: folder,
    config: undefined,
    env: {},
    version: '1.2.3',
    versions: {},
    licencesFile: join(folder, 'licences.json'),
    gateway: { rendererDir: tmpdir(), linkCommand: 'link', window: { port: 0 } },
  });
  ends.push(() => engines.close(0));
  return engines;
}

/** Over a real socket. `connected` resolves at the next connection. */
function dial(engines: Engines): { client: Client; again(): Promise<void> } {
  let connected = () => {};
  const client = openClient({
    url: engines.gateway.url!,
    token: readAccessKeys(accessFile(folder), () => {})!.token,
    name: 'test',
    version: '0',
    onState: ({ kind }) => kind === 'connected' && connected(),
  });
  ends.push(() => client.close());
  return { client, again: () => new Promise((resolve) => (connected = resolve)) };
}

async function finished(client: Client, id: string) {
  const { promise, resolve } = Promise.withResolvers<StreamItem<'jobs.follow'>['jobs'][number]>();
  const follow = client.follow(
    'jobs.follow',
    () => ({}),
    (items) => {
      const job = items.at(-1)?.jobs.find((each) => each.id === id);
      if (job !== undefined && job.state !== 'running') resolve(job);
    },
  );
  return promise.finally(() => follow.close());
}

async function backedUp(client: Client): Promise<string> {
  const { job } = await client.call('data.backup', {});
  expect(await finished(client, job)).toMatchObject({ state: 'done', problem: null });
  const [newest] = (await client.call('data.backups', {})).backups;
  return newest!.file;
}

const titles = async (client: Client) =>
  (await client.call('sessions.list', { limit: 100 })).sessions.map(({ title }) => title).sort();
const create = (client: Client, title: string) => {
  const session = newId();
  return client.call('sessions.create', { command: newId(), session, title }).then(() => session);
};
const rename = (client: Client, session: string, title: string) =>
  client.call('sessions.rename', { command: newId(), session, title });

describe('a restore', () => {
  it('puts all back as it was, at the same address, and clients that were connected come back to a snapshot', async () => {
    const engines = await open();
    const { url } = engines.gateway;
    const { client, again } = dial(engines);
    const session = await create(client, 'As it was');
    const file = await backedUp(client);
    await rename(client, session, 'As it became');
    await create(client, 'Later');

    const heard: StreamItem<'session.follow'>[] = [];
    let tell = () => {};
    const restored = new Promise<void>((resolve) => (tell = resolve));
    let cursor: string | undefined;
    client.follow(
      'session.follow',
      () => ({ session, cursor }),
      (items) => {
        heard.push(...items);
        cursor = items.at(-1)?.cursor ?? cursor;
        if (items.some((item) => item.kind === 'snapshot' && item.view.title === 'As it was')) tell();
      },
    );
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(1);
    const { epoch } = client.hello!;

    const back = again();
    const asked = client.call('data.restore', { file });
    await expect(client.call('data.restore', { file })).rejects.toMatchObject({ code: 'BUSY' });
    await asked;
    await back;
    await restored;
    expect(heard.at(-1)).toMatchObject({ kind: 'snapshot', recovered: false, view: { title: 'As it was' } });
    expect(client.hello!.epoch).not.toBe(epoch);
    expect(await titles(client)).toEqual(['As it was']);
    expect(engines.gateway.url).toBe(url);
    expect(lastOwner(folder)).toMatchObject({ pid: process.pid, address: url });
    expect(() => takeOwnership(folder, { pid: 1, startedAt: 0 })).toThrow(expect.objectContaining({ code: 'BUSY' }));

    const { backups } = await client.call('data.backups', {});
    expect(backups.map(({ reason }) => reason)).toEqual(['before-restore', 'asked']);
    expect(client.hello!.notices).toEqual([
      { message: `The backup ${file} was restored. What was there before is the backup ${backups[0]!.file}.` },
    ]);
    expect(readdirSync(folder).filter((name) => name.includes('restoring'))).toEqual([]);

    // And back again, to what was there before.
    const second = again();
    await client.call('data.restore', { file: backups[0]!.file });
    await second;
    expect(await titles(client)).toEqual(['As it became', 'Later']);
    const { job } = await client.call('data.check', {});
    expect(await finished(client, job)).toMatchObject({ state: 'done', result: { notes: [] } });
  });

  it('of what is damaged, newer, foreign or no backup of the list is refused, and nothing happens', async () => {
    const engines = await open();
    const { client } = dial(engines);
    await create(client, 'Here');
    const file = await backedUp(client);
    const backups = join(folder, 'backups');
    const bytes = readFileSync(join(backups, file));
    const half = Buffer.from(bytes);
    half.fill(0xff, 4096, 4096 * 3);
    const make = (minute: number, content: Buffer) => {
      const name = `choragus-2026-01-05T09${String(minute).padStart(2, '0')}00000Z-asked.db`;
      writeFileSync(join(backups, name), content);
      return name;
    };
    const changed = (minute: number, pragma: string) => {
      const name = make(minute, bytes);
      const db = new SQLite(join(backups, name));
      db.pragma(pragma);
      db.close();
      return name;
    };
    const { epoch } = client.hello!;
    const refused = async (name: string) =>
      client.call('data.restore', { file: name }).then(
        () => 'restored',
        (problem) => `${problem.code}: ${problem.message}`,
      );
    const damaged = make(1, half);
    expect(await refused(damaged)).toBe(`STORAGE: ${damaged} is damaged.`);
    const cut = make(2, bytes.subarray(0, bytes.length - 5000));
    expect(await refused(cut)).toBe(`STORAGE: ${cut} is damaged.`);
    const newer = changed(3, 'user_version = 99');
    expect(await refused(newer)).toMatch(`UNSUPPORTED: ${newer} has version 99; this Choragus knows versions up to`);
    const foreign = changed(4, 'application_id = 7');
    expect(await refused(foreign)).toBe(`UNSUPPORTED: ${foreign} is no log of Choragus.`);
    expect(await refused('choragus.db')).toBe('NOT_FOUND: There is no backup choragus.db.');
    writeFileSync(join(backups, 'notes.db'), bytes);
    expect(await refused('notes.db')).toBe('NOT_FOUND: There is no backup notes.db.');
    for (const path of ['../choragus.db', '..\\choragus.db', '/etc/passwd', 'a\0b'])
      expect(await refused(path)).toMatch(/^INVALID_PARAMS: /);
    expect(client.hello!.epoch).toBe(epoch);
    expect(await titles(client)).toEqual(['Here']);
    expect(readdirSync(folder).filter((name) => name.includes('restoring'))).toEqual([]);
  });

  it('that cannot be opened in the end is taken back, and told', async () => {
    const engines = await open();
    const { client, again } = dial(engines);
    await create(client, 'Here');
    const file = await backedUp(client);
    // Whole for SQLite, and yet nothing that can be opened: events are missing their columns.
    const db = new SQLite(join(folder, 'backups', file));
    db.exec('ALTER TABLE events RENAME COLUMN data TO colour');
    db.close();
    const back = again();
    await client.call('data.restore', { file });
    await back;
    expect(await titles(client)).toEqual(['Here']);
    const [notice] = client.hello!.notices;
    expect(notice!.message).toMatch(`The backup ${file} could not be restored, and all is as it was: `);
    await create(client, 'Goes on');
    expect(await titles(client)).toEqual(['Goes on', 'Here']);
  });
});

it('backups are deleted by their names, all of them or none', async () => {
  const engines = await open();
  const { client } = dial(engines);
  await create(client, 'Here');
  const file = await backedUp(client);
  const path = join(folder, 'backups', file);
  await expect(client.call('data.removeBackups', { files: [file, 'other.db'] })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(existsSync(path)).toBe(true);
  const { bytes } = await client.call('data.usage', {});
  expect(bytes.backups).toBe(readFileSync(path).length);
  expect(bytes.log).toBeGreaterThan(0);
  await client.call('data.removeBackups', { files: [file] });
  expect(existsSync(path)).toBe(false);
});

it('what a process that was killed left unfinished is gone after the next start', async () => {
  const backups = join(folder, 'backups');
  mkdirSync(backups, { recursive: true });
  for (const name of [
    'choragus-2026-01-05T090000000Z-asked.db.part',
    'choragus-2026-01-05T090000000Z-asked.db.part-journal',
  ])
    writeFileSync(join(backups, name), 'half');
  writeFileSync(join(folder, 'choragus.db.restoring'), 'half');
  await open();
  expect(readdirSync(backups)).toEqual([]);
  expect(existsSync(join(folder, 'choragus.db.restoring'))).toBe(false);
});

it('rules are kept over a restart, and told what they would delete', async () => {
  const first = await open();
  const { client } = dial(first);
  await create(client, 'Here');
  const { keeping } = await client.call('keeping.get', {});
  const mine = { ...keeping, trashDays: 3, backups: { keep: 2, everyHours: 12 } };
  await client.call('keeping.set', { command: newId(), keeping: mine });
  expect(await client.call('keeping.preview', { keeping: mine })).toEqual({
    sessions: 0,
    messages: 0,
    units: 0,
    first: [],
  });
  client.close();
  await first.close(0);
  const again = dial(await open());
  expect(await again.client.call('keeping.get', {})).toEqual({ keeping: mine });
});
