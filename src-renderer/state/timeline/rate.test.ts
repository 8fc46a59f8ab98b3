import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rate, SLICE_MS } from './rate.ts';

describe('the rate', () => {
  it('sums any stretch as if it had looked at every token', () => {
    const came = fc.record({ place: fc.nat(2_000_000), tokens: fc.integer({ min: -50, max: 500 }) });
    fc.assert(
      fc.property(fc.array(came, { maxLength: 200 }), fc.nat(2_100_000), fc.nat(100_000), (all, from, span) => {
        const rate = new Rate();
        for (const { place, tokens } of all) rate.add(place, tokens);
        const first = Math.floor(from / SLICE_MS);
        const end = Math.max(first + 1, Math.ceil((from + span) / SLICE_MS));
        const inside = all.filter(({ place }) => {
          const slice = Math.floor(place / SLICE_MS);
          return slice >= first && slice < end;
        });
        const sum = inside.reduce((total, { tokens }) => total + tokens, 0);
        expect(rate.between(from, from + span)).toBeCloseTo((sum * 1000) / ((end - first) * SLICE_MS), 6);
        expect(rate.until(3_000_000)).toBe(all.reduce((total, { tokens }) => total + tokens, 0));
      }),
    );
  });

  it('takes a peak over a second, so that a burst is no speed', () => {
    const rate = new Rate();
    rate.add(0, 100);
    expect(rate.peak).toBe(100);
    for (let place = 10_000; place < 12_000; place += SLICE_MS) rate.add(place, 40);
    expect(rate.peak).toBe(160);
    rate.add(10_250, -40);
    expect(rate.peak).toBe(160);
    rate.add(11_000, -40);
    expect(rate.peak).toBe(120);
  });
});
