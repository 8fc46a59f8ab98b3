import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PackedRow } from './apart.ts';
import { pack, unpack } from './block.ts';

const none = () => {
  throw new Error('There is no dictionary.');
};

const rows = (all: readonly string[]): PackedRow[] =>
  all.map((data, index) => ({
    seq: 7 + 3 * index,
    type: 1 + (index % 4),
    version: 1,
    at: 1_767_600_000_000 + index,
    data,
  }));

const turn = (index: number) =>
  JSON.stringify({
    turn: `0199c0de-0000-7000-8000-${String(index).padStart(12, '0')}`,
    hash: 'u0y2b9Xo1jE4qV7mC5tRz8kLw3nHs6dPfGaQiYcTxNM',
    text: `Answer ${index}: it is kept as it was said, with "quotes", Grüße, 語 and 😀, again and again.`,
    track: Array.from({ length: 90 }, (_, at) => (at % 3) + index),
    timing: { queuedMs: 0.2, firstTokenMs: 300.125 + index, tokensPerSecond: 1 / 3 },
    parts: [],
    finish: null,
    buffered: false,
  });

describe('a block', () => {
  it('gives back the rows that were packed, whatever their JSON is', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.uuid(),
      fc.constant('\ud800'),
      fc.constant('\x01\n\x07\t'),
      fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    );
    const number = fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger(), fc.constant(-0), fc.constant(0.1 + 0.2));
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        text,
        number,
        fc.boolean(),
        fc.constant(null),
        fc.array(fc.maxSafeInteger()),
        fc.array(tie('any')),
        fc.dictionary(text, tie('any')),
      ),
    })).any;
    const json = fc.oneof(
      value.map((each) => JSON.stringify(each)),
      fc.constant('{"a" : 1}'),
      fc.constant('{"a":'),
      fc.constant(''),
      fc.constant('{"b":1,"2":1}'),
    );
    const row = fc.record({
      seq: fc.nat(2 ** 31),
      type: fc.integer({ min: 1, max: 3 }),
      version: fc.integer({ min: 1, max: 2 }),
      at: fc.integer({ min: -(2 ** 45), max: 2 ** 45 }),
      data: json,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (all) => {
        expect(unpack(await pack(all), none)).toEqual(all);
      }),
      { numRuns: 150 },
    );
  });

  it('of turns is less than a third of their JSON, and less again with what many blocks have in common', async () => {
    const all = rows(Array.from({ length: 40 }, (_, index) => turn(index)));
    const plain = await pack(all);
    expect(plain.length).toBeLessThan(all.reduce((sum, { data }) => sum + data.length, 0) / 3);
    const few = all.slice(0, 2);
    const dictionary = { id: 9, data: Buffer.from(all[30]!.data) };
    const packed = await pack(few, dictionary);
    expect(packed.length).toBeLessThan((await pack(few)).length - 100);
    expect(unpack(packed, (id) => (id === 9 ? dictionary.data : none()))).toEqual(few);
  });

  it('takes half as much for a hash of 16 bytes, and holds as text what only looks like one', async () => {
    const digests = (bytes: number) =>
      Array.from({ length: 60 }, (_, index) => createHash('sha256').update(`${index}`).digest().subarray(0, bytes));
    const holding = (bytes: number) =>
      rows(digests(bytes).map((each) => JSON.stringify({ digest: each.toString('base64url') })));
    const sizes = await Promise.all([16, 32].map(async (bytes) => (await pack(holding(bytes))).length));
    expect(sizes[1]! - sizes[0]!).toBeGreaterThanOrEqual(60 * 16 - 8);
    const [whole, half] = [holding(32), holding(16)];
    const again = [half[0]!, whole[3]!, half[1]!, half[0]!, whole[3]!];
    const alike = JSON.stringify({ digest: 'AAAAAAAAAAAAAAAAAAAAAB', other: 'AAAAAAAAAAAAAAAAAAAAAQ', tab: '\t' });
    const all = rows([...again.map(({ data }) => data), alike, alike]);
    expect(unpack(await pack(all), none)).toEqual(all);
  });

  it('of the first way is read as it was', async () => {
    const all = rows([turn(1), turn(2), turn(3)]);
    const block = await pack(all);
    expect(block[0]).toBe(2);
    expect(unpack(Buffer.from([1, ...block.subarray(1)]), none)).toEqual(all);
  });

  it('holds texts of any length', async () => {
    const all = rows([
      'x'.repeat(3_000_000),
      JSON.stringify({ text: '語'.repeat(200_000) }),
      JSON.stringify({ text: '' }),
    ]);
    expect(unpack(await pack(all), none)).toEqual(all);
  });

  it('that is damaged, cut off or packed in an unknown way is not read', async () => {
    const block = await pack(rows([turn(1), turn(2)]));
    expect(() => unpack(Buffer.from([3, ...block.subarray(1)]), none)).toThrow('packed in way 3');
    expect(() => unpack(block.subarray(0, block.length - 20), none)).toThrow();
    expect(() => unpack(Buffer.alloc(0), none)).toThrow();
  });
});
