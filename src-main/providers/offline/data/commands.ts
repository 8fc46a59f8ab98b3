import { DataProblem, plain, quoted } from './table.ts';

export const measures = ['count', 'sum', 'mean', 'median', 'min', 'max'] as const;
export type Measure = (typeof measures)[number];
export type Relation = '=' | '!=' | '>' | '<' | '>=' | '<=' | 'contains' | 'starts' | 'ends' | 'empty' | 'filled';

export interface Condition {
  column: string;
  relation: Relation;
  value: string;
}

/** One step of a plan; columns stand as they were written. */
export type Step =
  | { do: 'describe' }
  /** All of one group hold; one of the groups is enough. */
  | { do: 'filter'; groups: Condition[][] }
  | { do: 'sort'; column: string; descending: boolean }
  | { do: 'select'; columns: string[] }
  | { do: 'group'; columns: string[]; measures: { measure: Measure; column: string | undefined }[] }
  | { do: 'first' | 'last'; count: number }
  | { do: 'count' }
  | { do: 'unique'; column: string }
  | { do: 'convert'; format: 'csv' | 'tsv' | 'json' | 'yaml' | 'markdown' };

const MOST_STEPS = 20;

/** Steps of an instruction, separated by `|`, `then` or line breaks. Undefined: it holds no command at all. */
export function readSteps(instruction: string): Step[] | undefined {
  const wishes = instruction
    .split(/\||\n|;|\bthen\b/i)
    .map((wish) =>
      wish
        .trim()
        .replace(/^(?:please|now|and)\s+/i, '')
        .replace(/[.:!?]+$/, ''),
    )
    .filter((wish) => wish !== '');
  const steps = wishes.map(readStep);
  if (steps.every((step) => step === undefined)) return undefined;
  const unread = wishes.find((_, index) => steps[index] === undefined);
  if (unread !== undefined)
    throw new DataProblem(`${quoted(unread.slice(0, 80))} is no command that this model knows.`);
  if (steps.length > MOST_STEPS) throw new DataProblem(`At most ${MOST_STEPS} steps can stand in one message.`);
  return steps as Step[];
}

const readers: [RegExp, (rest: string, whole: RegExpExecArray) => Step | undefined][] = [
  [/^(?:describe|summary|statistics|stats)\b.*/i, () => ({ do: 'describe' })],
  [
    /^(?:filter|where|keep|only)\s+(?:rows\s+)?(?:where\s+)?(.+)/is,
    (rest) => ({ do: 'filter', groups: groupsOf(rest) }),
  ],
  [/^(?:sort|order)\s+by\s+(.+)/is, sorted],
  [/^group\s+by\s+(.+)/is, grouped],
  [/^(?:first|top|head|limit|show\s+(?:the\s+)?first)\s+(\d{1,6})\b.*/i, (count) => ({ do: 'first', count: +count })],
  [/^(?:last|tail|show\s+(?:the\s+)?last)\s+(\d{1,6})\b.*/i, (count) => ({ do: 'last', count: +count })],
  [/^(?:count(?:\s+rows)?|how many(?:\s+rows)?(?:\s+are there)?)$/i, () => ({ do: 'count' })],
  [/^(?:unique|distinct)\s+(?:values\s+(?:of\s+)?)?(.+)/is, (column) => ({ do: 'unique', column: name(column) })],
  [/^(?:convert|export|write|turn)?\s*(?:it\s+)?(?:in)?(?:to|as)\s+(csv|tsv|json|yaml|markdown)\b.*/i, converted],
  [/^(?:select|columns?|show)\s+(.+)/is, (rest) => ({ do: 'select', columns: names(rest) })],
];

function readStep(wish: string): Step | undefined {
  for (const [pattern, make] of readers) {
    const found = pattern.exec(wish);
    const step = found === null ? undefined : make(found[1] ?? '', found);
    if (step !== undefined) return step;
  }
  return undefined;
}

function sorted(rest: string): Step {
  const [, column = rest, direction = ''] = /^(.+?)(?:[\s,]+(desc\w*|asc\w*|down|up))?$/is.exec(rest) ?? [];
  return { do: 'sort', column: name(column), descending: /^d/i.test(direction) };
}

const measured = new RegExp(
  `\\b(${measures.join('|')}|average|avg|number|total)\\b(?:\\s+(?:of\\s+)?("[^"]+"|[^,]+?))?(?=\\s*(?:,|\\band\\b|$))`,
  'gi',
);
const others: Record<string, Measure> = { average: 'mean', avg: 'mean', number: 'count', total: 'sum' };

function grouped(rest: string): Step {
  const start = new RegExp(
    `[\\s,]+(?:and\\s+|with\\s+|show\\s+)?(?=(?:${measures.join('|')}|average|avg|number|total)\\b)`,
    'i',
  );
  const [by = '', ...tail] = splitOnce(rest, start);
  const asked = [...(tail[0] ?? '').matchAll(measured)].map(([, word = '', column]) => {
    const measure = others[word.toLowerCase()] ?? (word.toLowerCase() as Measure);
    return { measure, column: measure === 'count' || column === undefined ? undefined : name(column) };
  });
  return {
    do: 'group',
    columns: names(by),
    measures: asked.length > 0 ? asked : [{ measure: 'count', column: undefined }],
  };
}

function converted(format: string): Step {
  return { do: 'convert', format: format.toLowerCase() as 'csv' };
}

function splitOnce(text: string, at: RegExp): string[] {
  const found = at.exec(text);
  return found === null ? [text] : [text.slice(0, found.index), text.slice(found.index + found[0].length)];
}

const groupsOf = (text: string): Condition[][] =>
  text.split(/\s+or\s+/i).map((group) => group.split(/\s+and\s+/i).map(conditionOf));

const relations: [RegExp, Relation][] = [
  [/^(.+?)\s+(?:is\s+)?not\s+empty()$/i, 'filled'],
  [/^(.+?)\s+(?:is\s+)?empty()$/i, 'empty'],
  [/^(.+?)\s*(?:>=|\bis at least\b|\bat least\b)\s*(.+)$/i, '>='],
  [/^(.+?)\s*(?:<=|\bis at most\b|\bat most\b)\s*(.+)$/i, '<='],
  [/^(.+?)\s*(?:!=|<>|≠|\bis not\b)\s*(.*)$/i, '!='],
  [/^(.+?)\s*(?:>|\bis (?:more|greater|larger) than\b|\b(?:is )?(?:over|above)\b)\s*(.+)$/i, '>'],
  [/^(.+?)\s*(?:<|\bis (?:less|smaller) than\b|\b(?:is )?(?:under|below)\b)\s*(.+)$/i, '<'],
  [/^(.+?)\s+contains?\s+(.+)$/i, 'contains'],
  [/^(.+?)\s+(?:starts|begins)\s+with\s+(.+)$/i, 'starts'],
  [/^(.+?)\s+ends\s+with\s+(.+)$/i, 'ends'],
  [/^(.+?)\s*(?:==?|\bis\b|\bequals\b)\s*(.*)$/i, '='],
];

function conditionOf(text: string): Condition {
  for (const [pattern, relation] of relations) {
    const found = pattern.exec(text.trim());
    if (found !== null) return { column: name(found[1] ?? ''), relation, value: name(found[2] ?? '') };
  }
  throw new DataProblem(
    `${quoted(text.trim().slice(0, 80))} is no condition: write a column, a sign such as = or >, and a value.`,
  );
}

const names = (text: string): string[] =>
  (text.match(/"[^"]+"|[^,]+/g) ?? [])
    .flatMap((part) => (part.startsWith('"') ? [part] : part.split(/\s+and\s+/i)))
    .map(name)
    .filter((each) => plain(each) !== '');

/** Without the quotation marks that people write around names and values. */
const name = (text: string): string =>
  text
    .trim()
    .replace(/^(["'“‘`])(.*)(["'”’`])$/s, '$2')
    .trim();
