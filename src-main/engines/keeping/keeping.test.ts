import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventData, NewEvent } from '#shared/domain/events.ts';
import { type Keeping, usualKeeping } from '#shared/domain/keeping.ts';
import { Problem } from '#shared/domain/problem.ts';
import { usualArrangement } from '#shared/domain/things.ts';
import { START } from '#shared/kit/testing/clock.ts';
import { batch, created, Folder, message } from '../../log/testing/folder.ts';
import { Retention } from './retention.ts';
import { Rules } from './rules.ts';
import { KeepingWorld } from './testing/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let world: KeepingWorld;
beforeEach(() => {
  world = new KeepingWorld();
});

const row = { id: 'c', hash: 'h', result: {} };
const set = (keeping: Partial<Keeping>) => world.rules.set({ ...usualKeeping, ...keeping }, row);
const noBackups = { keep: 7, everyHours: null };
const pinned = { ...usualArrangement, pinned: true };
const trashed = { ...usualArrangement, trashed: true };

async function advance(ms: number): Promise<void> {
  // In steps, so that what a timer begins has ended before the next one is due.
  for (let left = ms; left > 0; left -= HOUR) {
    world.clock.advance(Math.min(left, HOUR));
    await world.settled();
  }
}

describe('automatic backups', () => {
  const made = () => world.backups.list().map(({ at }) => (at - START) / HOUR);

  it('are made a while after the first change, then a day after the last one, and only when something changed', async () => {
    world.keeper.start();
    await advance(2 * HOUR);
    expect(made()).toEqual([]);
    world.happens();
    await advance(HOUR);
    expect(world.backups.list()).toMatchObject([{ reason: 'automatic' }]);
    const [first] = made();
    await advance(5 * DAY);
    expect(made()).toEqual([first]);
    world.happens();
    await advance(HOUR);
    expect(made()).toHaveLength(2);
    world.happens();
    await advance(HOUR);
    expect(made()).toHaveLength(2);
    await advance(DAY);
    const [third, second] = made();
    expect(third! - second!).toBeCloseTo(24);
  });

  it('leave no timer behind while nothing changes', async () => {
    await set({ trashDays: null });
    world.keeper.start();
    await advance(2 * DAY);
    expect(made()).toHaveLength(1);
    expect(world.clock.timers).toBe(0);
    world.happens();
    expect(world.clock.timers).toBe(1);
    world.keeper.close();
    expect(world.clock.timers).toBe(0);
  });

  it('push out the oldest automatic ones beyond the wished number, and nothing else', async () => {
    await set({ backups: { keep: 2, everyHours: 1 } });
    for (const reason of ['asked', 'update', 'before-restore'] as const)
      world.store.files.set(`old-${reason}`, {
        file: `old-${reason}`,
        bytes: 1,
        at: START - DAY,
        reason,
        epoch: 'one',
        position: 0,
      });
    world.keeper.start();
    for (let hour = 0; hour < 5; hour++) {
      world.happens();
      await advance(2 * HOUR);
    }
    const reasons = world.backups.list().map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'automatic')).toHaveLength(2);
    expect(reasons.sort()).toEqual(['asked', 'automatic', 'automatic', 'before-restore', 'update']);
  });

  it('of an empty log that was begun after a damaged one never push out the newest of that', async () => {
    await set({ backups: { keep: 1, everyHours: 1 } });
    const old = (file: string, at: number) =>
      world.store.files.set(file, { file, bytes: 1, at, reason: 'automatic', epoch: 'former', position: 9 });
    old('older', START - 2 * DAY);
    old('newest', START - DAY);
    world.keeper.start();
    for (let hour = 0; hour < 4; hour++) {
      world.happens();
      await advance(2 * HOUR);
    }
    const files = world.backups.list().map(({ file }) => file);
    expect(files).toHaveLength(2);
    expect(files).toContain('newest');
  });

  it('that could not be made are told, and tried again an hour later', async () => {
    world.trouble = new Problem('STORAGE', 'The disk with /backups is full.', 'Free some space.');
    world.happens();
    world.keeper.start();
    await advance(HOUR);
    expect(world.backups.problem).toMatchObject({ message: 'The disk with /backups is full.' });
    expect(made()).toEqual([]);
    await advance(HOUR);
    expect(world.backups.problem).toBeNull();
    expect(made()).toHaveLength(1);
  });

  it('are made again when the newest one is of a day to come, for the clock was wrong then', async () => {
    world.happens();
    const file = 'future';
    world.store.files.set(file, {
      file,
      bytes: 1,
      at: START + 900 * DAY,
      reason: 'automatic',
      epoch: 'one',
      position: 0,
    });
    world.keeper.start();
    await advance(HOUR);
    expect(made()).toHaveLength(2);
  });
});

it('a backup that is asked for while one is made is that one', async () => {
  const first = world.backups.start('asked');
  expect(world.backups.start('asked')).toBe(first);
  await world.settled();
  expect(world.backups.list()).toMatchObject([{ reason: 'asked' }]);
  const second = world.backups.start('asked');
  expect(second).not.toBe(first);
  world.jobs.cancel(second);
  await world.settled();
  expect(world.backups.start('asked')).not.toBe(second);
});

describe('retention', () => {
  const plan = async (keeping: Partial<Keeping>) =>
    (await world.retention.plan({ ...usualKeeping, trashDays: null, ...keeping })).map(({ id }) => id);

  it('takes from the trash after so many days there, pinned or not', async () => {
    const now = world.clock.now();
    world.session('old', 90, { arrangement: { ...trashed, pinned: true }, trashedAt: now - 31 * DAY });
    world.session('new', 90, { arrangement: trashed, trashedAt: now - 29 * DAY });
    world.session('kept', 90);
    expect(await plan({ trashDays: 30 })).toEqual(['old']);
    expect(await plan({ trashDays: 10 })).toEqual(['old', 'new']);
    expect(await plan({})).toEqual([]);
  });

  it('takes what was not used for so many days, and spares what is pinned', async () => {
    world.session('old', 100);
    world.session('pinned', 100, { arrangement: pinned });
    world.session('new', 5);
    expect(await plan({ unusedDays: 30 })).toEqual(['old']);
  });

  it('counts from the day on which a session was imported, however old it is', async () => {
    world.session('imported', 900, { units: 1_000_000 });
    world.filledAt.set('imported', world.clock.now() - 3 * DAY);
    world.session('old', 20, { units: 1_000_000 });
    expect(await plan({ unusedDays: 10 })).toEqual(['old']);
    expect(await plan({ unusedDays: 2 })).toEqual(['old', 'imported']);
    expect(await plan({ mostBytes: 1_000_000 })).toEqual(['old']);
    const rules = { ...usualKeeping, trashDays: null, unusedDays: 10 };
    expect(await world.retention.due(rules)).toBe(world.clock.now() - 10 * DAY);
    world.sessions.delete('old');
    expect(await world.retention.due(rules)).toBe(world.clock.now() + 7 * DAY);
  });

  it('takes the longest unused until the rest is small enough, counting what goes anyway', async () => {
    for (let day = 1; day <= 5; day++) world.session(`s${day}`, day, { units: 1_000_000 });
    world.session('pinned', 9, { units: 1_000_000, arrangement: pinned });
    expect(await plan({ mostBytes: 4_000_000 })).toEqual(['s5', 's4']);
    expect(await plan({ mostBytes: 4_000_000, unusedDays: 4 })).toEqual(['s5', 's4']);
    expect(await plan({ mostBytes: 6_000_000 })).toEqual([]);
    expect(await plan({ mostBytes: 1_000_000 })).toEqual(['s5', 's4', 's3', 's2', 's1']);
  });

  it('deletes when it is due, as a job, and not before', async () => {
    await set({ backups: noBackups });
    world.session('trash', 3, { arrangement: trashed, trashedAt: world.clock.now() - 3 * DAY });
    world.session('kept', 0);
    world.keeper.start();
    await advance(26 * DAY);
    expect(world.deleted).toEqual([]);
    await advance(2 * DAY);
    expect(world.deleted).toEqual(['trash']);
    expect([...world.sessions.keys()]).toEqual(['kept']);
    expect(world.clock.timers).toBe(0);
  });

  it('begins soon after new rules were set', async () => {
    world.session('old', 100);
    world.session('new', 0);
    world.keeper.start();
    await set({ unusedDays: 30, backups: noBackups });
    world.clock.advance(2000);
    await world.settled();
    expect(world.deleted).toEqual(['old']);
    expect(world.jobs.list()).toMatchObject([{ kind: 'delete', state: 'done', result: { sessions: 1 } }]);
  });

  it('leaves what was used, pinned or taken out of the trash since it was looked up', async () => {
    const now = world.clock.now();
    for (const id of ['a-first', 'used', 'pin', 'gone']) world.session(id, 100);
    world.session('out', 100, { arrangement: trashed, trashedAt: now - 99 * DAY });
    world.session('new', 0);
    let go = () => {};
    world.hold = new Promise((resolve) => (go = resolve));
    await set({ unusedDays: 30, backups: noBackups });
    const looked = world.keeper.look();
    await new Promise((resolve) => setImmediate(resolve));
    world.session('used', 0);
    world.session('pin', 100, { arrangement: pinned });
    world.session('out', 100);
    world.sessions.delete('gone');
    go();
    await looked;
    expect(world.deleted).toEqual(['a-first']);
  });

  it('can be cancelled in the middle, and goes on an hour later', async () => {
    for (let index = 0; index < 5; index++) world.session(`s${index}`, 100);
    world.session('new', 0);
    let go = () => {};
    world.hold = new Promise((resolve) => (go = resolve));
    await set({ unusedDays: 30, backups: noBackups });
    const looked = world.keeper.look();
    await new Promise((resolve) => setImmediate(resolve));
    world.jobs.cancel(world.jobs.list()[0]!.id);
    go();
    await looked;
    expect(world.deleted).toEqual(['s0']);
    await advance(2 * HOUR);
    expect(world.deleted).toHaveLength(5);
  });

  describe('with a clock that cannot be trusted', () => {
    beforeEach(async () => {
      await set({ backups: noBackups, unusedDays: 300 });
      world.session('trash', 1, { arrangement: trashed, trashedAt: world.clock.now() - DAY });
      world.session('newest', 0);
    });

    it.each([
      ['two years ahead at the start', 730 * DAY, false],
      ['back before the newest event', -10 * DAY, true],
    ])('deletes nothing: %s', async (_, jump, ancient) => {
      const newest = world.sessions.get('newest')!;
      const long = newest.updatedAt - 400 * DAY;
      if (ancient) world.sessions.set('ancient', { ...newest, id: 'ancient', updatedAt: long });
      world.clock.jump(jump);
      world.keeper.start();
      await advance(2 * HOUR);
      expect(world.deleted).toEqual([]);
      expect(world.notices).toHaveLength(1);
      expect(world.notices[0]!.message).toContain('nothing was deleted');
      // Set right, it deletes what is due; used for a week as it is, it is right.
      if (jump < 0) world.clock.jump(-jump);
      world.happens();
      await advance(3 * DAY);
      expect(world.deleted).toEqual(jump < 0 ? ['ancient'] : []);
      world.happens();
      await advance(5 * DAY);
      expect(world.deleted).toContain(jump < 0 ? 'ancient' : 'trash');
      expect(world.notices).toHaveLength(1);
    });

    it('waits a while after the computer slept, or the clock was set, before it looks', async () => {
      world.keeper.start();
      await advance(HOUR);
      world.clock.sleep(60 * DAY);
      await world.settled();
      expect(world.deleted).toEqual([]);
      world.clock.advance(9 * MINUTE);
      await world.settled();
      expect(world.deleted).toEqual([]);
      world.clock.advance(2 * MINUTE);
      await world.settled();
      expect(world.deleted).toEqual(['trash']);
    });
  });
});

describe('over the real log', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('the same rules find the same sessions, by pages', async () => {
    const log = folder.open();
    const { clock } = folder;
    const retention = new Retention(log, clock);
    const say = async (session: string, ...more: NewEvent[]) => {
      await log.append(batch(session, [created(session), message(`m${session}`, 'x'.repeat(1000)), ...more]));
      clock.advance(HOUR);
    };
    const arranged = (data: EventData<'session.arranged'>): NewEvent => ({ type: 'session.arranged', data });
    for (let index = 0; index < 230; index++) await say(`trash${index}`, arranged({ trashed: true }));
    await say('pinned', arranged({ pinned: true }));
    await say('old');
    clock.advance(40 * DAY);
    await say('new');
    const plan = async (keeping: Partial<Keeping>) =>
      (await retention.plan({ ...usualKeeping, trashDays: null, ...keeping })).map(({ id }) => id).sort();
    const trash = await plan({ trashDays: 30 });
    expect(trash).toHaveLength(230);
    expect(trash.every((id) => id.startsWith('trash'))).toBe(true);
    expect(await plan({ trashDays: 50 })).toEqual([]);
    expect((await plan({ unusedDays: 30 })).filter((id) => !id.startsWith('trash'))).toEqual(['old']);
    expect(await retention.due({ ...usualKeeping, trashDays: 100 })).toBe(START + 100 * DAY);
    expect(await retention.clockFits()).toBe(true);
    clock.jump(400 * DAY);
    expect(await retention.clockFits()).toBe(false);
    clock.jump(-500 * DAY);
    expect(await retention.clockFits()).toBe(false);
  });

  it('rules are found again after a start', async () => {
    const log = folder.open();
    const rules = new Rules(log);
    await rules.load();
    expect(rules.keeping).toEqual(usualKeeping);
    await rules.set({ ...usualKeeping, trashDays: 3 }, row);
    await folder.close(log);
    const again = new Rules(folder.open());
    await again.load();
    expect(again.keeping.trashDays).toBe(3);
  });
});
