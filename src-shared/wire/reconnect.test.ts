import { expect, it } from 'vitest';
import { Problem } from '../domain/problem.ts';
import { fakeClock } from '../kit/testing/clock.ts';
import { GENTLE, LOCAL, Reconnect, type Schedule, type Try } from './reconnect.ts';

const down = new Problem('DISCONNECTED', 'Nobody is there.');

function setUp(schedule: Schedule) {
  const clock = fakeClock();
  const tries: Try[] = [];
  const reconnect = new Reconnect({
    dial: (attempt) => tries.push(attempt),
    clock,
    random: () => 1,
    schedule,
    changed: () => {},
  });
  reconnect.start();
  const waits: number[] = [];
  /** The last try fails; the waits until the next one pass. */
  const fail = () => {
    tries.at(-1)!.failed(down);
    const wait = (reconnect.state.retryAt ?? clock.now()) - clock.now();
    waits.push(wait);
    clock.advance(wait);
  };
  return { clock, tries, reconnect, waits, fail };
}

it('on the same computer it tries every 40 ms for ten seconds, then twice as late each time, up to a bound', () => {
  const { waits, fail } = setUp(LOCAL);
  for (let i = 0; i < 270; i++) fail();
  expect(waits.slice(0, 3)).toEqual([0, 40, 40]);
  expect(waits.filter((wait) => wait === 40)).toHaveLength(250);
  expect(waits.slice(250, 255)).toEqual([40, 80, 160, 320, 640]);
  expect(waits.at(-1)).toBe(LOCAL.mostMs);
});

it('with people on the other side it waits twice as long from the beginning', () => {
  const { waits, fail } = setUp(GENTLE);
  for (let i = 0; i < 5; i++) fail();
  expect(waits).toEqual([0, 250, 500, 1000, 2000]);
});

it('comes back at once after each loss of a connection that lived, and not at full speed when none lives', () => {
  const { clock, tries, reconnect } = setUp(LOCAL);
  for (let round = 1; round <= 5; round++) {
    tries.at(-1)!.connected();
    clock.advance(LOCAL.stableMs);
    reconnect.lost(down);
    expect(tries).toHaveLength(round + 1);
  }
  tries.at(-1)!.connected();
  reconnect.lost(down);
  expect(tries).toHaveLength(6);
  clock.advance(40);
  expect(tries).toHaveLength(7);
});

it('begins its waits anew after a connection that lived', () => {
  const { clock, tries, reconnect, waits, fail } = setUp(LOCAL);
  for (let i = 0; i < 260; i++) fail();
  tries.at(-1)!.connected();
  clock.advance(LOCAL.stableMs);
  waits.length = 0;
  reconnect.lost(down);
  for (let i = 0; i < 3; i++) fail();
  expect(waits).toEqual([40, 40, 40]);
});
