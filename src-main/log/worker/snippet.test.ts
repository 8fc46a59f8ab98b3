import fc from 'fast-check';
import { expect, test } from 'vitest';
import { terms } from '../words.ts';
import { snippet } from './snippet.ts';

const shown = (text: string, query: string) =>
  snippet(text, terms(query))
    .map(({ text: piece, hit }) => (hit ? `[${piece}]` : piece))
    .join('');

test('what was looked for is marked, folded as in the index', () => {
  expect(shown('The Café in Málaga.', 'cafe mala')).toBe('The [Café] in [Málaga].');
  expect(shown('Große Straßen', 'STRASS')).toBe('Große [Straßen]');
  expect(shown('今日は天気がいいですね', '天気')).toBe('今日は[天気]がいいですね');
  expect(shown('cafe\u0301 and café', 'café')).toBe('[cafe\u0301] and [café]');
});

test('a phrase is marked as a whole, and its words alone are not', () => {
  expect(shown('Apples are green; green apples are not.', '"green apples"')).toBe(
    'Apples are green; [green apples] are not.',
  );
});

test('of a long text the stretch is shown in which most of it stands closest together', () => {
  const filler = 'word '.repeat(200);
  const text = `apples ${filler}pears ${filler}here apples and pears meet ${filler}apples`;
  const found = shown(text, 'apples pears');
  expect(found).toMatch(/^…(word )+here \[apples\] and \[pears\] meet (word ?)+…$/);
  expect(found.length).toBeLessThan(180);
});

test('line breaks and runs of spaces become one space, also beside marks', () => {
  expect(shown('\n\n  A list:\n\n- apples \n\n  - pears\n', 'apples')).toBe('A list: - [apples] - pears ');
  expect(shown('one\n\napples', 'apples')).toBe('one [apples]');
});

test('what cannot be marked shows the beginning', () => {
  expect(shown('Nothing of that here.', 'apples')).toBe('Nothing of that here.');
  expect(shown('x'.repeat(500), 'apples')).toBe(`${'x'.repeat(160)}…`);
  expect(snippet('', terms('apples'))).toEqual([]);
});

test('no sign is ever cut in two, and the pieces are the text', () => {
  const sign = fc.constantFrom('🦦', '👩🏽‍🚀', 'e\u0301', 'é', 'apples', ' ', ' ', '\n', '天', 'ß', 'a', '-', '𝔘');
  fc.assert(
    fc.property(
      fc.array(sign, { maxLength: 400 }),
      fc.constantFrom('apples', '天', '𝔘', 'e', 'ss a'),
      (signs, query) => {
        const text = signs.join('');
        const pieces = snippet(text, terms(query));
        const whole = pieces.map((piece) => piece.text).join('');
        expect(whole.isWellFormed()).toBe(true);
        const flat = (value: string) => value.replace(/\s+/gu, ' ').trim();
        expect(flat(text)).toContain(flat(whole.replace(/^…|…$/gu, '')));
        expect(whole).not.toMatch(/^…[\p{M}\u200d]/u);
        for (const { text: piece, hit } of pieces) if (hit) expect(piece.trim()).toBe(piece);
      },
    ),
    { numRuns: 500 },
  );
});
