import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packed, tailOf, unpacked } from './ids.ts';

it('every id comes back as it was, and no two become one', () => {
  const hex = fc.stringMatching(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/);
  const id = fc.oneof(fc.uuid(), hex, fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme' }));
  fc.assert(
    fc.property(id, id, (one, other) => {
      expect(unpacked(packed(one))).toBe(one);
      const same = Buffer.isBuffer(packed(one)) === Buffer.isBuffer(packed(other));
      if (one !== other && same) expect(packed(one)).not.toEqual(packed(other));
    }),
    { numRuns: 1000 },
  );
});

it('a UUID takes 16 bytes, whatever is no UUID as we write them stays text', () => {
  expect(packed('0199a3b4-0000-7abc-8def-0123456789ab')).toEqual(
    Buffer.from('0199a3b400007abc8def0123456789ab', 'hex'),
  );
  const others = [
    '0199A3B4-0000-7ABC-8DEF-0123456789AB',
    '0199a3b400007abc8def0123456789ab',
    '0199a3b4-0000-7abc-8def-0123456789ab ',
    '0199a3b4-0000-7abc-8def-0123456789ab\n',
    'system',
  ];
  for (const other of others) expect(packed(other)).toBe(other);
});

it('the end of an id is a whole number of 32 bits: of a UUID its last ones, of others a hash', () => {
  expect(tailOf('0199a3b4-0000-7abc-8def-0123456789ab')).toBe(0x456789ab);
  expect(tailOf('0199a3b4-0000-7abc-8def-0123ffffffff')).toBe(-1);
  // FNV-1a of the same bytes.
  expect([tailOf(''), tailOf('a'), tailOf('foobar')]).toEqual([0x811c9dc5 | 0, 0xe40c292c | 0, 0xbf9cf968 | 0]);
});
