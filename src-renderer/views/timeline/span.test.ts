import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOf, fitted, followed, panned, placeOf, revealed, type Span, scaled, xOf, zoomed } from './span.ts';

const lengths = fc.integer({ min: 0, max: 100_000_000 });
const widths = fc.integer({ min: 200, max: 3000 });

describe('what is in sight', () => {
  it('leads from a place to a pixel and back', () => {
    const span: Span = { from: 1000, perPx: 20, width: 800 };
    expect(xOf(span, 3000)).toBe(100);
    expect(placeOf(span, 100)).toBe(3000);
    expect(endOf(span)).toBe(17_000);
  });

  it('is all of it when it is fitted, with room for a sign at either end', () => {
    fc.assert(
      fc.property(lengths, widths, (length, width) => {
        const span = fitted(length, width);
        expect(xOf(span, 0)).toBeCloseTo(16);
        expect(xOf(span, length)).toBeLessThan(width);
      }),
    );
  });

  it('keeps what lies under the pointer while one looks closer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 600_000, max: 10_000_000 }),
        widths,
        fc.double({ min: 0.2, max: 0.8, noNaN: true }),
        (length, width, part) => {
          const span = scaled(fitted(length, width), 60_000, width / 2, length, false);
          const x = width * part;
          const before = placeOf(span, x);
          const after = zoomed(span, 3, x, length);
          expect(after.perPx).toBeCloseTo(span.perPx / 3);
          expect(Math.abs(xOf(after, before) - x)).toBeLessThan(0.5);
        },
      ),
    );
  });

  it('never loses the axis, however one pans and zooms', () => {
    const step = fc.oneof(
      fc.record({ pan: fc.integer({ min: -5000, max: 5000 }) }),
      fc.record({ zoom: fc.double({ min: 0.01, max: 100, noNaN: true }), x: fc.nat(200) }),
    );
    fc.assert(
      fc.property(lengths, widths, fc.array(step, { maxLength: 30 }), (length, width, steps) => {
        let span = fitted(length, width);
        for (const each of steps)
          span = 'pan' in each ? panned(span, each.pan, length) : zoomed(span, each.zoom, each.x, length);
        expect(xOf(span, 0)).toBeLessThanOrEqual(17);
        expect(xOf(span, length)).toBeGreaterThan(0);
        expect(span.perPx).toBeGreaterThan(0);
      }),
    );
  });

  it('follows an end once that has come so far', () => {
    const span: Span = { from: 0, perPx: 60_000 / 1000, width: 1000 };
    expect(xOf(followed(span, 10_000), 0)).toBeCloseTo(16);
    expect(xOf(followed(span, 500_000), 500_000)).toBeCloseTo(940);
  });

  it('moves no more than it has to for what is wanted', () => {
    const span: Span = { from: 10_000, perPx: 10, width: 1000 };
    expect(revealed(span, 12_000, 13_000, 100_000)).toBe(span);
    expect(xOf(revealed(span, 30_000, 31_000, 100_000), 31_000)).toBeCloseTo(960);
    expect(xOf(revealed(span, 5_000, 6_000, 100_000), 5_000)).toBeCloseTo(40);
    expect(xOf(revealed(span, 20_000, 90_000, 100_000), 20_000)).toBeCloseTo(40);
  });
});
