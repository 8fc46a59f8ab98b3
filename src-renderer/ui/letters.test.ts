import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byLetters, findLetters } from './letters.ts';

test('letters that stand together come before letters apart, the beginning of a word before its inside', () => {
  expect(findLetters('Tone of the error texts', 'TE')).toEqual({ at: [18, 19], rank: 0 });
  expect(findLetters('Office rota', 'fic')).toEqual({ at: [2, 3, 4], rank: 1 });
  expect(findLetters('Retry loop after hang-up', 'rlh')).toEqual({ at: [0, 6, 17], rank: 2 });
  expect(findLetters('Ask Apollo', 'ask ap')).toMatchObject({ rank: 0 });
});

test('letters in another order are not found', () => {
  expect(findLetters('Apollo', 'oa')).toBeUndefined();
});

test('what is taken out of a text in its order is found in it, at places that hold these letters', () => {
  const text = fc.string({ minLength: 1, unit: fc.constantFrom(...'abcÄİß -') });
  fc.assert(
    fc.property(
      text.chain((all) => fc.tuple(fc.constant(all), fc.subarray(Array.from({ length: all.length }, (_, at) => at)))),
      ([all, places]) => {
        const query = places.map((at) => all.charAt(at)).join('');
        const found = findLetters(all, query);
        expect(found).toBeDefined();
        const letters = found?.at.map((at) => all.charAt(at)).join('') ?? '';
        expect(letters.replaceAll(' ', '')).toBe(query.trim().replaceAll(' ', ''));
      },
    ),
  );
});

test('a name comes before what is said about it, and words before letters apart', () => {
  const scores = (query: string) =>
    [
      ['Metis', 'Tries to break things: tests'],
      ['Terma', 'Documents'],
      ['Hermes', 'Carries messages'],
    ].map((words) => byLetters('', query, words));
  expect(scores('te')).toEqual([0.6, 1, 0]);
  expect(scores('me')).toEqual([1, 0.6, 0.8]);
  expect(scores('ms')).toEqual([0.4, 0, 0.4]);
  expect(scores('zz')).toEqual([0, 0, 0]);
});
