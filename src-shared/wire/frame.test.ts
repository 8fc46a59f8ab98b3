import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_FRAME } from '../contract/contract.ts';
import { decode, encode, fits, portions } from './frame.ts';

/** Texts of up to some 800 kB, of one to six bytes a unit. */
const text = fc
  .record({ piece: fc.constantFrom('x', '\u0001', 'ß', '€', '🎭', '\ud800', '"\\'), times: fc.nat({ max: 130_000 }) })
  .map(({ piece, times }) => piece.repeat(times));
const size = (frame: string) => Buffer.byteLength(frame);

function read(frames: string[]): unknown[] {
  const values: unknown[] = [];
  for (const frame of frames)
    decode(frame, {
      message: (batch) => values.push(...batch),
      garbled: (_code, message) => expect.unreachable(message),
      drained: () => {},
      closed: () => {},
    });
  return values;
}

describe('frames', () => {
  it('carry any batch whole and in order, none over the limit', () => {
    const carries = fc.property(fc.array(fc.record({ text }), { minLength: 1, maxLength: 12 }), (batch) => {
      const frames = encode(batch);
      for (const frame of frames) expect(size(frame)).toBeLessThanOrEqual(MAX_FRAME);
      expect(read(frames)).toEqual(JSON.parse(JSON.stringify(batch)));
    });
    fc.assert(carries, { numRuns: 60 });
  });

  it('are as few as possible: one for what fits one', () => {
    expect(encode([{ a: 1 }])).toEqual(['{"a":1}']);
    expect(encode([1, [2]])).toEqual(['[1,[2]]']);
    const half = 'x'.repeat(MAX_FRAME / 2 - 10);
    expect(encode([half, half]).length).toBe(1);
    expect(encode([half, half, half]).length).toBe(2);
  });

  it('are measured in bytes of UTF-8, to the byte', () => {
    const seen = (frame: unknown) => {
      let code = 'message';
      decode(frame, {
        message: () => {},
        garbled: (what) => {
          code = what;
        },
        drained: () => {},
        closed: () => {},
      });
      return code;
    };
    for (const unit of ['x', 'ß', '€', '🎭']) {
      const room = MAX_FRAME - 2;
      const full = unit.repeat(Math.floor(room / size(unit))) + 'x'.repeat(room % size(unit));
      expect([seen(`"${full}"`), seen(`"${full}x"`)]).toEqual(['message', 'FRAME_TOO_LARGE']);
    }
  });

  it('are foreseen: what fits is never over the limit with its message around it, and little that would fit is refused', () => {
    const foreseen = fc.property(fc.array(text, { maxLength: 4 }), (result) => {
      const frame = JSON.stringify({ jsonrpc: '2.0', id: '\u0001'.repeat(100), result });
      if (fits(result)) expect(size(frame)).toBeLessThanOrEqual(MAX_FRAME);
      else expect(size(frame)).toBeGreaterThan(MAX_FRAME - 1024);
    });
    fc.assert(foreseen, { numRuns: 60 });
  });

  it('take items in portions that fit, up to one that never will', () => {
    const cut = fc.property(fc.array(text, { minLength: 1, maxLength: 12 }), (items) => {
      const { groups, ok } = portions(items);
      expect(ok).toBe(true);
      expect(groups.flat()).toEqual(items);
      for (const group of groups) expect(size(JSON.stringify(group))).toBeLessThan(MAX_FRAME - 1000);
    });
    fc.assert(cut, { numRuns: 60 });
    expect(portions(['a', 'x'.repeat(MAX_FRAME), 'b'])).toEqual({ groups: [['a']], ok: false });
  });
});
