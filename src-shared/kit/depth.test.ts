import { expect, it } from 'vitest';
import { isDeeper } from './depth.ts';

const deep = (levels: number): unknown => JSON.parse(`${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`);

it('counts lists and objects that lie in one another, wherever they are', () => {
  expect([isDeeper('text', 0), isDeeper(null, 0), isDeeper([], 0)]).toEqual([false, false, true]);
  expect([isDeeper([1, { a: 'b' }, null], 2), isDeeper([1, { a: 'b' }, null], 1)]).toEqual([false, true]);
  expect([isDeeper({ flat: [1, 2], deep: deep(100) }, 101), isDeeper({ flat: [1, 2], deep: deep(100) }, 100)]).toEqual([
    false,
    true,
  ]);
});

it('is not brought down by what is deeper than any stack', () => {
  expect(isDeeper(deep(200_000), 100_000)).toBe(true);
});
