import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Axis } from '../../state/timeline/axis.ts';
import { fitted, xOf } from './span.ts';
import { elapsed, elapsedBriefly, pauseText, position, ticks } from './ticks.ts';

test('time since the beginning in as few signs as it takes', () => {
  expect([0, 47_000, 65_200, 10_847_000, 183_647_000].map((ms) => elapsed(ms))).toEqual([
    '0 s',
    '47 s',
    '1:05',
    '3:00:47',
    '2 d 3:00:47',
  ]);
  expect(elapsed(65_260, 1)).toBe('1:05.2');
  expect(elapsed(46_980, 2)).toBe('46.98 s');
  expect(position(47_040)).toBe('0:47.0');
  expect(position(7_300)).toBe('0:07.3');
  expect(position(65_260)).toBe('1:05.2');
  expect([1234, 4_000_500, 90_000_500].map(elapsedBriefly)).toEqual(['1.23 s', '1:06:40.5', '1 d 1:00:00']);
});

test('a pause in its largest unit', () => {
  expect([16_000, 90_000, 3_590_000, 10_800_000, 86_400_000 * 3].map(pauseText)).toEqual([
    '16 s',
    '2 min',
    '1 h',
    '3 h',
    '3 d',
  ]);
});

describe('the ticks', () => {
  const laidOut = (steps: readonly { ms: number; idle: boolean }[]) => {
    const axis = new Axis();
    let time = 1_700_000_000_000;
    axis.reach(time, true);
    for (const { ms, idle } of steps) {
      time += ms;
      axis.reach(time, idle);
    }
    return axis;
  };

  it('stand at round times', () => {
    const axis = laidOut([{ ms: 60_000, idle: false }]);
    const found = ticks(axis, { from: 0, perPx: 60_000 / 860, width: 860 });
    expect(found.map(({ label }) => label)).toEqual(['0 s', '10 s', '20 s', '30 s', '40 s', '50 s', '1:00']);
    expect(found[1]!.x).toBeCloseTo(860 / 6);
  });

  it('go on with the true time behind a pause', () => {
    const axis = laidOut([
      { ms: 20_000, idle: false },
      { ms: 3_600_000, idle: true },
      { ms: 40_000, idle: false },
    ]);
    const found = ticks(axis, { from: 0, perPx: 62_000 / 860, width: 860 });
    expect(found.map(({ label }) => label)).toEqual([
      '0 s',
      '10 s',
      '20 s',
      '1:00:30',
      '1:00:40',
      '1:00:50',
      '1:01:00',
    ]);
  });

  it('have room for their labels at any scale, and each stands where its time lies', () => {
    const steps = fc.array(fc.record({ ms: fc.nat(200_000), idle: fc.boolean() }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        steps,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 12 }),
        (all, at, closer) => {
          const axis = laidOut(all);
          const whole = fitted(axis.length, 900);
          const span = { ...whole, perPx: whole.perPx / 2 ** closer, from: at * axis.length };
          const found = ticks(axis, span);
          expect(found.length).toBeLessThanOrEqual(Math.ceil(900 / 70) + 1);
          for (const [index, tick] of found.entries())
            expect(tick.x - (found[index - 1]?.x ?? -1000)).toBeGreaterThanOrEqual(73);
          expect(xOf(span, span.from)).toBe(0);
        },
      ),
    );
  });
});
