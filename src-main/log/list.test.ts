import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventData, type NewEvent, SYSTEM } from '#shared/domain/events.ts';
import type { SessionFilter, SessionSort, SessionSummary } from '#shared/domain/summary.ts';
import { usualArrangement } from '#shared/domain/things.ts';
import type { Log } from './log.ts';
import { batch, created, Folder, finished, message, requested } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const arranged = (data: EventData<'session.arranged'>): NewEvent => ({ type: 'session.arranged', data });
const done = (job: string) => batch(SYSTEM, [{ type: 'job.finished', data: { job } }]);
const by = (specialist: string, turn: string, parent: string): NewEvent => {
  const event = requested(turn, parent);
  if (event.type !== 'turn.requested') throw new Error('It asks for a turn.');
  return { ...event, data: { ...event.data, speaker: { ...event.data.speaker, specialist } } };
};
const ids = ({ sessions }: { sessions: SessionSummary[] }) => sessions.map(({ id }) => id);

const whole = fc.record({
  title: fc.constantFrom('Roses', 'roses', 'Äpfel', 'apfel', 'Zebra', 'Tulips and roses', ''),
  made: fc.constantFrom(undefined, undefined, 'program' as const, 'completion' as const),
  specialists: fc.uniqueArray(fc.constantFrom('apollo', 'athena', 'numa'), { maxLength: 2 }),
  arrangement: fc.record(
    {
      pinned: fc.boolean(),
      folder: fc.constantFrom(null, 'Work', 'Garden'),
      tags: fc.uniqueArray(fc.constantFrom('red', 'blue', 'a "quoted" one')),
      archived: fc.boolean(),
      trashed: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
  wait: fc.nat(2),
});
const filters = fc.record(
  {
    archived: fc.boolean(),
    trashed: fc.boolean(),
    pinned: fc.boolean(),
    folder: fc.constantFrom(null, 'Work', 'Garden'),
    tag: fc.constantFrom('red', 'blue', 'a "quoted" one'),
    specialist: fc.constantFrom('apollo', 'athena'),
    title: fc.constantFrom('ROSE', 'äpf', '', 'ul'),
    by: fc.constantFrom('program' as const, 'person' as const),
  },
  { requiredKeys: [] },
);

interface Wanted {
  summary: SessionSummary;
  made: 'program' | undefined;
  specialists: string[];
}

/** What the list should show, found by looking at each of them. */
function naive(all: readonly Wanted[], filter: Partial<SessionFilter>, sort: SessionSort): SessionSummary[] {
  const plain = (title: string) => title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return all
    .filter(({ summary: { arrangement, title }, made, specialists }) => {
      if (filter.trashed !== undefined && filter.trashed ? !arrangement.trashed : arrangement.trashed) return false;
      if (!filter.trashed && (filter.archived ?? false) !== arrangement.archived) return false;
      if (filter.pinned !== undefined && filter.pinned !== arrangement.pinned) return false;
      if (filter.folder !== undefined && filter.folder !== arrangement.folder) return false;
      if (filter.tag !== undefined && !arrangement.tags.includes(filter.tag)) return false;
      if (filter.specialist !== undefined && !specialists.includes(filter.specialist)) return false;
      if (filter.title !== undefined && !title.toLowerCase().includes(filter.title.toLowerCase())) return false;
      return filter.by === undefined || (filter.by === 'program') === (made === 'program');
    })
    .map(({ summary }) => summary)
    .sort((a, b) => {
      if (sort === 'title')
        return plain(a.title) < plain(b.title) ? -1 : plain(a.title) > plain(b.title) ? 1 : a.id < b.id ? -1 : 1;
      const [of, than] = sort === 'created' ? [a.createdAt, b.createdAt] : [a.updatedAt, b.updatedAt];
      return than - of || (a.id < b.id ? 1 : -1);
    });
}

async function pages(log: Log, filter: Partial<SessionFilter>, sort: SessionSort, limit: number) {
  const found: SessionSummary[] = [];
  for (let page = await log.summaries({ filter, sort, limit }); ; ) {
    found.push(...page.sessions);
    const last = page.sessions.at(-1);
    if (!page.more || last === undefined) return found;
    const before = { updatedAt: sort === 'created' ? last.createdAt : last.updatedAt, id: last.id, title: last.title };
    page = await log.summaries({ filter, sort, limit, before });
  }
}

describe('the list of sessions', () => {
  it('filters and sorts as one does who looks at each of them, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(whole, { maxLength: 30 }),
        fc.array(filters, { minLength: 10, maxLength: 10 }),
        fc.integer({ min: 1, max: 7 }),
        async (sessions, all, limit) => {
          await folder.remove();
          folder = new Folder();
          const log = folder.open();
          const wanted: Wanted[] = [];
          for (const [index, { title, made, specialists, arrangement, wait }] of sessions.entries()) {
            folder.clock.advance(wait);
            const id = `s${index}`;
            const createdAt = folder.clock.now();
            const first: NewEvent = { type: 'session.created', data: { title, ...(made && { made: { by: made } }) } };
            await log.append(batch(id, [first, message('m', 'Hello')]));
            for (const [turn, specialist] of specialists.entries())
              await log.append(batch(id, [by(specialist, `t${turn}`, 'm'), finished(`t${turn}`, 'An answer')]));
            const updatedAt = folder.clock.now();
            folder.clock.advance(wait);
            await log.append(batch(id, [arranged(arrangement)]));
            const [summary] = (await log.summaries({ limit: 1, only: id })).sessions;
            const arrangementNow = { ...usualArrangement, ...arrangement };
            if (made === 'completion') {
              expect(summary).toBeUndefined();
              continue;
            }
            expect(summary).toMatchObject({
              id,
              title,
              createdAt,
              updatedAt,
              arrangement: arrangementNow,
              trashedAt: arrangement.trashed ? folder.clock.now() : null,
              units: 5 + 9 * specialists.length,
            });
            wanted.push({ summary: summary!, made, specialists });
          }
          for (const filter of [{}, ...all])
            for (const sort of ['updated', 'created', 'title'] as const)
              expect(await pages(log, filter, sort, limit)).toEqual(naive(wanted, filter, sort));

          const listed = wanted.map(({ summary }) => summary);
          const kept = listed.filter(({ arrangement }) => !arrangement.trashed);
          const count = (names: (string | null)[]) =>
            [...new Set(names)].flatMap((name) =>
              name === null ? [] : [{ name, sessions: names.filter((each) => each === name).length }],
            );
          const named = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
          const groups = await log.groups();
          expect({ ...groups, tags: [...groups.tags].sort(named), folders: [...groups.folders].sort(named) }).toEqual({
            folders: count(kept.map(({ arrangement }) => arrangement.folder)).sort(named),
            tags: count(kept.flatMap(({ arrangement }) => arrangement.tags)).sort(named),
            archived: kept.filter(({ arrangement }) => arrangement.archived).length,
            trashed: listed.length - kept.length,
          });
          expect((await log.inFolder('Work')).sort()).toEqual(
            listed
              .filter(({ arrangement }) => arrangement.folder === 'Work')
              .map(({ id }) => id)
              .sort(),
          );
          const unused = listed.filter(({ arrangement }) => !arrangement.pinned);
          const oldest = (await log.unused({ limit: 1000 })).map(({ since }) => since);
          expect(oldest).toEqual(unused.map(({ updatedAt }) => updatedAt).sort((a, b) => a - b));
          expect(await log.totals()).toEqual({
            sessions: listed.length,
            messages: listed.length,
            units: listed.reduce((sum, { units }) => sum + units, 0),
          });
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  it('looks for what is rare among many, in slices', async () => {
    const log = folder.open();
    const all: Promise<unknown>[] = [];
    for (let index = 0; index < 2000; index++) all.push(log.append(batch(`s${index}`, [created(`Talk ${index}`)])));
    await Promise.all(all);
    await log.append(batch('s3', [arranged({ tags: ['rare'] })]));
    await log.append(batch('s1000', [arranged({ tags: ['rare'], folder: 'Work' })]));
    expect(ids(await log.summaries({ filter: { tag: 'rare' }, sort: 'title', limit: 10 }))).toEqual(['s1000', 's3']);
    expect(await log.summaries({ filter: { title: 'talk 1999' }, limit: 1 })).toMatchObject({ more: false });
    expect((await log.summaries({ filter: { title: 'talk 19' }, limit: 5 })).more).toBe(true);
    expect(await log.groups()).toMatchObject({ tags: [{ name: 'rare', sessions: 2 }] });
    expect((await log.totals()).sessions).toBe(2000);
    const before = folder.clock.now() + 1;
    expect((await log.unused({ before, limit: 700 })).length).toBe(700);
    expect(await log.unused({ before: before - 1, limit: 700 })).toEqual([]);
  });

  it('a session that goes into the trash keeps the time, and is not there when it was taken out', async () => {
    const log = folder.open();
    await log.append(batch('s', [created(), arranged({ trashed: true, tags: ['red'] })]));
    const trashedAt = folder.clock.now();
    folder.clock.advance(1000);
    await log.append(batch('s', [arranged({ trashed: true, archived: true })]));
    expect(ids(await log.summaries({ filter: { trashed: true }, limit: 5 }))).toEqual(['s']);
    expect(await log.trashedBefore(trashedAt)).toEqual([]);
    expect(await log.trashedBefore(trashedAt + 1)).toEqual(['s']);
    expect(await log.groups()).toEqual({ folders: [], tags: [], archived: 0, trashed: 1 });
    await log.append(batch('s', [arranged({ trashed: false })]));
    expect(await log.trashedBefore(folder.clock.now() + 1)).toEqual([]);
    expect(ids(await log.summaries({ filter: { archived: true }, limit: 5 }))).toEqual(['s']);
    expect((await log.shape('s'))!.arrangement).toEqual({ ...usualArrangement, archived: true, tags: ['red'] });
  });

  it('what is copied keeps its times', async () => {
    const log = folder.open();
    const at = folder.clock.now() - 1_000_000;
    const old = (event: NewEvent, after: number) => ({ ...event, at: at + after });
    await log.append(batch('s', [old(created(), 0), old(message('m', 'Hello'), 5), old(requested('t', 'm'), 6)]));
    await log.append(batch('s', [old(finished('t', 'Hi'), 9)]));
    expect((await log.read({ session: 's', limit: 9 })).map((event) => event.at - at)).toEqual([0, 5, 6, 9]);
    expect((await log.summaries({ limit: 1, only: 's' })).sessions).toMatchObject([
      { createdAt: at, updatedAt: at + 9 },
    ]);
  });
});

describe('sessions that a job fills', () => {
  const filling = (job: string, title = 'Copy'): NewEvent => ({
    type: 'session.created',
    data: { title, job, forked: { session: 'other', seq: 3 } },
  });
  const fill = async (log: Log, job: string, count: number) => {
    const all: Promise<unknown>[] = [];
    for (let index = 0; index < count; index++)
      all.push(log.append(batch(`${job}${index}`, [filling(job), arranged({ folder: 'Work', tags: ['red'] })])));
    await Promise.all(all);
  };

  it('are in no list until it has finished, and then all of them at once', async () => {
    const log = folder.open();
    await log.append(batch('s', [created()]));
    await fill(log, 'a', 350);
    await fill(log, 'b', 1);
    const nothing = { folders: [], tags: [], archived: 0, trashed: 0 };
    expect(ids(await log.summaries({ limit: 500 }))).toEqual(['s']);
    expect(ids(await log.summaries({ limit: 1, only: 'a7' }))).toEqual([]);
    expect([await log.groups(), await log.inFolder('Work'), await log.totals()]).toEqual([
      nothing,
      [],
      { sessions: 1, messages: 0, units: 0 },
    ]);
    expect((await log.filling()).filter(({ job }) => job === 'a')).toHaveLength(350);
    expect((await log.shape('a7'))!.job).toBe('a');
    expect(await log.snapshot('a7', 5)).toBeNull();

    await log.append(done('a'));
    const [list, shape] = await Promise.all([log.summaries({ limit: 500 }), log.shape('a349')]);
    expect(list.sessions).toHaveLength(351);
    expect(list.sessions.find(({ id }) => id === 'a349')).toMatchObject({ forked: 'other', title: 'Copy' });
    expect(shape!.job).toBeNull();
    expect((await log.snapshot('a7', 5))!.view.forked).toEqual({ session: 'other', seq: 3 });
    expect(await log.groups()).toMatchObject({ folders: [{ name: 'Work', sessions: 350 }] });
    expect(await log.filling()).toEqual([{ session: 'b0', job: 'b' }]);
    await log.delete({ session: 'b0' });
    expect(await log.filling()).toEqual([]);
  });

  it('are unused since they came here, however old they are; nothing else is', async () => {
    const log = folder.open();
    const [now, DAY] = [folder.clock.now(), 86_400_000];
    const old = (job: string, days: number): NewEvent[] => [
      { ...filling(job), at: now - days * DAY },
      { ...message('m', 'Hello'), at: now - days * DAY },
    ];
    await log.append(batch('imported', old('a', 900)));
    await log.append(batch('older', old('a', 1000)));
    await log.append(batch('here', [{ ...created(), at: now - 5 * DAY }]));
    await log.append(done('a'));
    folder.clock.advance(DAY);
    await log.append(batch('used', [created()]));
    const found = async (options: Parameters<Log['unused']>[0]) =>
      (await log.unused(options)).map(({ session, since }) => [session.id, (since - now) / DAY]);
    const all = [
      ['here', -5],
      ['older', 0],
      ['imported', 0],
      ['used', 1],
    ];
    expect(await found({ limit: 9 })).toEqual(all);
    expect(await found({ limit: 1 })).toEqual(all.slice(0, 1));
    expect(await found({ before: now - DAY, limit: 9 })).toEqual(all.slice(0, 1));
    expect(await found({ before: now + 1, limit: 9 })).toEqual(all.slice(0, 3));
    // Used here, it is as any other.
    folder.clock.advance(DAY);
    await log.append(batch('imported', [message('m2', 'Hello again', 'm')]));
    expect(await found({ limit: 9 })).toEqual([...all.slice(0, 2), ['used', 1], ['imported', 2]]);
  });

  it('are whole after a start in the middle of that, and when all is computed anew', async () => {
    const log = folder.open();
    await fill(log, 'a', 350);
    await fill(log, 'b', 2);
    await log.append(done('a'));
    await folder.close(log);
    const marked = () =>
      folder.look((db) => db.prepare('SELECT count(*) FROM sessions WHERE filling = 1').pluck().get());
    expect(marked()).toBeGreaterThan(2);
    const again = folder.open();
    const list = await again.summaries({ limit: 500 });
    expect(list.sessions).toHaveLength(350);
    expect(await again.filling()).toHaveLength(2);
    await folder.close(again);
    expect(marked()).toBe(2);
    folder.change((db) => db.exec('UPDATE projections SET version = 0'));
    const anew = folder.open();
    expect(await anew.summaries({ limit: 500 })).toEqual(list);
    expect(await anew.filling()).toHaveLength(2);
  });
});
