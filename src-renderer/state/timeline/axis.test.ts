import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Axis, FOLDED_MS, PAUSE_MS } from './axis.ts';

const steps = fc.array(fc.record({ ms: fc.nat(120_000), idle: fc.boolean() }), { minLength: 1, maxLength: 60 });

function laidOut(all: readonly { ms: number; idle: boolean }[], start = 1_700_000_000_000) {
  const axis = new Axis();
  let time = start;
  axis.reach(time, true);
  for (const { ms, idle } of all) {
    time += ms;
    axis.reach(time, idle);
  }
  return { axis, start, end: time };
}

describe('the axis', () => {
  it('folds what is longer than a pause, and only when nothing ran', () => {
    const { axis, start } = laidOut([
      { ms: 10_000, idle: true },
      { ms: 3 * 3_600_000, idle: true },
      { ms: 5_000, idle: true },
      { ms: 60_000, idle: false },
      { ms: PAUSE_MS, idle: true },
    ]);
    expect(axis.pauses).toEqual([{ from: start + 10_000, to: start + 10_000 + 3 * 3_600_000, place: 10_000 }]);
    expect(axis.length).toBe(10_000 + FOLDED_MS + 5_000 + 60_000 + PAUSE_MS);
    expect(axis.pauseAt(10_000 + FOLDED_MS / 2)).toBe(axis.pauses[0]);
    expect(axis.pauseAt(10_000 + FOLDED_MS)).toBeUndefined();
  });

  it('leads from a moment to a place and back, in order', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (all, at) => {
        const { axis, start, end } = laidOut(all);
        const times = [start, ...at.map((part) => start + part * (end - start)), end].sort((a, b) => a - b);
        const places = times.map((time) => axis.place(time));
        for (const [index, place] of places.entries()) {
          expect(axis.time(place)).toBeCloseTo(times[index]!, 0);
          expect(place).toBeGreaterThanOrEqual(places[index - 1] ?? 0);
        }
        expect(places.at(-1)).toBe(axis.length);
      }),
    );
  });

  it('keeps every place that it has told while it grows, and what it leaves out is what it folds', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const axis = new Axis();
        const told: [time: number, place: number][] = [];
        let time = 5;
        axis.reach(time, true);
        for (const { ms, idle } of all) {
          time += ms;
          axis.reach(time, idle);
          told.push([time, axis.length]);
        }
        for (const [moment, place] of told) expect(axis.place(moment)).toBe(place);
        const folded = axis.pauses.reduce((sum, { from, to }) => sum + to - from - FOLDED_MS, 0);
        expect(axis.length + folded).toBe(axis.end - axis.start);
        expect(axis.between(0, axis.length)).toEqual(axis.pauses);
      }),
    );
  });
});
