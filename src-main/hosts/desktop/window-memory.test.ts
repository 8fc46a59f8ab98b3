import { beforeEach, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import { WindowMemory } from './window-memory.ts';
import type { WindowState } from './window-state.ts';

const state = (hash: string): WindowState => ({
  bounds: { x: 0, y: 0, width: 800, height: 600 },
  maximised: false,
  hash,
});

let clock: FakeClock;
let written: string[][];
let failures: unknown[];
let failing: Error | undefined;
let memory: WindowMemory;
beforeEach(() => {
  clock = fakeClock();
  [written, failures, failing] = [[], [], undefined];
  memory = new WindowMemory({
    clock,
    write(states) {
      if (failing !== undefined) throw failing;
      written.push(states.map(({ hash }) => hash));
    },
    failed: (error) => failures.push(error),
  });
});

it('writes once for many changes, and nothing ticks afterwards', () => {
  memory.set(1, state('#a'));
  for (let step = 0; step < 100; step++) memory.set(2, state(`#${step}`));
  clock.advance(1000);
  expect(written).toEqual([['#a', '#99']]);
  expect(clock.timers).toBe(0);
});

it('forgets a window that was closed while others are open', () => {
  memory.set(1, state('#a'));
  memory.set(2, state('#b'));
  memory.close(1);
  clock.advance(1000);
  expect(written).toEqual([['#b']]);
});

it('keeps the last one, until another opens', () => {
  memory.set(1, state('#a'));
  memory.close(1);
  clock.advance(1000);
  expect(written.at(-1)).toEqual(['#a']);
  memory.set(2, state('#b'));
  clock.advance(1000);
  expect(written.at(-1)).toEqual(['#b']);
});

it('keeps all that is open when the app ends, although each window closes then', () => {
  memory.set(1, state('#a'));
  memory.set(2, state('#b'));
  memory.keep();
  memory.close(1);
  memory.close(2);
  clock.advance(1000);
  expect(written).toEqual([['#a', '#b']]);
});

it('tells when it cannot be written, and goes on', () => {
  failing = new Error('the disk is full');
  memory.set(1, state('#a'));
  clock.advance(1000);
  expect(failures).toEqual([failing]);
  failing = undefined;
  memory.set(1, state('#b'));
  clock.advance(1000);
  expect(written).toEqual([['#b']]);
});
