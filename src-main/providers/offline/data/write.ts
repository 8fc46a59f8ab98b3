import Papa from 'papaparse';
import { stringify } from 'yaml';
import { type Cell, isNumber, type Table } from './table.ts';

const MOST_ROWS = 50;
const LONGEST_CELL = 120;

/** For reading: the first rows, and how many there are. */
export function asMarkdown({ columns, rows }: Table, most = MOST_ROWS): string {
  const numeric = columns.map((_, index) => rows.length > 0 && rows.every((row) => isNumber(row[index] ?? null)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = [
    line(columns.map(escaped)),
    line(numeric.map((each) => (each ? '---:' : '---'))),
    ...rows.slice(0, most).map((row) => line(columns.map((_, index) => escaped(shown(row[index] ?? null))))),
  ];
  if (rows.length > most) lines.push('', `The first ${most} of ${rows.length} rows; “convert to csv” gives all.`);
  return lines.join('\n');
}

/** For taking away: all of it, in a fence. */
export function converted(table: Table, format: 'csv' | 'tsv' | 'json' | 'yaml' | 'markdown'): string {
  if (format === 'markdown') return asMarkdown(table, Number.POSITIVE_INFINITY);
  return `\`\`\`${format}\n${text(table, format)}\n\`\`\``;
}

function text({ columns, rows }: Table, format: 'csv' | 'tsv' | 'json' | 'yaml'): string {
  if (format === 'csv' || format === 'tsv')
    return Papa.unparse({ fields: columns, data: rows }, { newline: '\n', delimiter: format === 'csv' ? ',' : '\t' });
  const records = rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])));
  return format === 'json' ? JSON.stringify(records, null, 2) : yaml(records);
}

// In blocks a text of white space and line breaks does not come back as it was.
const yaml = (records: unknown): string => stringify(records, { blockQuote: false }).trimEnd();

function shown(cell: Cell): string {
  if (cell === null) return '';
  if (isNumber(cell)) return String(Number(cell.toPrecision(12)));
  const value = String(cell);
  return value.length > LONGEST_CELL ? `${value.slice(0, LONGEST_CELL - 1)}…` : value;
}

const escaped = (value: string): string => value.replace(/\s+/g, ' ').replace(/[|<\\`*_[\]]/g, '\\$&');
