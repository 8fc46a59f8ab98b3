import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import { topicNames } from '#shared/contract/topics.ts';
import { type NewEvent, SYSTEM } from '#shared/domain/events.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { fill, finish } from '../engines/session/filling.ts';
import type { Log } from '../log/log.ts';
import { batch, created, Folder, finished, message, requested } from '../log/testing/folder.ts';
import { SessionSource } from './session-source.ts';
import { sessionStreams } from './sessions.ts';
import { TimelineSource } from './timeline-source.ts';
import { TopicsSource } from './topics-source.ts';
import { TurnSource } from './turn-source.ts';

let folder: Folder;
let log: Log;
beforeEach(() => {
  folder = new Folder();
  log = folder.open();
});
afterEach(() => folder.remove());

const never = new AbortController().signal;
const copy = (job: string): NewEvent[] => [
  { type: 'session.created', data: { title: 'A copy', job } },
  message('m', 'Roses'),
  requested('t', 'm'),
  finished('t', 'are red'),
];
const context = { signal: never } as never;
const missing = { code: 'NOT_FOUND' };

/** What each way of reading it gives. */
const reads = async (session: string) => [
  await log.snapshot(session, 10),
  await log.path(session, { limit: 10 }),
  (await log.nodes(session, ['m', 't'])).nodes.length,
  (await log.up(session, 't', 10)).nodes.length,
  (await log.branches(session, 10)).total,
  (await log.older(session, Number.MAX_SAFE_INTEGER, 10)).events.length,
  await log.turn(session, 't'),
  await log.request(session, 't'),
  await log.sessionOfTurn('t'),
  await log.event(session, 2),
  await log.leaf(session, 'm'),
  await log.headAt(session, 4),
];
const nothing = [null, null, 0, 0, 0, 0, null, null, null, null, null, null];

describe('a session that a job fills', () => {
  it('cannot be read in any way until the job has ended, also after a start', async () => {
    await fill(log, 'copy', [copy('j')], never);
    expect(await reads('copy')).toEqual(nothing);
    expect(await log.shape('copy')).toMatchObject({ job: 'j' });
    await log.close();
    log = folder.open();
    expect(await reads('copy')).toEqual(nothing);
    await finish(log, 'j');
    for (const read of await reads('copy')) expect(read).toBeTruthy();
    // What is made under a job that has ended is whole.
    await log.append(batch('late', [created('Late'), message('n', 'Tulips')]));
    expect(await log.snapshot('late', 10)).toMatchObject({ view: { title: 'Late' } });
  });

  it('cannot be followed, from whatever cursor', async () => {
    await fill(log, 'copy', [copy('j')], never);
    const { 'session.follow': follow } = sessionStreams(log);
    const cursor = `${log.epoch}:0`;
    await expect(follow({ session: 'copy', cursor }, context)).rejects.toMatchObject(missing);
    await expect(new SessionSource(log, 'copy', undefined).pull(9)).rejects.toMatchObject(missing);
    await expect(TimelineSource.open(log, 'copy', cursor)).rejects.toMatchObject(missing);
    await expect(TurnSource.open(log, 't', undefined)).rejects.toMatchObject(missing);
    await finish(log, 'j');
    const source = await follow({ session: 'copy', cursor }, context);
    expect(await source.pull(9)).toMatchObject([{ event: { type: 'session.created' } }, {}, {}, {}]);
    source.close();
  });
});

describe('topics', () => {
  const present = { onReady() {}, look: () => [], close() {} } as never;
  const follow = (cursor?: string) =>
    new TopicsSource(log, fakeClock(), present, { wanted: new Set(topicNames), session: undefined, cursor });
  const told = (items: StreamItem<'topics.follow'>[]) => items.map(({ topic, data }) => [topic, data.session ?? null]);

  it('tell of what a job filled that it is there, once it is whole', async () => {
    const source = follow();
    await fill(log, 'copy', [copy('j')], never);
    await log.append(batch('other', [created('Another')]));
    expect(told(await source.pull(99))).toEqual([['session.created', 'other']]);
    expect(await source.pull(99)).toEqual([]);
    await finish(log, 'j');
    const items = await source.pull(99);
    expect(told(items)).toEqual([['session.created', 'copy']]);
    expect(items[0]!.cursor).toBe(`${log.epoch}:${log.position}`);
    await log.append(batch('copy', [message('m2', 'and', 't')]));
    expect(told(await source.pull(99))).toEqual([['session.message', 'copy']]);
    source.close();
  });

  it('tell nothing of what was broken off but that it is gone', async () => {
    const source = follow();
    await fill(log, 'copy', [copy('j')], never);
    expect(await source.pull(99)).toEqual([]);
    await log.delete({ session: 'copy' });
    expect(told(await source.pull(99))).toEqual([['session.deleted', 'copy']]);
    await log.append(batch(SYSTEM, [{ type: 'job.finished', data: { job: 'j' } }]));
    expect(await source.pull(99)).toEqual([]);
    source.close();
  });

  it('begin anew where a job filled more than can be told one by one', async () => {
    const source = follow();
    for (let n = 0; n < 60; n++) await fill(log, `copy${n}`, [copy('j').slice(0, 1)], never);
    expect(await source.pull(99)).toEqual([]);
    await finish(log, 'j');
    expect(told(await source.pull(99))).toEqual([['system.reset', null]]);
    expect(await source.pull(99)).toEqual([]);
    source.close();
  });
});
