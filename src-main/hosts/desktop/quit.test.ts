import { beforeEach, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import { Quit, type QuitChoice } from './quit.ts';

let clock: FakeClock;
let running: number;
let told: string[];
let choose: (choice: QuitChoice) => Promise<void>;
let closed: (error?: Error) => Promise<void>;
let quit: Quit;
beforeEach(() => {
  clock = fakeClock();
  running = 0;
  told = [];
  quit = new Quit({
    clock,
    running: () => running,
    ask(turns) {
      told.push(`asked about ${turns}`);
      const { promise, resolve } = Promise.withResolvers<QuitChoice>();
      choose = (choice) => {
        resolve(choice);
        return settle();
      };
      return promise;
    },
    stay: () => told.push('stays'),
    close(drainMs) {
      told.push(`closes, ${drainMs} ms`);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      closed = (error) => {
        if (error === undefined) resolve();
        else reject(error);
        return settle();
      };
      return promise;
    },
    exit: (code, again) => told.push(`exits ${code}${again ? ', to start again' : ''}`),
    failed: (error) => told.push(`failed: ${(error as Error).message}`),
  });
});
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

it('quits without a question while nothing runs, once all is closed', async () => {
  quit.wish();
  expect(told).toEqual(['closes, 0 ms']);
  await closed();
  expect(told).toEqual(['closes, 0 ms', 'exits 0']);
});

it('asks while turns run, and only once', () => {
  running = 2;
  quit.wish();
  quit.wish();
  expect(told).toEqual(['asked about 2']);
});

it('stays when the user would rather not, and asks again the next time', async () => {
  running = 1;
  quit.wish();
  await choose('cancel');
  quit.wish();
  expect(told).toEqual(['asked about 1', 'stays', 'asked about 1']);
});

it('leaves the running turns interrupted when told to quit now', async () => {
  running = 1;
  quit.wish();
  await choose('now');
  expect(told).toEqual(['asked about 1', 'closes, 0 ms']);
});

it('waits for the running turns, then quits', async () => {
  running = 2;
  quit.wish();
  await choose('finish');
  clock.advance(60_000);
  running = 1;
  clock.advance(60_000);
  expect(told).toEqual(['asked about 2']);
  running = 0;
  clock.advance(1000);
  expect(told).toEqual(['asked about 2', 'closes, 0 ms']);
  await closed();
  expect(told.at(-1)).toBe('exits 0');
});

it('quits now at a second wish while the turns finish, and looks at them no more', async () => {
  running = 1;
  quit.wish();
  await choose('finish');
  quit.wish();
  expect(told).toEqual(['asked about 1', 'closes, 0 ms']);
  await closed();
  expect(told.filter((each) => each.startsWith('closes'))).toHaveLength(1);
  // What still waits is the end that is cut off.
  expect(clock.timers).toBe(1);
});

it('goes on finishing the turns when the last window closes meanwhile', async () => {
  running = 1;
  quit.alone();
  await choose('finish');
  quit.alone();
  clock.advance(60_000);
  expect(told).toEqual(['asked about 1']);
  running = 0;
  clock.advance(1000);
  expect(told).toEqual(['asked about 1', 'closes, 0 ms']);
});

it('stays after all when the app is opened again while the turns finish', async () => {
  running = 1;
  quit.wish();
  await choose('finish');
  expect(quit.wanted()).toBe(true);
  running = 0;
  clock.advance(60_000);
  expect(told).toEqual(['asked about 1']);
  expect(clock.timers).toBe(0);
});

it('starts again after an end during which somebody wanted the app', async () => {
  expect(quit.wanted()).toBe(true);
  quit.wish();
  expect(quit.wanted()).toBe(false);
  expect(told).toEqual(['closes, 0 ms']);
  await closed();
  expect(told).toEqual(['closes, 0 ms', 'exits 0, to start again']);
});

it('ends without a question when the system wants it, and an answer that comes later changes nothing', async () => {
  running = 1;
  quit.wish();
  quit.end(3000);
  quit.end(0);
  await choose('cancel');
  quit.wish();
  expect(told).toEqual(['asked about 1', 'closes, 3000 ms']);
});

it('cuts off an end that takes too long', () => {
  quit.wish();
  clock.advance(10_000);
  expect(told).toEqual(['closes, 0 ms', 'exits 1']);
});

it('tells what could not be closed', async () => {
  quit.wish();
  await closed(new Error('the disk is full'));
  expect(told).toEqual(['closes, 0 ms', 'failed: the disk is full']);
});
