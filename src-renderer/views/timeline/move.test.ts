import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item, Lane } from '../../state/timeline/lanes.ts';
import { itemAt, moved, nearest, newest, timeOf } from './move.ts';

const lane = (...times: number[]): Lane => ({
  key: '',
  speaker: null,
  items: times.map((time) => ({ kind: 'message', seq: time, time, index: 0, node: null, words: '' })),
  rows: [],
  retries: 0,
  seams: 0,
  broken: [],
});

describe('the keyboard', () => {
  const lanes = [lane(10, 50, 90), lane(), lane(20, 60), lane(55)];

  it('moves in time within a lane, and stays at its ends', () => {
    expect(moved(lanes, { lane: 0, index: 0 }, 'ArrowRight')).toEqual({ lane: 0, index: 1 });
    expect(moved(lanes, { lane: 0, index: 2 }, 'ArrowRight')).toEqual({ lane: 0, index: 2 });
    expect(moved(lanes, { lane: 0, index: 0 }, 'ArrowLeft')).toEqual({ lane: 0, index: 0 });
    expect(moved(lanes, { lane: 0, index: 1 }, 'End')).toEqual({ lane: 0, index: 2 });
    expect(moved(lanes, { lane: 0, index: 1 }, 'Home')).toEqual({ lane: 0, index: 0 });
  });

  it('moves to what was at that time in the next lane that has something', () => {
    expect(moved(lanes, { lane: 0, index: 1 }, 'ArrowDown')).toEqual({ lane: 2, index: 0 });
    expect(moved(lanes, { lane: 0, index: 2 }, 'ArrowDown')).toEqual({ lane: 2, index: 1 });
    expect(moved(lanes, { lane: 2, index: 0 }, 'ArrowDown')).toEqual({ lane: 3, index: 0 });
    expect(moved(lanes, { lane: 3, index: 0 }, 'ArrowDown')).toEqual({ lane: 3, index: 0 });
    expect(moved(lanes, { lane: 2, index: 1 }, 'ArrowUp')).toEqual({ lane: 0, index: 1 });
    expect(moved(lanes, { lane: 0, index: 0 }, 'ArrowUp')).toEqual({ lane: 0, index: 0 });
  });

  it('begins at the newest', () => {
    expect(newest(lanes)).toEqual({ lane: 0, index: 2 });
    expect(newest([lane(), lane()])).toBeNull();
  });

  it('reaches everything from anywhere and never leaves the lanes', () => {
    const some = fc.array(fc.array(fc.nat(1000), { maxLength: 12 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        some,
        fc.array(fc.constantFrom('ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End')),
        (times, keys) => {
          const all = times.map((each) => lane(...[...each].sort((a, b) => a - b)));
          let at = newest(all);
          if (at === null) return;
          for (const key of keys) {
            at = moved(all, at, key);
            expect(itemAt(all, at)).toBeDefined();
          }
        },
      ),
    );
  });

  it('finds the last that had begun', () => {
    const { items } = lanes[0]!;
    expect([5, 10, 49, 50, 1000].map((time) => timeOf(items[nearest(items, time)] as Item))).toEqual([
      10, 10, 10, 50, 90,
    ]);
    expect(nearest([], 5)).toBe(-1);
  });
});
