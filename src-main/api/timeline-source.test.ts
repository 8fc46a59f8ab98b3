import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import type { NewEvent } from '#shared/domain/events.ts';
import { MOST_WORDS } from '#shared/domain/timeline.ts';
import { fits } from '#shared/wire/frame.ts';
import type { Log } from '../log/log.ts';
import { batch, created, Folder, part, requested } from '../log/testing/folder.ts';
import { timelineCalls } from './timeline.ts';
import { TimelineSource } from './timeline-source.ts';

type Item = StreamItem<'timeline.follow'>;

let folder: Folder;
let log: Log;
beforeEach(() => {
  folder = new Folder();
  log = folder.open();
});
afterEach(() => folder.remove());

const to = { specialist: 'editor' };
const finished = (turn: string, text: string): NewEvent => ({
  type: 'turn.finished',
  data: {
    turn,
    state: 'done',
    text,
    reasoning: 'So.',
    seams: [],
    finish: 'stop',
    problem: null,
    usage: null,
    timing: null,
    buffered: false,
  },
});

/** Everything that there is now. */
async function drained(source: TimelineSource): Promise<Item[]> {
  const items: Item[] = [];
  for (let more = await source.pull(); more.length > 0; more = await source.pull()) items.push(...more);
  return items;
}
const eventsOf = (items: readonly Item[]) => items.flatMap((item) => (item.kind === 'events' ? item.events : []));

test('tells what happened without the texts, then goes on live', async () => {
  const long = 'word '.repeat(100);
  await log.append(batch('s', [created('Roses')]));
  await log.append(batch('s', [{ type: 'message.added', data: { message: 'm', parent: null, text: long, to } }]));
  await log.append(batch('s', [requested('t', 'm'), finished('t', 'A rose.')]));
  const source = await TimelineSource.open(log, 's', undefined);
  const items = await drained(source);
  expect(items[0]).toMatchObject({
    kind: 'begin',
    cursor: `${log.epoch}:0`,
    recovered: true,
    title: 'Roses',
    total: 4,
  });
  expect(items.at(-1)!.cursor).toBe(`${log.epoch}:${log.position}`);
  const events = eventsOf(items);
  expect(events.map(({ type }) => type)).toEqual([
    'session.created',
    'message.added',
    'turn.requested',
    'turn.finished',
  ]);
  expect(events[1]!.data).toEqual({ message: 'm', parent: null, to, units: 500, words: long.slice(0, MOST_WORDS) });
  expect(events[3]!.data).toMatchObject({ units: 7, words: 'A rose.', reasoningUnits: 3 });
  expect(JSON.stringify(events)).not.toContain('reasoning":');

  const heard = new Promise<void>((resolve) => source.onReady(resolve));
  await log.append(batch('s', [requested('t2', 'm')]));
  await log.append(batch('s', [part('t2', 0, 'Live')]));
  await heard;
  expect(eventsOf(await drained(source))).toMatchObject([
    { type: 'turn.requested' },
    { type: 'turn.part', data: { offset: 0, units: 4 } },
  ]);
  source.close();
});

test('goes on from a cursor; one of another epoch gets all of it again, and is told so', async () => {
  await log.append(batch('s', [created('Roses')]));
  const cursor = `${log.epoch}:${log.position}`;
  await log.append(batch('s', [{ type: 'session.renamed', data: { title: 'Bees' } }]));
  const after = await TimelineSource.open(log, 's', cursor);
  const items = await drained(after);
  expect(items[0]).toMatchObject({ kind: 'begin', recovered: true, cursor, title: 'Bees' });
  expect(eventsOf(items).map(({ type }) => type)).toEqual(['session.renamed']);
  const anew = await drained(await TimelineSource.open(log, 's', 'elsewhere:7'));
  expect(anew[0]).toMatchObject({ kind: 'begin', recovered: false });
  expect(eventsOf(anew)).toHaveLength(2);
  await expect(TimelineSource.open(log, 'none', undefined)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('every answer fits a frame, also a very long timing track, of which every second piece is joined', async () => {
  await log.append(batch('s', [created('Long')]));
  await log.append(batch('s', [requested('t', 'm')]));
  const pieces = 120_000;
  const track = Array.from({ length: pieces * 3 }, (_, index) => (index % 3 === 0 ? 1 : 2));
  await log.append(batch('s', [finished('t', 'x'), { type: 'turn.timed', data: { turn: 't', track } }]));
  const items = await drained(await TimelineSource.open(log, 's', undefined));
  for (const item of items) expect(fits([item])).toBe(true);
  const told = eventsOf(items).at(-1)!.data.track as number[];
  expect(told.length % 3).toBe(0);
  expect(told.length).toBeGreaterThan(20_000);
  // Pieces that are left stand where they stood.
  const places = (numbers: readonly number[]) => {
    const found: string[] = [];
    const sum = [0, 0, 0];
    for (const [index, value] of numbers.entries()) {
      sum[index % 3]! += value;
      if (index % 3 === 2) found.push(sum.join());
    }
    return found;
  };
  const all = new Set(places(track));
  expect(places(told).every((place) => all.has(place))).toBe(true);
});

test('100,000 events come in order, in answers of some hundreds', async () => {
  const events: NewEvent[] = [];
  await log.append(batch('s', [created('Many')]));
  for (let n = 0; n < 33_333; n++)
    events.push(
      { type: 'message.added', data: { message: `m${n}`, parent: n === 0 ? null : `t${n - 1}`, text: 'why', to } },
      requested(`t${n}`, `m${n}`),
      finished(`t${n}`, 'so'),
    );
  for (let start = 0; start < events.length; start += 300)
    await log.append(batch('s', [...events.slice(start, start + 300)]));
  const began = performance.now();
  const items = await drained(await TimelineSource.open(log, 's', undefined));
  const ms = performance.now() - began;
  const told = eventsOf(items);
  expect(told).toHaveLength(100_000);
  expect(told.every(({ seq }, index) => index === 0 || seq > told[index - 1]!.seq)).toBe(true);
  expect(items.length).toBeLessThan(500);
  expect(ms).toBeLessThan(20_000);
}, 60_000);

test('one event is told whole, as long as it is there', async () => {
  await log.append(batch('s', [created('Roses')]));
  const { 'timeline.event': ask } = timelineCalls(log);
  const context = { client: { name: 'test', version: '' }, signal: new AbortController().signal };
  expect(await ask({ session: 's', seq: 1 }, context)).toMatchObject({ event: { seq: 1, data: { title: 'Roses' } } });
  await expect(ask({ session: 's', seq: 9 }, context)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(ask({ session: 'other', seq: 1 }, context)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
