import { expect, test } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { Toasts } from './toasts.ts';

const world = () => {
  const clock = fakeClock();
  const toasts = new Toasts((ms, run) => clock.after(ms, run));
  return { clock, toasts, texts: () => toasts.store.getState().toasts.map(({ text }) => text) };
};

test('a toast stays six seconds, and no timer stays behind', () => {
  const { clock, toasts, texts } = world();
  toasts.show('Moved to the trash');
  clock.advance(5999);
  expect(texts()).toEqual(['Moved to the trash']);
  clock.advance(1);
  expect([texts(), clock.timers]).toEqual([[], 0]);
});

test('it stays while somebody is at it, then six seconds more', () => {
  const { clock, toasts, texts } = world();
  toasts.show('Archived');
  const [toast] = toasts.store.getState().toasts;
  toasts.hold(toast!.id);
  clock.advance(60_000);
  expect(texts()).toEqual(['Archived']);
  toasts.release(toast!.id);
  clock.advance(6000);
  expect(texts()).toEqual([]);
});

test('there are two at most: the oldest makes room', () => {
  const { clock, toasts, texts } = world();
  for (const text of ['one', 'two', 'three']) toasts.show(text);
  expect(texts()).toEqual(['two', 'three']);
  expect(clock.timers).toBe(2);
});
