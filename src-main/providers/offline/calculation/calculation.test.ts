import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALCULATION_LINE } from '../work-models.ts';
import { calculation } from './calculation.ts';

const ask = (text: string, earlier: string[] = []) => calculation({ text, earlier });
const result = (text: string, earlier: string[] = []) => /\*\*(.*)\*\*/.exec(ask(text, earlier) ?? '')?.[1];

it.each([
  ['What is 12 * 7?', '84'],
  ['(3 + 4) * 2^5', '224'],
  ['5 + 3 =', '8'],
  ['5!', '120'],
  ['0.1 + 0.2', '0.3'],
  ['2 plus 2', '4'],
  ['15 % of 80', '12'],
  ['20% off 50', '40'],
  ['1,234,567 * 2', '2469134'],
  ['what is the square root of 144?', '12'],
  ['√2 × √2', '2'],
  ['mean(2, 4, 9)', '5'],
  ['5.08 cm to inch', '2 inch'],
  ['5 cm in mm', '50 mm'],
  ['how many mm are in 3 m?', '3000 mm'],
  ['90 km/h to m/s', '25 m / s'],
  ['50 F to C', '10 degC'],
  ['12 ft 3 in to m', '3.7338 m'],
  ['derivative of x^3 + 2x by x', '3 \\* x ^ 2 + 2'],
  ['simplify 2x + 3x', '5 \\* x'],
])('%s is %s', (text, expected) => {
  expect(result(text)).toBe(expected);
});

it('keeps names and functions of the message and of the conversation', () => {
  expect(ask('price = 40\nprice * 1.19')).toContain('**47.6**');
  expect(result('f(4)', ['f(x) = x^2'])).toBe('16');
  expect(result('price * 2', ['price = 21', 'price = 30'])).toBe('60');
});

it('says of each line by itself what cannot be calculated', () => {
  const answer = ask('1 + 1\n(1 + 2\n3 + 3');
  expect(answer).toContain('**2**');
  expect(answer).toContain('This cannot be calculated: Parenthesis ) expected.');
  expect(answer).toContain('**6**');
});

it.each(['Hello there', 'I have 3 cats and they are nice to me', 'Thanks!', '', 'Meet me at 5 on Monday'])(
  'takes “%s” for no expression',
  (text) => {
    expect(ask(text)).toBeNull();
  },
);

it('leaves currencies out and says why', () => {
  expect(ask('10 USD to EUR')).toContain('Currencies are left out');
});

describe('an expression', () => {
  it.each([
    'evaluate("1 + 1")',
    'parse("1 + 1")',
    'compile("1")',
    'parser()',
    'import({a: 1})',
    'createUnit("foo")',
    'config({number: "BigNumber"})',
    'reviver("a", 1)',
    'cos.constructor("return process")() + 1',
    '[].constructor.constructor("return 1")() + 1',
    'f(x) = x.constructor\nf("a") + 1',
  ])('cannot get out of its numbers by %s', (text) => {
    expect(ask(text) ?? 'null').not.toMatch(/\*\*(?!.*is kept)/);
  });

  it('changes nothing for the next one', () => {
    ask('createUnit("knuckle", "2 cm")\npi = 3');
    expect(result('round(pi, 4)')).toBe('3.1416');
    expect(ask('3 knuckle to cm') ?? '').not.toContain('**6');
  });
});

it('answers anything at all, or takes it for no expression', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\d a-z()+*/^%=,.!;[\]"-]{0,40}$/)), (text) => {
      const answer = ask(text);
      expect(answer === null || answer.startsWith(CALCULATION_LINE)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
