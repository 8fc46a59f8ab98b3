import { EventEmitter } from 'node:events';
import { beforeEach, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import { watchPage } from './page-life.ts';
import { Restarts } from './restarts.ts';

let clock: FakeClock;
let told: string[];
let contents: EventEmitter;
beforeEach(() => {
  clock = fakeClock();
  told = [];
  contents = new EventEmitter();
  watchPage(contents, {
    restarts: new Restarts(clock),
    left: (why) => told.push(`left: ${why}`),
    shows: (hash) => told.push(`shows ${hash}`),
    reload: (reason) => told.push(`reload: ${reason}`),
    broken: (reason) => told.push(`broken: ${reason}`),
  });
});

const navigates = (url: string, { isMainFrame = true, isSameDocument = false } = {}) =>
  contents.emit('did-start-navigation', { url, isMainFrame, isSameDocument });
const ends = (reason: string) => contents.emit('render-process-gone', {}, { reason });

it('loses its port when it is loaded anew, and not when a link is refused or only the hash changes', () => {
  navigates('https://example.org/');
  navigates('app://choragus/#/settings', { isSameDocument: true });
  navigates('app://choragus/', { isMainFrame: false });
  expect(told).toEqual([]);
  navigates('app://choragus/#/settings');
  expect(told).toEqual(['left: The page is loaded anew.']);
});

it('tells what it shows', () => {
  contents.emit('did-navigate-in-page', {}, 'app://choragus/#/conversations/a', true);
  contents.emit('did-navigate-in-page', {}, 'app://choragus/#/frame', false);
  expect(told).toEqual(['shows #/conversations/a']);
});

it('is loaded again after a crash, but not without end', () => {
  for (let crash = 0; crash < 4; crash++) ends('crashed');
  expect(told.filter((each) => !each.startsWith('left'))).toEqual([
    'reload: crashed',
    'reload: crashed',
    'reload: crashed',
    'broken: crashed',
  ]);
  clock.advance(60_000);
  ends('oom');
  expect(told.at(-1)).toBe('reload: oom');
  expect(told.filter((each) => each.startsWith('left'))).toHaveLength(5);
});

it('only leaves when its process ended as it should', () => {
  ends('clean-exit');
  expect(told).toEqual(['left: The page ended.']);
});
