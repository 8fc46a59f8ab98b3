import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Event } from '#shared/domain/events.ts';
import { emptySession, foldSession } from '#shared/domain/session.ts';
import type { Follower, Log } from './log.ts';
import { batch, created, Folder, finished, message, part, requested, withConnection } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const to = { specialist: 'editor' };

/** A conversation in which each kind of text has a word of its own. */
async function converse(log: Log, session: string, word: string): Promise<Event[]> {
  const written = [
    log.append(batch(session, [created(`title${word}`)])),
    log.append(
      batch(session, [message(`m-${session}`, `asked${word} in words`), requested(`t-${session}`, `m-${session}`)]),
    ),
  ];
  for (let index = 0; index < 30; index++)
    written.push(log.append(batch(session, [part(`t-${session}`, index * 20, `part${word}`.padEnd(20))])));
  const waiting = { message: `q-${session}`, text: `queued${word}`, to };
  written.push(
    log.append(batch(session, [finished(`t-${session}`, `answered${word} at length`)])),
    log.append(batch(session, [{ type: 'queue.added', data: waiting }])),
    log.append(batch(session, [{ type: 'session.renamed', data: { title: `renamed${word}` } }])),
  );
  return (await Promise.all(written)).flat();
}

const remove = async (log: Log, session: string) =>
  log.delete({
    session,
    expected: (await log.shape(session))!.version,
    command: { id: `c-${session}`, hash: 'h', result: {} },
  });

const found = async (log: Log, query: string) => {
  await log.indexed();
  return (await log.search(query, { limit: 10 })).map((hit) => hit.node);
};

async function all(follower: Follower): Promise<Event[]> {
  const events: Event[] = [];
  for (let page = await follower.read(7); page.length > 0; page = await follower.read(7)) events.push(...page);
  return events;
}

/** All bytes of the data folder. */
const bytes = () =>
  readdirSync(folder.dir)
    .map((name) => readFileSync(join(folder.dir, name)).toString('latin1'))
    .join('');

test('of a deleted session the log keeps a tombstone, and the others stay as they are', async () => {
  const log = folder.open();
  await converse(log, 'a', 'kept');
  await converse(log, 'b', 'gone');
  await log.indexed();
  const before = { snapshot: await log.snapshot('a', 100), list: await log.summaries({ limit: 10, only: 'a' }) };
  const [tombstone] = await remove(log, 'b');

  expect(tombstone).toMatchObject({ type: 'session.deleted', session: 'b', seq: log.position });
  expect(await log.read({ session: 'b', limit: 10 })).toEqual([tombstone]);
  expect([await log.shape('b'), await log.snapshot('b', 5), await log.turn('b', 't-b')]).toEqual([null, null, null]);
  expect(await log.sessionOfTurn('t-b')).toBeNull();
  expect(await found(log, 'answeredgone')).toEqual([]);
  expect(await log.command('c-b')).toEqual({ hash: 'h', result: {} });
  expect(await log.snapshot('a', 100)).toEqual(before.snapshot);
  expect(await log.summaries({ limit: 10 })).toEqual(before.list);
  expect(await found(log, 'answeredkept')).toEqual(['t-a']);
  await expect(log.append(batch('b', [created()], { expected: 0 }))).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('nothing of what was said is left in the file, nor in its journal once that was cut off', async () => {
  const log = folder.open();
  for (let index = 0; index < 20; index++) await converse(log, `s${index}`, index === 7 ? 'quagga' : `w${index}x`);
  // Some parts are deleted by time already, and the index has many pages.
  folder.clock.advance(3 * 3600_000);
  await log.indexed();
  // By now those are packed, and these are not.
  await log.compact({ progress: () => {}, signal: new AbortController().signal });
  for (const [session, word] of [
    ['fresh', 'zebra'],
    ['other', 'okapi'],
  ] as const)
    await converse(log, session, word);
  await log.indexed();
  expect(bytes().includes('partzebra')).toBe(true);
  for (const session of ['s7', 'fresh']) await remove(log, session);
  await log.indexed();
  // The worker does one thing after the other: what it answers now comes after the checkpoint.
  expect(await log.search('answeredw8x', { limit: 1 })).toHaveLength(1);

  expect(statSync(`${folder.file}-wal`).size).toBe(0);
  for (const word of ['quagga', 'zebra']) expect(bytes().includes(word), word).toBe(false);
  expect(bytes().includes('answeredokapi')).toBe(true);
});

test('what a killed process had left of it in the index and the journal goes at the next start', async () => {
  const log = folder.open();
  for (let index = 0; index < 20; index++) await converse(log, `s${index}`, index === 7 ? 'quagga' : `w${index}x`);
  await log.indexed();
  await remove(log, 's7');
  const killed = folder;
  folder = new Folder();
  // Before anything else happens: this is what a kill leaves.
  cpSync(killed.dir, folder.dir, { recursive: true });
  await killed.remove();
  expect(bytes().includes('quagga')).toBe(true);
  const again = folder.open();
  await again.indexed();
  expect(await again.search('answeredw8x', { limit: 1 })).toHaveLength(1);
  expect(bytes().includes('quagga')).toBe(false);
});

test('sessions deleted one after the other while much is written are all gone in the end', async () => {
  const log = folder.open();
  for (let index = 0; index < 60; index++) await converse(log, `s${index}`, `zebra${index} quagga`);
  await log.indexed();
  for (let index = 0; index < 60; index++) {
    if (index % 3 === 0) await Promise.all([remove(log, `s${index}`), converse(log, `n${index}`, `kept${index}`)]);
    else if (index % 3 === 1) await remove(log, `s${index}`);
    else void log.indexed();
  }
  for (let index = 2; index < 60; index += 3) await remove(log, `s${index}`);
  await log.indexed();
  expect(await found(log, 'askedkept57')).toEqual(['m-n57']);
  expect(bytes().includes('quagga')).toBe(false);
  expect(bytes().includes('zebra')).toBe(false);
});

test('whoever follows hears that it is gone, and nothing of the old any more', async () => {
  const log = folder.open();
  const start = log.position;
  const events = await converse(log, 'a', 'gone');
  const own = log.follow({ session: 'a', after: events[3]!.seq, ready: () => {} });
  const live = log.follow({ session: 'a', after: log.position, ready: () => {} });
  const every = log.follow({ after: start, ready: () => {} });
  const kept = await converse(log, 'b', 'kept');
  await log.append(batch('a', [message('late', 'Still there', 't-a')]));
  const [tombstone] = await remove(log, 'a');

  expect(await all(own)).toEqual([tombstone]);
  expect(await all(live)).toEqual([tombstone]);
  const seen = await all(every);
  expect(seen.filter(({ session }) => session === 'a')).toEqual([tombstone]);
  expect(seen.at(-1)).toEqual(tombstone);
  expect(seen.filter(({ type }) => type === 'turn.finished')).toEqual(
    kept.filter(({ type }) => type === 'turn.finished'),
  );
  const view = [...events, tombstone!].reduce(foldSession, emptySession('a'));
  expect(view).toEqual({ ...emptySession('a'), seq: tombstone!.seq, deleted: true });
});

test('with every projection dropped, it is still deleted after the next start, and sequences go on', async () => {
  const log = folder.open();
  await converse(log, 'a', 'kept');
  await converse(log, 'b', 'gone');
  await remove(log, 'b');
  const [position, list] = [log.position, await log.summaries({ limit: 10 })];
  const tables = () =>
    folder.look((db) => ['sessions', 'nodes', 'queue'].map((table) => db.prepare(`SELECT * FROM ${table}`).all()));
  await folder.close(log);
  const before = tables();
  folder.change((db) => {
    for (const table of ['sessions', 'nodes', 'queue', 'search_spans']) db.exec(`DROP TABLE ${table}`);
    db.exec('DELETE FROM projections');
  });
  const again = folder.open();
  expect(await again.summaries({ limit: 10 })).toEqual(list);
  expect(tables()).toEqual(before);
  expect([again.position, await found(again, 'answeredgone'), await found(again, 'answeredkept')]).toEqual([
    position,
    [],
    ['t-a'],
  ]);
  expect(await again.read({ session: 'b', limit: 5 })).toMatchObject([{ type: 'session.deleted' }]);
  await expect(again.append(batch('b', [created()], { expected: 0 }))).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('a deletion that was decided for another version, or cannot be written, leaves everything and is found again', async () => {
  let full = false;
  const log = folder.open({
    beforeCommit: () => {
      if (full) throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
    },
  });
  await converse(log, 'a', 'kept');
  await log.indexed();
  const before = await log.snapshot('a', 100);
  await expect(log.delete({ session: 'a', expected: 1 })).rejects.toMatchObject({ code: 'CONFLICT' });
  full = true;
  await expect(remove(log, 'a')).rejects.toMatchObject({ code: 'STORAGE' });
  full = false;
  expect(await log.snapshot('a', 100)).toEqual(before);
  expect(await found(log, 'answeredkept')).toEqual(['t-a']);
  expect(await log.command('c-a')).toBeNull();
  await remove(log, 'a');
  expect(await found(log, 'answeredkept')).toEqual([]);
});

test('what was said a moment ago, and is not in the index yet, goes as well', async () => {
  const { migrations, db } = withConnection();
  const log = folder.open({ migrations });
  await converse(log, 'a', 'kept');
  await log.indexed();
  await converse(log, 'b', 'gone');
  await Promise.all([log.indexed(), remove(log, 'b')]);
  expect(await found(log, 'askedgone')).toEqual([]);
  db().exec(`INSERT INTO search_0 (search_0) VALUES ('integrity-check')`);
  expect(folder.look((look) => look.prepare('SELECT id FROM search_0_docsize').pluck().all())).toEqual([0, 1]);
});

test('a tombstone takes everything with it by itself, parts of a turn that runs too', async () => {
  const { migrations, db } = withConnection();
  const log = folder.open({ migrations });
  await converse(log, 'b', 'gone');
  await log.append(batch('b', [requested('t2', 'm-b'), part('t2', 0, 'running')]));
  await log.indexed();
  await log.append(batch('b', [{ type: 'session.deleted', data: {} }]));
  const count = (table: string) => db().prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get();
  expect(['events', 'sessions', 'nodes', 'queue', 'search_0_docsize'].map(count)).toEqual([1, 0, 0, 0, 0]);
  expect(await log.unfinished()).toEqual([]);
});

test('long answers are swept in slices, whatever else is swept meanwhile', async () => {
  const log = folder.open();
  for (const session of ['a', 'b'])
    await log.append(batch(session, [created(), message(`m${session}`, 'x'), requested(session, `m${session}`)]));
  for (let index = 0; index < 2500; index++)
    for (const session of ['a', 'b']) void log.append(batch(session, [part(session, index, 'x')]));
  for (const session of ['a', 'b']) await log.append(batch(session, [finished(session, 'x'.repeat(2500))]));
  const parts = () =>
    folder.look((db) => db.prepare(`SELECT count(*) FROM named_events WHERE type = 'turn.part'`).pluck().get());
  folder.clock.advance(3600_000);
  await remove(log, 'b');
  expect(
    folder.look((db) => db.prepare(`SELECT DISTINCT type FROM named_events WHERE session = 'b'`).pluck().all()),
  ).toEqual(['session.deleted']);
  for (let turns = 0; parts() !== 0 && turns < 10_000; turns++) await new Promise(setImmediate);
  expect(parts()).toBe(0);
  expect((await log.turn('a', 'a'))!.text).toHaveLength(2500);
});

test('a file with tables of an older version opens, shows what it held, and its sessions can be deleted', async () => {
  const log = folder.open();
  await converse(log, 'a', 'kept');
  await converse(log, 'b', 'gone');
  const list = await log.summaries({ limit: 10 });
  await folder.close(log);
  folder.change((db) =>
    db.exec(`
      DROP TABLE nodes;
      CREATE TABLE nodes (session TEXT, id TEXT);
      UPDATE projections SET version = 1;
    `),
  );
  const again = folder.open();
  expect(await again.summaries({ limit: 10 })).toEqual(list);
  expect(await again.sessionOfTurn('t-a')).toBe('a');
  expect((await again.shape('a'))!.made).toBeNull();
  expect(await found(again, 'askedgone')).toEqual(['m-b']);
  await remove(again, 'b');
  expect(await found(again, 'askedgone')).toEqual([]);
  expect(await found(again, 'answeredkept')).toEqual(['t-a']);
});
