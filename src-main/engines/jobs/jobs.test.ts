import { describe, expect, it } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { type JobHandle, Jobs } from './jobs.ts';

const world = () => {
  const clock = fakeClock();
  let ids = 0;
  const warned: object[] = [];
  const logger = { warn: (fields: object) => void warned.push(fields) };
  const jobs = new Jobs({ clock, newId: () => `j${++ids}`, logger });
  let told = 0;
  jobs.changed.on(() => void told++);
  /** A job that does what the test says. */
  const begin = () => {
    let resolve: (result: null) => void = () => {};
    let reject: (error: unknown) => void = () => {};
    let began: (job: JobHandle) => void = () => {};
    const handle = new Promise<JobHandle>((resolve) => {
      began = resolve;
    });
    const id = jobs.start('import', 'notes.json', 'sessions', (job) => {
      began(job);
      return new Promise((done, fail) => {
        resolve = done;
        reject = fail;
        job.signal.addEventListener('abort', () => fail(job.signal.reason));
      });
    });
    return { id, handle, end: () => resolve(null), fail: (error: unknown) => reject(error) };
  };
  return { clock, jobs, begin, warned, told: () => told };
};

describe('the board of jobs', () => {
  it('tells what runs, how far it is and what came of it', async () => {
    const { jobs, clock } = world();
    const id = jobs.start('export', 'all', 'sessions', async (job) => {
      job.progress(2, 5);
      expect(jobs.list()).toMatchObject([{ id: job.id, state: 'running', done: 2, of: 5 }]);
      clock.advance(10);
      return { sessions: 5 };
    });
    expect(jobs.list()).toMatchObject([{ id, kind: 'export', about: 'all', state: 'running', done: 0, of: null }]);
    const ended = await jobs.ended(id);
    expect(ended).toMatchObject({ state: 'done', result: { sessions: 5 }, problem: null });
    expect(ended!.endedAt! - ended!.startedAt).toBe(10);
  });

  it('says why one failed, and logs what is an error of ours', async () => {
    const { jobs, begin, warned } = world();
    const [told, bug] = [begin(), begin()];
    await Promise.all([told.handle, bug.handle]);
    told.fail(new Problem('STORAGE', 'The disk is full.', 'Free some space.'));
    bug.fail(new TypeError('x is undefined'));
    expect((await jobs.ended(told.id))?.problem).toEqual({
      code: 'STORAGE',
      message: 'The disk is full.',
      next: 'Free some space.',
    });
    expect((await jobs.ended(bug.id))?.problem?.code).toBe('INTERNAL');
    expect(warned).toMatchObject([{ job: bug.id, kind: 'import' }]);
  });

  it('cancels one by its signal, even one that has not begun; one that has ended is no error, one unknown is', async () => {
    const { jobs, begin } = world();
    const running = begin();
    await running.handle;
    jobs.cancel(running.id);
    expect(await jobs.ended(running.id)).toMatchObject({ state: 'cancelled', problem: null, result: null });
    jobs.cancel(running.id);
    let began = false;
    const early = jobs.start('check', '', 'pages', async () => {
      began = true;
      return null;
    });
    jobs.cancel(early);
    expect((await jobs.ended(early))?.state).toBe('cancelled');
    expect(began).toBe(false);
    expect(() => jobs.cancel('j99')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  it('is done when the work was through before it heard that it was cancelled', async () => {
    const { jobs } = world();
    const id = jobs.start('fork', '', 'messages', async (job) => {
      jobs.cancel(job.id);
      return { session: 'new' };
    });
    expect(await jobs.ended(id)).toMatchObject({ state: 'done', result: { session: 'new' } });
  });

  it('tells changes at most ten times a second, the last one too', async () => {
    const { jobs, clock, begin, told } = world();
    const job = begin();
    const handle = await job.handle;
    for (let ms = 0; ms < 1000; ms++) {
      handle.progress(ms, 1000);
      clock.advance(1);
    }
    expect(told()).toBeGreaterThanOrEqual(9);
    expect(told()).toBeLessThanOrEqual(11);
    const before = told();
    job.end();
    await jobs.ended(job.id);
    clock.advance(100);
    expect(told()).toBe(before + 1);
  });

  it('keeps what ended for ten minutes, fifty at most; then nothing ticks', async () => {
    const { jobs, clock, begin } = world();
    for (let n = 0; n < 60; n++) {
      const id = jobs.start('check', String(n), 'pages', async () => null);
      await jobs.ended(id);
    }
    expect(jobs.list().map(({ about }) => about)).toEqual(Array.from({ length: 50 }, (_, n) => String(n + 10)));
    const running = begin();
    await running.handle;
    clock.advance(20 * 60_000);
    expect(jobs.list().map(({ id }) => id)).toEqual([running.id]);
    running.end();
    await jobs.ended(running.id);
    clock.advance(30 * 60_000);
    expect(jobs.list()).toEqual([]);
    expect(clock.timers).toBe(0);
  });

  it('stops all that runs when it closes, and begins no more', async () => {
    const { jobs, clock, begin } = world();
    const running = begin();
    await running.handle;
    await jobs.close();
    expect(jobs.list()).toMatchObject([{ id: running.id, state: 'cancelled' }]);
    const late = jobs.start('check', '', 'pages', async () => null);
    expect((await jobs.ended(late))?.state).toBe('cancelled');
    expect(clock.timers).toBe(0);
  });

  it('closes after a while without one that takes too long to stop', async () => {
    const { jobs, clock } = world();
    let end = () => {};
    const id = jobs.start('import', '', 'sessions', () => new Promise((resolve) => (end = () => resolve(null))));
    await Promise.resolve();
    let closed = false;
    const closing = jobs.close().then(() => {
      closed = true;
    });
    clock.advance(2999);
    await new Promise(setImmediate);
    expect(closed).toBe(false);
    clock.advance(1);
    await closing;
    expect(jobs.list()).toMatchObject([{ id, state: 'running' }]);
    end();
    expect((await jobs.ended(id))?.state).toBe('done');
    expect(clock.timers).toBe(0);
  });
});
