import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { plainSession, richEvents } from './testing/rich-session.ts';
import { committed, parsed, textOf } from './testing/text-of.ts';
import { sessionIds, type Transfers, transfers } from './testing/transfers.ts';
import { zipOf } from './testing/zips.ts';

let here: Transfers;
afterEach(() => here.close());

const valid = textOf(committed('one', richEvents()));
const withTitle = (title: string) => {
  const file = parsed(valid);
  file.session.title = title;
  return JSON.stringify(file);
};
const manyOf = (count: number) =>
  zipOf(Object.fromEntries(Array.from({ length: count }, (_, nth) => [`${nth}.json`, withTitle(`Session ${nth}`)])));

/** Nothing was imported, nothing is left of it, and what was here before still is. */
async function expectNothing(before: string[] = []): Promise<void> {
  expect(await sessionIds(here.log)).toEqual(before);
  expect(await here.log.filling()).toEqual([]);
  expect(readdirSync(join(here.folder.dir, 'transfer'))).toEqual([]);
}

describe('an import', () => {
  it('gives every session new ids, as often as it is imported, and says which titles were here', async () => {
    here = transfers();
    const zip = await manyOf(3);
    const first = await here.imported(zip, 'three.zip');
    expect(first).toMatchObject({ state: 'done', about: 'three.zip', done: 3, of: 3, result: { sessions: 3 } });
    expect(first.result!.notes).toBeUndefined();
    const second = await here.imported(zip, 'three.zip');
    expect(second.result!.notes).toEqual(['3 of these titles were here already; nothing was replaced.']);
    expect(await sessionIds(here.log)).toHaveLength(6);
    expect(readdirSync(join(here.folder.dir, 'transfer'))).toEqual([]);
  });

  it('that is asked for twice is made once', async () => {
    here = transfers();
    const file = await here.sent(await manyOf(3), 'three.zip');
    const { job } = here.imports.start(file);
    expect(here.imports.start(file)).toEqual({ job });
    expect(await here.jobs.ended(job)).toMatchObject({ state: 'done' });
    expect(await sessionIds(here.log)).toHaveLength(3);
    expect(() => here.imports.start(file)).toThrow('This file is not here any more.');
  });

  it('tells what it left out', async () => {
    here = transfers();
    const file = { ...parsed(valid), mood: 1 };
    const zip = await zipOf({ 'a.json': JSON.stringify(file), 'readme.txt': 'x' });
    const { result } = await here.imported(zip, 'a.zip');
    expect(result!.notes).toEqual([
      '1 file that is no JSON in it was left out.',
      'Fields that this version does not know were left out: mood.',
    ]);
  });

  it('shows nothing of it before all of it is there', async () => {
    here = transfers();
    await plainSession(here.log, 'before', 4);
    const follower = here.log.follow({ types: ['job.finished'], after: 0, ready: () => {} });
    const job = await here.imported(await manyOf(30), 'thirty.zip');
    const [finished] = await follower.read(10);
    follower.close();
    expect(finished?.data).toEqual({ job: job.id });
    expect(await sessionIds(here.log)).toHaveLength(31);
  });

  it('that is cancelled while it is read, or while it is written, leaves nothing', async () => {
    here = transfers();
    await plainSession(here.log, 'before', 4);
    const zip = await manyOf(1_000);
    for (const phase of ['reading', 'writing']) {
      const { job } = here.imports.start(await here.sent(zip, 'many.zip'));
      for (;;) {
        const now = here.jobs.list().find(({ id }) => id === job)!;
        expect(now.state).toBe('running');
        if (now.done > 0 && (now.of !== null) === (phase === 'writing')) break;
        await wait(1);
      }
      here.jobs.cancel(job);
      expect(await here.jobs.ended(job)).toMatchObject({ state: 'cancelled', result: null });
      await expectNothing(['before']);
    }
  });

  it('waits for the one before it, and need not be waited for when it is cancelled', async () => {
    here = transfers();
    const first = here.imports.start(await here.sent(await manyOf(200), 'first.zip'));
    const second = here.imports.start(await here.sent(valid, 'second.json'));
    const third = here.imports.start(await here.sent(valid, 'third.json'));
    here.jobs.cancel(second.job);
    expect(await here.jobs.ended(second.job)).toMatchObject({ state: 'cancelled' });
    expect(here.jobs.list().find(({ id }) => id === first.job)!.state).toBe('running');
    const [last, before] = await Promise.all([here.jobs.ended(third.job), here.jobs.ended(first.job)]);
    expect([before!.result!.sessions, last!.result!.sessions]).toEqual([200, 1]);
    expect(await sessionIds(here.log)).toHaveLength(201);
  });

  it('that a kill cut off is not there at the next start', async () => {
    here = transfers();
    await plainSession(here.log, 'before', 4);
    const { job } = here.imports.start(await here.sent(await manyOf(1_000), 'many.zip'));
    while (here.jobs.list()[0]!.of === null || here.jobs.list()[0]!.done < 20) await wait(1);
    // What is on the disk now is what a kill leaves; a copied file may be opened.
    const copy = join(here.folder.dir, 'copy');
    mkdirSync(copy);
    await here.log.backup(join(copy, 'choragus.db'), { progress() {}, signal: AbortSignal.timeout(10_000) });
    here.jobs.cancel(job);
    await here.jobs.ended(job);
    const again = here.folder.open({ dir: copy });
    expect(await sessionIds(again)).toEqual(['before']);
    await here.folder.close(again);
  });

  it('of which one session of many is wrong imports none, and says which', async () => {
    here = transfers();
    const file = parsed(valid);
    Object.assign(file.nodes[4]!, { at: 'yesterday' });
    const zip = await zipOf({ 'a.json': valid, 'plays/b.json': JSON.stringify(file), 'c.json': valid });
    const job = await here.imported(zip, 'plays.zip');
    expect(job).toMatchObject({
      state: 'failed',
      problem: {
        code: 'INVALID_PARAMS',
        message: '“plays/b.json” in plays.zip, nodes[4].at: expected number, received string.',
        next: 'Export it again where it comes from, or choose another file.',
      },
    });
    await expectNothing();
  });

  it('of a newer version says which, and what to do', async () => {
    here = transfers();
    const job = await here.imported(JSON.stringify({ ...parsed(valid), version: 7 }), 'new.json');
    expect(job.problem).toEqual({
      code: 'UNSUPPORTED',
      message: 'new.json, version: the format choragus.session has version 7 here, and this Choragus reads version 1.',
      next: 'Update Choragus, then import the file again.',
    });
    await expectNothing();
  });
});

describe('with little memory', () => {
  const small = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 };

  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    [
      '100 MB of one string',
      () => Buffer.from(valid.replace('Then the chorus', 'x'.repeat(100_000_000))),
      'nodes[4]: is longer than 16 MB',
    ],
    [
      'a depth of 100,000',
      () => Buffer.from(valid.replace('"metadata":{', `"metadata":${'{"a":'.repeat(100_000)}{`)),
      'session: is more than 64 deep',
    ],
    [
      '100 MB of empty lists',
      () => Buffer.from(valid.replace('"nodes":[', `"nodes":[[${'[],'.repeat(33_000_000)}[]],`)),
      'nodes[0]: is longer than 16 MB',
    ],
    [
      'a million fields',
      () =>
        Buffer.from(
          `{"format":"choragus.session","version":1,${Array.from({ length: 1_000_000 }, (_, nth) => `"f${nth}":0`).join(',')}}`,
        ),
      'has more than 1,000 fields',
    ],
    [
      'a zip that unpacks to 200 MB',
      () => zipOf({ 'a.json': Buffer.alloc(200_000_000, 0x20) }),
      'unpacks to more than 250 times its size',
    ],
    ['a picture', () => Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'it is no object of JSON'],
  ])('%s is refused in a second or two', { timeout: 60_000 }, async (_, make, message) => {
    here = transfers({ resourceLimits: small });
    const job = await here.imported(await make(), 'bad.json');
    expect(job).toMatchObject({
      state: 'failed',
      problem: { code: 'INVALID_PARAMS', message: expect.stringContaining(message) },
    });
    await expectNothing();
  });

  it('a session of 20,000 messages is imported', { timeout: 60_000 }, async () => {
    here = transfers({ resourceLimits: small });
    const [head] = valid.split('"nodes":[');
    const message = (nth: number) =>
      JSON.stringify({
        kind: 'message',
        id: `m${nth}`,
        parent: nth === 0 ? null : `m${nth - 1}`,
        at: nth,
        to: { specialist: 'athena' },
        text: `Words ${nth} `.repeat(300),
      });
    const nodes = Array.from({ length: 20_000 }, (_, nth) => message(nth)).join(',');
    const text = `${head}"nodes":[${nodes}],"summaries":[]}`
      .replace('"head":"t3"', '"head":"m9"')
      .replace('"pinned":["m1","t3"]', '"pinned":[]');
    expect(text.length).toBeGreaterThan(60_000_000);
    const job = await here.imported(text);
    expect(job).toMatchObject({ state: 'done', result: { sessions: 1 } });
  });
});
