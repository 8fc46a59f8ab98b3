import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event, EventType } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import { choices, history } from '#shared/domain/testing/history.ts';
import type { Log } from './log.ts';
import { batch, created, Folder, finished, message, part, requested, withConnection } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const HOUR = 3600_000;
const never = new AbortController().signal;
const compact = (log: Log) => log.compact({ progress: () => {}, signal: never });
const count = (sql: string) =>
  folder.look((db) => db.prepare<[], number>(`SELECT count(*) FROM ${sql}`).pluck().get()!);

async function followed(log: Log, what: { session?: string; types?: EventType[]; after?: number }, max: number) {
  const follower = log.follow({ after: 0, ...what, ready: () => {} });
  const events: Event[] = [];
  for (let idle = 0; follower.position < log.position || idle < 1; ) {
    const page = await follower.read(max);
    if (page.length === 0) idle++;
    events.push(...page);
  }
  follower.close();
  return events;
}

/** Every read that there is. */
async function everything(log: Log, sessions: readonly string[], events: readonly Event[]) {
  await log.indexed();
  const middle = events[Math.floor(events.length / 2)]!.seq;
  return {
    all: await followed(log, {}, 7),
    later: await followed(log, { after: middle }, 100),
    messages: await followed(log, { types: ['message.added', 'turn.finished'] }, 5),
    list: await log.summaries({ limit: 100 }),
    unfinished: (await log.unfinished()).sort((a, b) => (a.session + a.turn < b.session + b.turn ? -1 : 1)),
    found: await log.search('piece', { limit: 1000 }),
    sessions: await Promise.all(
      sessions.map(async (session) => ({
        followed: await followed(log, { session }, 11),
        later: await followed(log, { session, after: middle, types: ['message.added', 'head.moved'] }, 3),
        first: await log.read({ session, after: 0, limit: 9 }),
        last: await log.read({ session, before: middle, limit: 9 }),
        between: await log.read({ session, after: 3, before: middle, limit: 1000 }),
        snapshot: await log.snapshot(session, 1000),
        short: await log.snapshot(session, 5),
        older: await log.older(session, middle, 5),
        count: await log.eventCount(session),
        shape: await log.shape(session),
        events: await Promise.all(events.map(({ seq }) => log.event(session, seq))),
        heads: await Promise.all(events.slice(-20).map(({ seq }) => log.headAt(session, seq))),
      })),
    ),
  };
}

/** A conversation whose turns ended. */
async function converse(
  log: Log,
  session: string,
  turns: number,
  text = 'What is said here is said again.',
): Promise<Event[]> {
  const written = [log.append(batch(session, [created(session)]))];
  for (let index = 0; index < turns; index++) {
    const [m, t] = [`${session}-m${index}`, `${session}-t${index}`];
    const parent = index === 0 ? null : `${session}-t${index - 1}`;
    written.push(log.append(batch(session, [message(m, `${text} ${index}`, parent), requested(t, m)])));
    written.push(log.append(batch(session, [part(t, 0, text), finished(t, `${text} Yes. ${index}`)])));
  }
  return (await Promise.all(written)).flat();
}

describe('cold events', () => {
  it('are read as before, whatever happened, also when every table is filled anew, and the log goes on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(choices, { minLength: 1, maxLength: 4 }), fc.nat(3), async (all, live) => {
        await folder.remove();
        folder = new Folder();
        const log = folder.open();
        const sessions = all.map((_, index) => `s${index}`);
        // Side by side, so that their sequences lie among each other's.
        const stories = all.map((steps) => history(steps));
        const events: Event[] = [];
        for (let at = 0; stories.some((story) => at < story.length); at++)
          for (const [index, story] of stories.entries())
            if (story[at] !== undefined) events.push(...(await log.append(batch(sessions[index]!, [story[at]!]))));
        folder.clock.advance(2 * HOUR);
        // One of them goes on: nothing of it is cold.
        if (live < sessions.length)
          events.push(
            ...(await log.append(batch(sessions[live]!, [{ type: 'session.renamed', data: { title: 'Live' } }]))),
          );
        await vi.waitFor(() => expect(count('nodes WHERE parts = 1 AND finished IS NOT NULL')).toBe(0), {
          interval: 2,
        });
        const before = await everything(log, sessions, events);
        await compact(log);
        expect(await everything(log, sessions, events)).toEqual(before);
        const { hot, packed } = folder.look((db) => ({
          hot: db.prepare('SELECT DISTINCT session FROM named_events').pluck().all() as string[],
          packed: db
            .prepare('SELECT DISTINCT s.id FROM blocks b JOIN session_ids s ON s.key = b.session')
            .pluck()
            .all(),
        }));
        const running = new Set(before.unfinished.map(({ session }) => session));
        for (const [index, session] of sessions.entries())
          if (index === live) expect(packed).not.toContain(session);
          else if (!running.has(session)) expect(hot).not.toContain(session);

        await folder.close(log);
        folder.change((db) => db.exec('UPDATE projections SET version = 0'));
        const again = folder.open();
        expect(await everything(again, sessions, events)).toEqual(before);
        const [next] = await again.append(batch('s0', [{ type: 'session.renamed', data: { title: 'On' } }]));
        expect(next!.seq).toBe(events.at(-1)!.seq + 1);
        expect(await followed(again, { session: 's0' }, 50)).toEqual([...before.sessions[0]!.followed, next]);
      }),
      { numRuns: 8, endOnFailure: true },
    );
  }, 60_000);

  it('of a session that goes on are those behind its newest 200 nodes', async () => {
    const log = folder.open();
    const events = await converse(log, 's', 400);
    folder.clock.advance(2 * HOUR);
    await log.append(batch('s', [message('now', 'Now', 's-t399')]));
    await compact(log);
    const first = folder.look((db) => db.prepare<[], number>('SELECT min(seq) FROM events').pluck().get()!);
    const nodes = events
      .filter(({ type }) => type === 'message.added' || type === 'turn.requested')
      .map(({ seq }) => seq);
    expect(nodes.filter((seq) => seq >= first).length).toBeGreaterThanOrEqual(199);
    expect(nodes.filter((seq) => seq < first).length).toBeGreaterThan(300);
    expect((await log.path('s', { limit: 10, from: 0 }))!.nodes.map(({ text }) => text).slice(0, 2)).toEqual([
      'What is said here is said again. 0',
      'What is said here is said again. Yes. 0',
    ]);
  });

  it('are never those of a turn that runs, nor what came after it', async () => {
    const log = folder.open();
    await converse(log, 's', 3);
    await log.append(
      batch('s', [message('m', 'On', 's-t2'), requested('t', 'm'), part('t', 0, 'He'), message('n', 'Beside')]),
    );
    folder.clock.advance(5 * HOUR);
    await compact(log);
    expect(folder.look((db) => db.prepare('SELECT type FROM named_events ORDER BY seq').pluck().all())).toEqual([
      'turn.requested',
      'turn.part',
      'message.added',
    ]);
    expect((await log.turn('s', 't'))!.text).toBe('He');
    await log.append(batch('s', [finished('t', 'Hello')]));
    folder.clock.advance(5 * HOUR);
    await compact(log);
    expect(count('events')).toBe(0);
    expect((await log.turn('s', 't'))!.text).toBe('Hello');
  });

  it('that come bit by bit lie in few blocks', async () => {
    const log = folder.open();
    for (let day = 0; day < 6; day++) {
      await log.append(batch('s', [day === 0 ? created() : message(`m${day}`, `Day ${day}`)]));
      folder.clock.advance(24 * HOUR);
      await compact(log);
    }
    expect([count('blocks'), count('events')]).toEqual([1, 0]);
    expect((await log.read({ session: 's', limit: 10 })).map(({ type }) => type)).toHaveLength(6);
  });

  it('far apart are found by whoever follows everything', async () => {
    const log = folder.open();
    const sessions = Array.from({ length: 30 }, (_, index) => `s${index}`);
    for (let at = 0; at < 40; at++)
      for (const session of sessions)
        void log.append(batch(session, [at === 0 ? created() : message(`${session}-${at}`, 'Text')]));
    await log.append(batch('gap', [created(), message('m', 'x'), requested('t', 'm')]));
    for (let at = 0; at < 20_000; at++) void log.append(batch('gap', [part('t', at, 'x')]));
    await log.append(batch('gap', [finished('t', 'x'.repeat(20_000))]));
    await converse(log, 'after', 2);
    folder.clock.advance(2 * HOUR);
    await vi.waitFor(() => expect(count('nodes WHERE parts = 1')).toBe(0), { interval: 5 });
    const before = await followed(log, {}, 100);
    expect(before).toHaveLength(30 * 40 + 4 + 7);
    await compact(log);
    expect(count('events')).toBe(0);
    expect(await followed(log, {}, 100)).toEqual(before);
    expect(await followed(log, { after: before.at(-6)!.seq }, 100)).toEqual(before.slice(-5));
  });

  it('are packed an hour after the last event, with one timer, and then nothing ticks', async () => {
    const log = folder.open();
    await converse(log, 's', 3);
    await log.indexed();
    folder.clock.advance(HOUR);
    expect(count('blocks')).toBe(0);
    folder.clock.advance(60_000);
    await vi.waitFor(() => expect(count('blocks')).toBe(1), { interval: 5 });
    await compact(log);
    expect(folder.clock.timers).toBe(0);
  });

  it('of a deleted session leave nothing of it', async () => {
    const log = folder.open();
    await converse(log, 'kept', 20);
    await converse(log, 'gone', 20, 'A secret that must not stay.');
    folder.clock.advance(2 * HOUR);
    await compact(log);
    const pieces = folder.look((db) =>
      db
        .prepare<[], Buffer>(
          `SELECT data FROM block_pieces WHERE id / 1024 IN
             (SELECT b.id FROM blocks b JOIN session_ids s ON s.key = b.session WHERE s.id = 'gone')`,
        )
        .pluck()
        .all(),
    );
    expect(pieces.length).toBeGreaterThan(0);
    for (const piece of pieces) expect(readFileSync(folder.file).includes(piece)).toBe(true);
    await log.delete({ session: 'gone' });
    expect(await log.snapshot('gone', 10)).toBeNull();
    expect((await followed(log, { session: 'gone' }, 100)).map(({ type }) => type)).toEqual(['session.deleted']);
    await compact(log);
    await folder.close(log);
    for (const piece of pieces) expect(readFileSync(folder.file).includes(piece)).toBe(false);
    const again = folder.open();
    expect((await again.snapshot('kept', 100))!.view.title).toBe('kept');
  });

  it('stay as they are when their block cannot be written, and are packed the next time', async () => {
    const { migrations, db } = withConnection();
    const log = folder.open({ migrations });
    await converse(log, 's', 30);
    folder.clock.advance(2 * HOUR);
    await log.indexed();
    const before = await followed(log, { session: 's' }, 100);
    db().exec(`CREATE TEMP TRIGGER full BEFORE INSERT ON block_pieces WHEN new.id % 1024 = 0
               BEGIN SELECT RAISE(ABORT, 'no room'); END`);
    await expect(compact(log)).rejects.toMatchObject({ cause: expect.objectContaining({ message: 'no room' }) });
    expect([count('blocks'), count('block_pieces')]).toEqual([0, 0]);
    expect(await followed(log, { session: 's' }, 100)).toEqual(before);
    db().exec('DROP TRIGGER full');
    await compact(log);
    expect(count('blocks')).toBe(1);
    expect(await followed(log, { session: 's' }, 100)).toEqual(before);
  });

  it('in a block that cannot be unpacked are missing, which is said once, and all others are read', async () => {
    const first = folder.open();
    for (const session of ['a', 'b']) await converse(first, session, 10);
    folder.clock.advance(2 * HOUR);
    await compact(first);
    const whole = await first.snapshot('b', 100);
    await folder.close(first);
    folder.change((db) => db.exec(`UPDATE block_pieces SET data = x'0100' WHERE id / 1024 = 1`));
    const told: string[] = [];
    const log = folder.open({ logger: { info() {}, warn() {}, error: (_, what) => told.push(what) } });
    expect(await log.snapshot('b', 100)).toEqual(whole);
    expect((await log.summaries({ limit: 5 })).sessions.map(({ id }) => id).sort()).toEqual(['a', 'b']);
    expect(await log.read({ session: 'a', limit: 100 })).toEqual([]);
    expect((await followed(log, {}, 100)).map(({ session }) => session)).not.toContain('a');
    expect(await log.event('a', 1)).toBeNull();
    expect(told).toEqual(['A block of events cannot be read.']);
    await log.append(batch('a', [{ type: 'session.renamed', data: { title: 'Again' } }]));
    folder.clock.advance(2 * HOUR);
    await compact(log);
    expect((await log.read({ session: 'a', limit: 100 })).map(({ type }) => type)).toEqual(['session.renamed']);
  });

  it('of a session that is deleted while they are packed are gone', async () => {
    const log = folder.open();
    await converse(log, 's', 60);
    folder.clock.advance(2 * HOUR);
    const [, deleted] = await Promise.all([compact(log), log.delete({ session: 's' })]);
    expect([count('blocks'), count('block_pieces'), count('events')]).toEqual([0, 0, 1]);
    expect(await followed(log, {}, 100)).toEqual(deleted);
  });
});

describe('compacting', () => {
  it('gives back what is free, says how much, and tells how far it is', async () => {
    const log = folder.open();
    for (let index = 0; index < 40; index++) await converse(log, `s${index}`, 20);
    folder.clock.advance(2 * HOUR);
    await log.indexed();
    const before = await log.size();
    const told: number[] = [];
    const saved = await log.compact({ progress: (done, of) => told.push(done / of!), signal: never });
    const after = await log.size();
    expect(after.free).toBe(0);
    expect(saved).toBe(before.bytes - after.bytes);
    expect(after.bytes).toBeLessThan(before.bytes / 2);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
    expect((await log.snapshot('s7', 100))!.view.title).toBe('s7');
  });

  it('can be stopped, and what is packed by then stays packed', async () => {
    const first = folder.open();
    for (let index = 0; index < 10; index++) await converse(first, `s${index}`, 10);
    await folder.close(first);
    folder.clock.advance(2 * HOUR);
    const log = folder.open();
    await vi.waitFor(() => expect(count('nodes WHERE parts = 1')).toBe(0), { interval: 5 });
    const before = await followed(log, {}, 100);
    const stop = new AbortController();
    const problem = new Problem('STOPPED', 'Cancelled.');
    const progress = (done: number) => done >= 40 && stop.abort(problem);
    await expect(log.compact({ progress, signal: stop.signal })).rejects.toBe(problem);
    expect(count('blocks')).toBeGreaterThan(0);
    expect(count('blocks')).toBeLessThan(10);
    expect(await followed(log, {}, 100)).toEqual(before);
  });
});
