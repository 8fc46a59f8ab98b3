import { expect, it } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { IDLE_MS, LONGEST_MS, LOOK_MS, Workroom } from './workroom.ts';

const file = new URL('./worker.ts', import.meta.url);
const signal = () => new AbortController().signal;
const calculate = (text: string) => ({ model: 'calculation', request: { text, earlier: [] } }) as const;
/** A few signs that keep a computer busy for longer than anybody waits. */
const endless = calculate('det(ones(3000, 3000))');

it('does one job after the other, each in a thread that is not this one', async () => {
  const room = new Workroom(file, fakeClock());
  const answers = await Promise.all(['1 + 1', '2 + 2', '3 + 3'].map((text) => room.do(calculate(text), signal())));
  expect(answers.map((answer) => /\*\*(\d)\*\*/.exec(answer)?.[1])).toEqual(['2', '4', '6']);
});

it('ends a job that takes too long, says so, and goes on with the next', async () => {
  const clock = fakeClock();
  const room = new Workroom(file, clock);
  const long = room.do(endless, signal());
  const next = room.do(calculate('6 * 7'), signal());
  clock.advance(LONGEST_MS);
  await expect(long).rejects.toMatchObject({ code: 'TIMEOUT', next: expect.stringContaining('Ask for less') });
  expect(await next).toContain('**42**');
});

it('ends a job that nobody wants any more, and forgets one that has not begun', async () => {
  const room = new Workroom(file, fakeClock());
  const [running, waiting] = [new AbortController(), new AbortController()];
  const long = room.do(endless, running.signal);
  const queued = room.do(calculate('1 + 1'), waiting.signal);
  const next = room.do(calculate('6 * 7'), signal());
  waiting.abort('changed my mind');
  await expect(queued).rejects.toBe('changed my mind');
  running.abort('enough');
  await expect(long).rejects.toBe('enough');
  expect(await next).toContain('**42**');
});

it('tells of a thread that ends by itself, and begins another one', async () => {
  const room = new Workroom(new URL('data:text/javascript,process.exit(3)'), fakeClock());
  for (let i = 0; i < 2; i++)
    await expect(room.do(calculate('1 + 1'), signal())).rejects.toMatchObject({ code: 'INTERNAL' });
});

it('lets its thread go when there is nothing to do, and has one again when there is', async () => {
  const clock = fakeClock();
  const room = new Workroom(file, clock);
  await room.do(calculate('1 + 1'), signal());
  expect(clock.timers).toBe(1);
  clock.advance(IDLE_MS);
  expect(clock.timers).toBe(0);
  expect(await room.do(calculate('2 + 3'), signal())).toContain('**5**');
});

it('ends a job that wants too much memory, and goes on with the next', async () => {
  const clock = fakeClock();
  const room = new Workroom(file, clock);
  const large = room.do(calculate('range(1, 1e9)'), signal());
  const next = room.do(calculate('6 * 7'), signal());
  let ended = false;
  const look = () => {
    // Not as far as the longest time: it is the memory that ends it.
    if (!ended && clock.monotonic() < LONGEST_MS - LOOK_MS) clock.advance(1);
    if (!ended) setTimeout(look, 1);
  };
  look();
  large.catch(() => {
    ended = true;
  });
  await expect(large).rejects.toMatchObject({ code: 'LIMIT', next: expect.stringContaining('Ask for less') });
  expect(await next).toContain('**42**');
});
