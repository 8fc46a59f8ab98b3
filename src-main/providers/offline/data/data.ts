import type { Request } from '../request.ts';
import { DATA_LINE } from '../work-models.ts';
import { readSteps, type Step } from './commands.ts';
import { type Found, findTable } from './read.ts';
import { carryOut } from './steps.ts';
import { DataProblem, quoted, type Table } from './table.ts';
import { asMarkdown, converted } from './write.ts';

export const DATA_HELP = [
  'Paste CSV, JSON, YAML or a Markdown table and write a command above it; later messages work on the same data.',
  [
    '| command | example |',
    '| --- | --- |',
    '| describe | `describe` |',
    '| filter | `filter amount > 100 and city = Bern` |',
    '| sort | `sort by amount desc` |',
    '| select | `select name, amount` |',
    '| group | `group by city, sum amount, count` |',
    '| first, last | `first 10` |',
    '| unique | `unique city` |',
    '| count | `count` |',
    '| convert | `convert to json` (csv, tsv, yaml, markdown) |',
  ].join('\n'),
  'Join them by `|`: `filter amount > 100 | group by city, sum amount | sort by "sum of amount" desc`.',
].join('\n\n');

/** Carries out what the message asks of the data in it, or of the newest data before it. Null: it is about no data. */
export function data({ text, earlier }: Request): string | null {
  const here = findTable(text);
  const instruction = here?.rest ?? text;
  try {
    const steps = readSteps(instruction);
    if (here === undefined && steps === undefined) return null;
    const found = here ?? newest(earlier);
    if (found === undefined) return `${DATA_LINE}\n\nThere is no data in this conversation yet.\n\n${DATA_HELP}`;
    const unread =
      steps === undefined && instruction.trim() !== ''
        ? [`${quoted(shortened(instruction))} is no command that this model knows, so here is what the data holds.`]
        : [];
    return [DATA_LINE, ...unread, ...answer(found, steps ?? [{ do: 'describe' }])].join('\n\n');
  } catch (error) {
    if (error instanceof DataProblem) return `${DATA_LINE}\n\n${error.message}\n\n${DATA_HELP}`;
    throw error;
  }
}

function newest(earlier: readonly string[]): Found | undefined {
  for (const text of earlier.toReversed()) {
    const found = findTable(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

function answer({ table, format }: Found, steps: readonly Step[]): string[] {
  let current: Table = table;
  let shown: string | undefined;
  for (const step of steps)
    if (step.do === 'convert') shown = converted(current, step.format);
    else {
      current = carryOut(current, step);
      shown = undefined;
    }
  const read = `Read as ${format}: ${counted(table.rows.length, 'row')}, ${counted(table.columns.length, 'column')} (${table.columns.map(quoted).join(', ')}).`;
  const left = `${counted(current.rows.length, 'row')} ${current.rows.length === 1 ? 'is' : 'are'} left.`;
  const filtered = steps.some((step) => step.do === 'filter');
  return [read, shown ?? (current.rows.length === 0 ? '' : asMarkdown(current)), filtered ? left : ''].filter(Boolean);
}

const shortened = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 80);
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
