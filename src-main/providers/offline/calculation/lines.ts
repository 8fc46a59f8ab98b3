/**
 * What stands in a message to be calculated: a line each, in the words of mathjs. Everyday wording around it is taken
 * away. `asked` is how the person wrote it.
 */
export interface Line {
  asked: string;
  expression: string;
  /** `derivative` and `simplify` work on the expression itself; `by` is the variable. */
  kind: 'value' | 'derivative' | 'simplify';
  by?: string;
}

const politeness =
  /^(?:please\s+|can you\s+|could you\s+)*(?:what(?:'s| is| are)|how much (?:is|are)|how many|calculate|compute|evaluate|work out|solve|convert|turn|was ist|wie ?viel (?:ist|sind)|berechne|rechne|combien font|cu[aá]nto es)\s+/i;

export function linesOf(text: string): Line[] {
  return text
    .replace(/```\w*\n?/g, '\n')
    .split(/\r?\n|;(?=\s)/)
    .map((line) => line.trim().replace(/^(?:[-*•]|\d+[.)]\s)\s*/, ''))
    .filter((line) => line !== '' && line.length <= 2000)
    .map(lineOf)
    .filter((line) => looksLikeMath(line));
}

function lineOf(asked: string): Line {
  let rest = asked.replace(/^`+|`+$/g, '').replace(/(?:[?.=\s]|(?<![\w)])!)+$/, '');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(politeness, '');
  }
  const derivative = /^(?:the\s+)?derivative\s+of\s+(.+?)(?:\s+(?:by|with respect to)\s+([a-z]\w*))?$/i.exec(rest);
  if (derivative !== null)
    return { asked, expression: inSigns(derivative[1]!), kind: 'derivative', by: derivative[2] ?? 'x' };
  const simplify = /^simplify\s+(.+)$/i.exec(rest);
  if (simplify !== null) return { asked, expression: inSigns(simplify[1]!), kind: 'simplify' };
  return { asked, expression: inSigns(rest), kind: 'value' };
}

const number = String.raw`\d[\d.,']*`;
const words: [RegExp, string][] = [
  [/[×·⋅]/g, '*'],
  [/[÷∶]/g, '/'],
  [/[−–]/g, '-'],
  [/²/g, '^2'],
  [/³/g, '^3'],
  [/√\s*(\d+(?:\.\d+)?|\([^()]*\))/g, 'sqrt($1)'],
  [/π/g, 'pi'],
  // Thousands in groups of three: 1,234,567 or 1'234'567.
  [/(?<![\w.])\d{1,3}(?:[,']\d{3})+(?![\d,'])/g, ''],
  [new RegExp(`(${number})\\s*(?:%|percent|per cent)\\s+(?:of|von|de)\\s+`, 'gi'), '($1 / 100) * '],
  [new RegExp(`(${number})\\s*(?:%|percent|per cent)\\s+off\\s+(?:of\\s+)?(.+)`, 'gi'), '($2) * (1 - $1 / 100)'],
  [/\b(?:percent|per cent)\b/gi, '%'],
  [/\bplus\b/gi, '+'],
  [/\bminus\b/gi, '-'],
  [/\b(?:times|multiplied by|mal)\b/gi, '*'],
  [/\b(?:divided by|over|geteilt durch)\b/gi, '/'],
  [/\bto the power of\b/gi, '^'],
  [/\b(?:the )?(?:square root|sqrt) of\s+(\d+(?:\.\d+)?|\([^()]*\))/gi, 'sqrt($1)'],
  [/\b(\d+(?:\.\d+)?|[a-z]) squared\b/gi, '$1^2'],
  [/\b(\d+(?:\.\d+)?|[a-z]) cubed\b/gi, '$1^3'],
  [/°\s*([CF])\b/g, 'deg$1'],
  [/\b(?:degrees?\s+)?celsius\b/gi, 'degC'],
  [/\b(?:degrees?\s+)?fahrenheit\b/gi, 'degF'],
  [/\binto\b/gi, 'to'],
  [/\b(\d+(?:\.\d+)?)\s*(?:ft|feet|foot)\s+(\d+(?:\.\d+)?)\s*(?:inches|inch|in)\b/gi, '($1 ft + $2 inch)'],
  // “How many inches are in 3 m”; the question word is gone by now.
  [/^([a-z]+)\s+(?:(?:is|are)\s+)?in\s+(\d.*)$/i, '$2 to $1'],
  [/(?<=[\w)])\s+in\s+(?=[a-z])/gi, ' to '],
  [/(?<=\d)\s*([CF])\s+to\s+([CF])$/, ' deg$1 to deg$2'],
  [/(?<=[\w)])\s*\bkm\/h\b/g, ' km/hour'],
  [/\bmph\b/gi, 'mile/hour'],
];

const inSigns = (text: string): string =>
  words.reduce(
    (line, [pattern, by]) =>
      by === '' ? line.replace(pattern, (found) => found.replace(/[,']/g, '')) : line.replace(pattern, by),
    text,
  );

/** Signs, digits and a few names; a sentence is not an expression that failed. */
function looksLikeMath({ expression, kind }: Line): boolean {
  if (kind !== 'value') return true;
  if (!/\d|\b(?:pi|e|i|tau|phi)\b|^[a-z]\w*\s*[=*+^/-]|^[a-z]\w*\([^)]*\)$|^[a-z]\w{0,11}$/i.test(expression))
    return false;
  const plainWords = expression.match(/(?<![\w(.])(?!to\b)[A-Za-z]{2,}(?![\w(])/g) ?? [];
  const signs = expression.match(/[-+*/^%=()!]|\b(?:to|in)\b|\d/g) ?? [];
  if (/^[a-z]\w*$/i.test(expression)) return expression.length <= 2 || expression === 'tau' || expression === 'phi';
  return signs.length > 0 && plainWords.length <= signs.length && plainWords.length <= 6;
}
