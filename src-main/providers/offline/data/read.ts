import Papa from 'papaparse';
import { parse as parseYaml } from 'yaml';
import { type Cell, type Table, tableOf } from './table.ts';

export type Format = 'CSV' | 'JSON' | 'YAML' | 'Markdown';

export interface Found {
  table: Table;
  format: Format;
  /** What stands around it. */
  rest: string;
}

/** The last table in a text: in a fence, or bare below an instruction. Undefined when there is none. */
export function findTable(text: string): Found | undefined {
  const fences = [...text.matchAll(/```[^\n]*\n([\s\S]*?)```/g)];
  for (const fence of fences.toReversed()) {
    const read = readTable(fence[1] ?? '');
    if (read !== undefined) return { ...read, rest: text.replace(fence[0], '\n') };
  }
  const lines = text.trim().split(/\r?\n/);
  // The instruction may be some lines above or below.
  for (let skip = 0; skip <= Math.min(4, lines.length - 1); skip++)
    for (const tail of [0, 1]) {
      const body = lines.slice(skip, lines.length - tail).join('\n');
      const read = readTable(body);
      const rest = [...lines.slice(0, skip), ...lines.slice(lines.length - tail)].join('\n');
      if (read !== undefined) return { ...read, rest };
    }
  return undefined;
}

/** Reads a text that is nothing but data. */
export function readTable(text: string): { table: Table; format: Format } | undefined {
  const body = text.trim();
  if (body === '') return undefined;
  if (/^[[{]/.test(body)) {
    const table = records(tryTo(() => JSON.parse(body)) ?? jsonLines(body));
    return table && { table, format: 'JSON' };
  }
  // Begun like this it is a list of records, whatever signs stand in it.
  const listed = /^- (?:\w+|"[^"\n]*"|'[^'\n]*'):\s/.test(body) ? readYaml(body) : undefined;
  if (listed !== undefined) return { table: listed, format: 'YAML' };
  const markdown = readMarkdown(body);
  if (markdown !== undefined) return { table: markdown, format: 'Markdown' };
  const csv = readCsv(body);
  if (csv !== undefined) return { table: csv, format: 'CSV' };
  if (!/^\s*(?:- |[\w"'].*:\s)/m.test(body)) return undefined;
  const table = readYaml(body);
  return table && { table, format: 'YAML' };
}

/** Any line with a colon is YAML; a list of records is meant as data. */
function readYaml(body: string): Table | undefined {
  const value = tryTo(() => parseYaml(body, { maxAliasCount: 100, logLevel: 'error' }));
  return isList(value) || Object.values(value ?? {}).some(isList) ? records(value) : undefined;
}

const tryTo = (read: () => unknown): unknown => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

const isList = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'object' && each !== null);

const jsonLines = (text: string): unknown =>
  tryTo(() =>
    text
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line)),
  );

/** A list of records, or the one such list in an object. */
function records(value: unknown): Table | undefined {
  if (Array.isArray(value)) return value.length > 0 ? tableOf(value) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const lists = Object.values(value).filter((each) => Array.isArray(each) && each.length > 0);
  if (lists.length === 1) return tableOf(lists[0]);
  return Object.keys(value).length > 0 ? tableOf([value]) : undefined;
}

/** Above data a command may have as many commas as the data; no row of names begins like this. */
const command = /^(?:(?:group|sort|order)\s+by|filter|where|select|unique|distinct)\s/i;

function readCsv(text: string): Table | undefined {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy', delimitersToGuess: [',', ';', '\t', '|'] });
  const [columns, ...rows] = data;
  if (columns === undefined || columns.length < 2 || rows.length === 0 || command.test(text)) return undefined;
  // Prose has commas, too, but never the same number in each line, nor sentences as names of columns.
  if (rows.some((row) => row.length !== columns.length)) return undefined;
  if (columns.some((name) => name.trim() === '' || name.length > 60 || /[.!?]\s/.test(name))) return undefined;
  return { columns: distinct(columns.map((name) => name.trim())), rows: rows.map((row) => row.map(typed)) };
}

function readMarkdown(text: string): Table | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (lines.length < 3 || !lines.every((line) => line.includes('|')) || !/^[|\s:-]+$/.test(lines[1]!)) return undefined;
  const cells = (line: string) =>
    line
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll('\\|', '|'));
  const columns = distinct(cells(lines[0]!));
  return {
    columns,
    rows: lines.slice(2).map((line) => {
      const row = cells(line);
      return columns.map((_, index) => typed(row[index] ?? ''));
    }),
  };
}

/** A name that stands twice would hide a column. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let count = 2; seen.has(own) || (own !== name && taken.has(own)); count++) own = `${name} ${count}`;
    seen.add(own);
    return own;
  });
}

/** Numbers as programs write them; a leading zero is a code, not a number. */
function typed(text: string): Cell {
  const value = text.trim();
  if (value === '') return null;
  if (value === 'true' || value === 'false') return value === 'true';
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i.test(value)) return Number(value);
  return value;
}
