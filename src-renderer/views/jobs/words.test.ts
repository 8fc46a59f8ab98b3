import { describe, expect, it } from 'vitest';
import type { Job } from '#shared/domain/jobs.ts';
import { newsOf } from './news.ts';
import { amount, outcome, percent, timeLeft, verb } from './words.ts';

const job = (change: Partial<Job> = {}): Job => ({
  ...{ id: 'j', kind: 'import', about: 'plays.zip', state: 'running', done: 0, of: null, unit: 'sessions' },
  ...{ startedAt: 0, endedAt: null, problem: null, result: null },
  ...change,
});

describe('a job in words', () => {
  it('says what it does, and with what', () => {
    expect(verb(job())).toBe('Importing plays.zip');
    expect(verb(job({ kind: 'check', about: '' }))).toBe('Checking the data');
  });

  it.each([
    [{ done: 0, of: null }, '', null],
    [{ done: 1, of: null }, '1 session', null],
    [{ done: 6412, of: 10_000 }, '6,412 of 10,000 sessions', 64],
    [{ done: 1, of: 1 }, '1 of 1 session', 100],
    [{ done: 12_000_000, of: 80_000_000, unit: 'bytes' as const }, '12 MB of 80 MB', 15],
    [{ done: 3, of: 0 }, '3 of no sessions', null],
  ])('says how far it is: %j', (change, words, hundredths) => {
    expect(amount(job(change))).toBe(words);
    expect(percent(job(change))).toBe(hundredths);
  });

  it('says how long it takes once that can be known', () => {
    const left = (done: number, now: number) => timeLeft(job({ done, of: 1_000 }), now);
    expect(left(100, 2_000)).toBeUndefined();
    expect(left(10, 10_000)).toBeUndefined();
    expect(left(100, 10_000)).toBe('about 2 min left');
    expect(left(200, 10_000)).toBe('about 40 s left');
    expect(left(999, 10_000)).toBeUndefined();
  });

  it.each<[Partial<Job>, string]>([
    [{ state: 'done', result: { sessions: 12 } }, '12 sessions imported'],
    [{ state: 'done', result: { sessions: 1 } }, '1 session imported'],
    [{ state: 'done', kind: 'export', result: { sessions: 2 } }, '2 sessions exported'],
    [{ state: 'done', kind: 'compact', result: { freed: 0 } }, 'There was nothing to free'],
    [{ state: 'done', kind: 'compact', result: { freed: 4_000_000 } }, '4 MB freed'],
    [{ state: 'done', kind: 'check', result: { notes: [] } }, 'Nothing is wrong'],
    [{ state: 'cancelled' }, 'Import cancelled. Nothing was imported.'],
    [{ state: 'failed', problem: { code: 'LIMIT', message: 'Too large.' } }, 'Too large. Nothing was imported.'],
  ])('says what came of it: %j', (change, words) => {
    expect(outcome(job(change))).toBe(words);
  });
});

describe('the status bar', () => {
  const upload = { id: 'u', name: 'plays.zip', done: 5, of: 10, problem: null, seen: false };
  const none = new Set<string>();

  it('says nothing when nothing runs and nothing has just ended', () => {
    expect(newsOf({ jobs: [], seen: none }, [], true)).toBeNull();
    expect(newsOf({ jobs: [job({ state: 'done' })], seen: new Set(['j']) }, [], true)).toBeNull();
    expect(newsOf({ jobs: [job()], seen: none }, [], false)).toBeNull();
  });

  it('names the one that runs, or counts them', () => {
    const running = job({ done: 1, of: 4 });
    expect(newsOf({ jobs: [running], seen: none }, [], true)).toMatchObject({
      text: 'Importing plays.zip',
      percent: 25,
    });
    expect(newsOf({ jobs: [], seen: none }, [upload], true)).toMatchObject({ text: 'Sending plays.zip', percent: 50 });
    expect(newsOf({ jobs: [running], seen: none }, [upload], true)).toMatchObject({ text: '2 jobs running' });
  });

  it('tells how something ended until somebody has seen it', () => {
    const ended = job({ state: 'done', result: { sessions: 12 } });
    const jobs = [ended, job({ id: 'k' })];
    expect(newsOf({ jobs, seen: none }, [], true)).toMatchObject({ sign: 'check', text: '12 sessions imported' });
    expect(newsOf({ jobs, seen: new Set(['j']) }, [], true)).toMatchObject({ sign: 'running' });
    const problem = { code: 'INVALID_PARAMS' as const, message: 'a.png is no export of Choragus.' };
    expect(newsOf({ jobs: [], seen: none }, [{ ...upload, problem }], true)).toMatchObject({
      sign: 'warn',
      ended: problem.message,
    });
    expect(newsOf({ jobs: [], seen: none }, [{ ...upload, problem, seen: true }], true)).toBeNull();
  });
});
