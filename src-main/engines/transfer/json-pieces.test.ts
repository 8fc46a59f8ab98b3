import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonPieces, MOST_BYTES } from './json-pieces.ts';
import { Wrong } from './wrong.ts';

/** The object again, from what was told of it. */
function read(chunks: readonly Buffer[], lists: string[] = ['list']): Record<string, unknown> {
  const told: Record<string, unknown> = Object.create(null);
  const json = new JsonPieces(lists, {
    field: (name, value) => {
      told[name] = value;
    },
    list: (name) => {
      told[name] = [];
    },
    element: (name, index, value) => {
      expect((told[name] as unknown[]).push(value)).toBe(index + 1);
    },
  });
  for (const chunk of chunks) json.push(chunk);
  json.end();
  return told;
}

const inChunks = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, nth) => bytes.subarray(nth * size, (nth + 1) * size));

const wrongIn = (text: string | Buffer, lists?: string[]) => {
  try {
    read([Buffer.from(text as string)], lists);
  } catch (error) {
    if (error instanceof Wrong) return `${error.place}: ${error.message}`;
    throw error;
  }
  return undefined;
};

describe('JSON in pieces', () => {
  it('tells what JSON.parse tells, in whatever chunks it comes', () => {
    const value = fc.dictionary(
      fc.constantFrom('list', 'a', 'b "c"', '\\', 'ä€𝄞', '__proto__'),
      fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())),
    );
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 40 }), fc.constantFrom(undefined, 2), (object, size, space) => {
        const { list, ...rest } = object;
        const whole = { ...rest, list: Array.isArray(list) ? list : [list ?? null] };
        const text = JSON.stringify(whole, null, space);
        const told = read(inChunks(Buffer.from(text), size));
        expect(JSON.stringify(told)).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('says where a file was cut off, wherever that is', () => {
    const text = '{"a": "b\\"c", "list": [{"x": [1, 2]}, "y", 12], "z": null}';
    for (let length = 0; length < text.length; length++) {
      const wrong = wrongIn(text.slice(0, length));
      expect(wrong).toMatch(/the file (ends here, in the midst of it|is empty)$/);
    }
    expect(wrongIn(text.slice(0, 30))).toBe('list[0]: the file ends here, in the midst of it');
  });

  it.each([
    ['[]', ': it is no object of JSON'],
    ['{"a": }', 'a: this is not JSON'],
    ['{"a": 1,}', 'after a: this is not JSON'],
    ['{"a": 01}', 'a: this is not JSON'],
    ['{"a": [1 2]}', 'a: this is not JSON'],
    ['{"list": [1,]}', 'list[1]: this is not JSON'],
    ['{"list": {}}', 'list: must be a list'],
    ['{"a": 1} x', ': something follows after its end'],
    ['{"a": 1, "a": 2}', 'a: is there twice'],
    [`{"${'n'.repeat(2_000)}": 1}`, ': the name of a field is too long'],
    [`{"list": [${'['.repeat(100_000)}`, 'list[0]: is more than 64 deep'],
    [`{"a": ${'{"a":'.repeat(100_000)}`, 'a: is more than 64 deep'],
  ])('refuses %.30s', (text, wrong) => {
    expect(wrongIn(text)).toBe(wrong);
  });

  it('refuses what is not UTF-8', () => {
    expect(wrongIn(Buffer.from('{"a": "\u00e4"}', 'latin1'))).toBe('a: is not UTF-8');
    expect(wrongIn(Buffer.from('\ufeff{"a": 1}', 'utf16le'))).toBe(': it is not UTF-8');
    expect(wrongIn(Buffer.from('{"a": 1}', 'utf16le'))).toBe(': it is not UTF-8');
    expect(wrongIn('\ufeff{"a": 1}')).toBeUndefined();
  });

  it('holds no more of an endless value than its bound', () => {
    const json = new JsonPieces([], { field() {}, list() {}, element() {} });
    json.push(Buffer.from('{"a": "'));
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let pushed = 0;
    expect(() => {
      for (; pushed < 10 * MOST_BYTES; pushed += chunk.length) json.push(chunk);
    }).toThrow('is longer than 16 MB');
    expect(pushed).toBeLessThan(MOST_BYTES + chunk.length);
  });
});
