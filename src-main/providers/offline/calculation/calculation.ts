import { all, create, type MathJsInstance } from 'mathjs';
import type { Request } from '../request.ts';
import { CALCULATION_LINE } from '../work-models.ts';
import { type Line, linesOf } from './lines.ts';

export const CALCULATION_HELP = [
  'Write one expression per line: arithmetic, units, functions, names of your own.',
  [
    '| write | get |',
    '| --- | --- |',
    '| `(3 + 4) * 2^5` | arithmetic |',
    '| `15 % of 80` | percentages |',
    '| `5 cm to inch`, `90 km/h to m/s` | units |',
    '| `sqrt(2)`, `sin(30 deg)`, `20!` | functions |',
    '| `mean(2, 4, 9)`, `std(1, 2, 3)` | statistics |',
    '| `price = 40`, then `price * 1.19` | names, kept in this conversation |',
    '| `derivative of x^3 by x`, `simplify 2x + 3x` | algebra |',
  ].join('\n'),
  'Currencies are left out: their rates change by the hour, and this model asks nobody.',
].join('\n\n');

const LONGEST_RESULT = 2000;
const currency = /[€$£¥₹]|\b(?:USD|EUR|GBP|CHF|JPY|CNY|INR|dollars?|euros?|pounds sterling|yen|francs?)\b/i;

let shared: MathJsInstance | undefined;

/** Calculates each line of the message. Null: there is nothing to calculate. */
export function calculation({ text, earlier }: Request): string | null {
  const lines = linesOf(text);
  if (lines.length === 0)
    return currency.test(text) && /\d/.test(text) ? [CALCULATION_LINE, CALCULATION_HELP].join('\n\n') : null;
  const scope = new Map<string, unknown>();
  for (const line of earlier.flatMap(linesOf))
    if (/^[a-z]\w*(?:\([^)]*\))?\s*=[^=]/i.test(line.expression)) evaluate(line, scope);
  const results = lines.map((line) => ({ line, ...evaluate(line, scope) }));
  // A sentence with a number in it is nobody's wish to calculate.
  if (
    results.every(({ value }) => value === undefined) &&
    !lines.some(({ asked }) => hasSigns(asked) || currency.test(asked))
  )
    return null;
  return [
    CALCULATION_LINE,
    ...results.map(({ line, value, problem }) =>
      value === undefined ? `${code(line.asked)}\n\n${problem}` : `${code(line.asked)}\n\n**${escaped(value)}**`,
    ),
  ].join('\n\n');
}

const hasSigns = (text: string) => /\d\s*[-+*/^×÷]\s*[\d(]|=\s*$|%/.test(text);

function evaluate(line: Line, scope: Map<string, unknown>): { value?: string; problem: string } {
  try {
    shared ??= workshop();
    return { value: shorten(resultOf(shared, line, scope)), problem: '' };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (currency.test(line.asked))
      return { problem: 'Currencies are left out: their rates change by the hour, and this model asks nobody.' };
    return { problem: `This cannot be calculated: ${said.replace(/\s*\(char \d+\)/, '').replace(/[.\s]+$/, '')}.` };
  }
}

function resultOf(math: MathJsInstance, { kind, expression, by }: Line, scope: Map<string, unknown>): string {
  if (kind === 'derivative') return math.derivative(expression, by ?? 'x').toString();
  if (kind === 'simplify') return math.simplify(expression).toString();
  const value: unknown = math.evaluate(expression, scope);
  if (value === undefined) throw new Error('it has no value');
  if (typeof value === 'function') return `${/^\w+/.exec(expression)?.[0] ?? 'It'} is kept`;
  // Fourteen digits: what is behind them is the noise of binary fractions.
  return math.format(value, { precision: 14, lowerExp: -9, upperExp: 15 });
}

/** An own mathjs in which an expression can change nothing for the next one and reach nothing but numbers. */
function workshop(): MathJsInstance {
  const math = create(all!, { predictable: false });
  const closed = [
    'import',
    'config',
    'createUnit',
    'evaluate',
    'parse',
    'compile',
    'parser',
    'simplify',
    'derivative',
    'resolve',
    'reviver',
    'chain',
    'help',
  ];
  const own = { evaluate: math.evaluate, simplify: math.simplify, derivative: math.derivative, format: math.format };
  const refuse = (name: string) => () => {
    throw new Error(`${name} cannot be used within an expression`);
  };
  math.import?.(Object.fromEntries(closed.map((name) => [name, refuse(name)])), { override: true });
  return Object.assign(Object.create(math), own) as MathJsInstance;
}

function shorten(value: string): string {
  return value.length > LONGEST_RESULT ? `${value.slice(0, LONGEST_RESULT)}… (${value.length} characters)` : value;
}

const code = (text: string): string => `\`${text.replaceAll('`', ' ').trim()}\``;
const escaped = (text: string): string => text.replace(/[*_\\<`[\]]/g, '\\$&');
