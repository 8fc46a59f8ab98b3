import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type StreamItem, streams } from '#shared/contract/contract.ts';
import type { EventData, NewEvent } from '#shared/domain/events.ts';
import type { Log } from '../log/log.ts';
import { batch, created, Folder, finished, message, part, requested } from '../log/testing/folder.ts';
import { TurnSource } from './turn-source.ts';

type Item = StreamItem<'turn.follow'>;

const HOUR = 3600_000;
let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

/** Everything there is for now; `ended`: the stream is over. */
async function read(log: Log, turn: string, cursor?: string, max = 100): Promise<{ items: Item[]; ended: boolean }> {
  const source = await TurnSource.open(log, turn, cursor);
  const items: Item[] = [];
  for (;;) {
    const pulled = await source.pull(max);
    for (const item of pulled ?? []) items.push(streams['turn.follow'].item.parse(item));
    if (pulled?.length) continue;
    source.close();
    return { items, ended: pulled === null };
  }
}

interface Seen {
  text: string;
  reasoning: string;
}
const nothing: Seen = { text: '', reasoning: '' };

/** What a client does; a gap would lose text. */
function fold(seen: Seen, item: Item): Seen {
  if (item.kind !== 'text' && item.kind !== 'reasoning') return seen;
  expect(item.offset).toBeLessThanOrEqual(seen[item.kind].length);
  return { ...seen, [item.kind]: seen[item.kind].slice(0, item.offset) + item.text };
}

/** As a turn writes itself: each part with its offsets, and the track of them with its end. */
class Writer {
  log: Log;
  seen: Seen;
  readonly #track: number[] = [];
  #last = { seq: 0, offset: 0 };

  constructor(log: Log, from: Seen) {
    this.log = log;
    this.seen = from;
  }

  /** Offset of the last part. */
  get lastPart(): number {
    return this.#last.offset;
  }

  async part(text: string, reasoning: string): Promise<void> {
    const data: EventData<'turn.part'> = { turn: 't', offset: this.seen.text.length, text };
    if (reasoning !== '') Object.assign(data, { reasoningOffset: this.seen.reasoning.length, reasoning });
    const [event] = await this.log.append(batch('s', [{ type: 'turn.part', data }]));
    this.#track.push(event!.seq - this.#last.seq, this.seen.text.length - this.#last.offset, 1);
    this.#last = { seq: event!.seq, offset: this.seen.text.length };
    this.seen = { text: this.seen.text + text, reasoning: this.seen.reasoning + reasoning };
  }

  async end(rest: string, timed: boolean): Promise<void> {
    this.seen = { ...this.seen, text: this.seen.text + rest };
    const events: NewEvent[] = [finished('t', this.seen.text, { reasoning: this.seen.reasoning })];
    if (timed && this.#track.length > 0)
      events.push({ type: 'turn.timed', data: { turn: 't', track: [...this.#track] } });
    await this.log.append(batch('s', events));
  }
}

const words = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '€', '\n'), maxLength: 4 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ text: words, reasoning: fc.oneof(fc.constant(''), words) }) },
  { weight: 1, arbitrary: fc.constantFrom('elsewhere' as const, 'queued' as const, 'waiting' as const) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function write(writer: Writer, steps: readonly Step[]): Promise<void> {
  const { log } = writer;
  for (const each of steps) {
    if (each === 'elsewhere') await log.append(batch('other', [part('u', 0, 'x')]));
    else if (each === 'queued') {
      const data = { message: `m${log.position}`, text: 'later', to: { specialist: 'editor' } };
      await log.append(batch('s', [{ type: 'queue.added', data }]));
    } else if (each === 'waiting') {
      const data = { turn: 't', attempt: 1, ms: 1, problem: { code: 'TIMEOUT' as const, message: 'slow' } };
      await log.append(batch('s', [{ type: 'turn.waiting', data }]));
    } else if (each.text !== '' || each.reasoning !== '') await writer.part(each.text, each.reasoning);
  }
}

test('folding by offset gives the text of the turn from every cursor, while it runs and however long after', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        from: fc.option(fc.record({ text: words, reasoning: words })),
        first: fc.array(step, { maxLength: 6 }),
        second: fc.array(step, { maxLength: 6 }),
        rest: words,
        timed: fc.boolean(),
        restart: fc.boolean(),
        max: fc.integer({ min: 1, max: 5 }),
      }),
      async ({ from, first, second, rest, timed, restart, max }) => {
        const own = new Folder();
        try {
          let log = own.open();
          const request = requested('t', 'm') as Extract<NewEvent, { type: 'turn.requested' }>;
          if (from !== null) request.data.from = { turn: 'old', ...from, seams: [] };
          await log.append(batch('s', [created(), message('m', 'Hello'), request]));

          const writer = new Writer(log, from ?? nothing);
          /** Where clients have left off, and after a piece of which kind. */
          const points = new Map<string, { cursor: string; seen: Seen; kind?: Item['kind'] }>();
          const note = (cursor: string, seen: Seen, kind?: Item['kind']) => {
            const key = `${cursor} ${kind} ${seen.text.length} ${seen.reasoning.length}`;
            points.set(key, { cursor, seen, ...(kind && { kind }) });
          };
          const leave = async () => {
            note(`${log.epoch}:${log.position}`, writer.seen);
            let seen = nothing;
            for (const item of (await read(log, 't', undefined, max)).items) {
              seen = fold(seen, item);
              note(item.cursor, seen, item.kind);
            }
          };
          const check = async (over: boolean, parts: 'kept' | 'swept') => {
            for (const { cursor, ...point } of points.values()) {
              const { items, ended } = await read(log, 't', cursor, max);
              expect(ended).toBe(over);
              expect(items[0]).toMatchObject({ kind: 'begin', recovered: true });
              expect(items.filter(({ kind }) => kind === 'end')).toHaveLength(over ? 1 : 0);
              if (over) expect(items.at(-1)).toMatchObject({ kind: 'end', state: 'done' });
              const texts = items.filter((item) => item.kind === 'text');
              // Nothing comes twice; but once its parts are gone, the last of them, whose end nobody knows.
              const exact = point.kind === 'text' || (point.kind !== undefined && !over);
              const had = point.seen.text.length;
              if (exact && texts[0] && (parts === 'kept' || (timed && had <= writer.lastPart)))
                expect(texts[0].offset).toBe(had);
              for (let index = 1; index < texts.length; index++)
                expect(texts[index]!.offset).toBe(texts[index - 1]!.offset + texts[index - 1]!.text.length);
              expect(items.reduce(fold, point.seen)).toEqual(writer.seen);
            }
          };

          await write(writer, first);
          await leave();
          await check(false, 'kept');
          if (restart) {
            await own.close(log);
            log = own.open();
            writer.log = log;
            await check(false, 'kept');
          }
          for (const each of second) {
            await write(writer, [each]);
            await leave();
          }
          await check(false, 'kept');
          await writer.end(rest, timed);
          await leave();
          await check(true, 'kept');
          own.clock.advance(HOUR);
          const parts = `SELECT count(*) FROM events WHERE type = 'turn.part' AND turn = 't'`;
          await vi.waitFor(() => expect(own.look((db) => db.prepare(parts).pluck().get())).toBe(0), { interval: 1 });
          await check(true, 'swept');
        } finally {
          await own.remove();
        }
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

async function begun(): Promise<Log> {
  const log = folder.open();
  await log.append(batch('s', [created(), message('m', 'Hello'), requested('t', 'm')]));
  return log;
}

test('tells a turn as it comes: the beginning at once, each piece, why it waits, its end, and then nothing', async () => {
  const log = await begun();
  const source = await TurnSource.open(log, 't', undefined);
  let news = Promise.withResolvers<void>();
  source.onReady(() => news.resolve());
  const next = async () => {
    for (;;) {
      const items = await source.pull(10);
      if (items === null || items.length > 0) return items;
      await news.promise;
      news = Promise.withResolvers();
    }
  };
  const asked = log.position;
  expect(await next()).toEqual([
    {
      kind: 'begin',
      cursor: `${log.epoch}:${asked - 1}`,
      session: 's',
      turn: 't',
      speaker: expect.objectContaining({ name: 'Editor' }),
      state: 'queued',
      recovered: true,
    },
  ]);
  const problem = { code: 'PROVIDER_RATE_LIMITED' as const, message: 'Not so fast.' };
  void log.append(batch('s', [{ type: 'turn.waiting', data: { turn: 't', attempt: 1, ms: 500, problem } }]));
  const cursor = (after: number) => `${log.epoch}:${asked + after}`;
  expect(await next()).toEqual([{ kind: 'waiting', cursor: cursor(1), attempt: 1, ms: 500, problem }]);
  void log.append(batch('s', [part('t', 0, 'One')]));
  expect(await next()).toEqual([{ kind: 'text', cursor: cursor(2), offset: 0, text: 'One' }]);
  void log.append(batch('s', [finished('t', 'One, two')]));
  expect(await next()).toEqual([
    { kind: 'text', cursor: cursor(3), offset: 3, text: ', two' },
    expect.objectContaining({ kind: 'end', cursor: cursor(3), state: 'done', finish: 'stop', problem: null }),
  ]);
  expect(await next()).toBeNull();
  source.close();
});

test('whoever has heard of the end hears of it once more, and of no text', async () => {
  const log = await begun();
  await log.append(batch('s', [part('t', 0, 'One'), finished('t', 'One')]));
  for (const later of [0, 1]) {
    if (later) await log.append(batch('s', [{ type: 'session.renamed', data: { title: 'Later' } }]));
    const { items, ended } = await read(log, 't', `${log.epoch}:${log.position}`);
    expect(items.map(({ kind }) => kind)).toEqual(['begin', 'end']);
    expect(ended).toBe(true);
  }
});

test('a cursor of another epoch, or beyond the log, begins at the beginning and says so', async () => {
  const log = await begun();
  await log.append(batch('s', [part('t', 0, 'One')]));
  for (const cursor of [`${log.epoch}x:1`, `${log.epoch}:${log.position + 1}`]) {
    const { items } = await read(log, 't', cursor);
    expect(items).toMatchObject([
      { kind: 'begin', recovered: false },
      { kind: 'text', offset: 0, text: 'One' },
    ]);
  }
});

test('a turn that does not exist is not found, and neither is one whose session is deleted meanwhile', async () => {
  const log = await begun();
  await expect(TurnSource.open(log, 'none', undefined)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const source = await TurnSource.open(log, 't', undefined);
  await source.pull(1);
  await log.append(batch('s', [finished('t', 'One')]));
  await log.delete({ session: 's' });
  await expect(source.pull(1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  source.close();
  await expect(TurnSource.open(log, 't', undefined)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('of a copied turn, whose track names no sequences, nothing is skipped from any cursor', async () => {
  const log = folder.open();
  const track: NewEvent = { type: 'turn.timed', data: { turn: 't', track: [0, 0, 5, 0, 4, 5, 0, 4, 5] } };
  await log.append(
    batch('s', [
      created(),
      message('m', 'Hello'),
      requested('t', 'm'),
      { type: 'turn.connecting', data: { turn: 't', attempt: 1 } },
      finished('t', 'One two three'),
      track,
    ]),
  );
  for (const seq of [2, 3, 4]) {
    const { items, ended } = await read(log, 't', `${log.epoch}:${seq}`);
    expect(ended).toBe(true);
    expect(items.reduce(fold, nothing).text).toBe('One two three');
  }
  const { items } = await read(log, 't', `${log.epoch}:5`);
  expect(items.map(({ kind }) => kind)).toEqual(['begin', 'end']);
});
