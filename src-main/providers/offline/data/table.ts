/** What a cell can hold; null: it is empty. Whatever is nested is kept as its JSON text. */
export type Cell = string | number | boolean | null;

export interface Table {
  columns: string[];
  rows: Cell[][];
}

/** Told to the person who wrote the command, in one sentence. */
export class DataProblem extends Error {}

/** By its name, in whatever case; else by the only one that begins like this. */
export function columnOf({ columns }: Table, name: string): number {
  const wanted = plain(name);
  const exact = columns.findIndex((column) => plain(column) === wanted);
  if (exact !== -1) return exact;
  const similar = columns.flatMap((column, index) => (plain(column).startsWith(wanted) ? [index] : []));
  if (similar.length === 1 && wanted !== '') return similar[0]!;
  throw new DataProblem(`There is no column ${quoted(name)}. There are: ${columns.map(quoted).join(', ')}.`);
}

/** Records of whatever shape as a table: a column for each name that occurs, in the order of occurrence. */
export function tableOf(records: readonly unknown[]): Table {
  const columns = new Map<string, number>();
  const named = records.map((record) =>
    typeof record === 'object' && record !== null && !Array.isArray(record)
      ? Object.entries(record)
      : [['value', record] as [string, unknown]],
  );
  for (const entries of named) for (const [name] of entries) if (!columns.has(name)) columns.set(name, columns.size);
  const rows = named.map((entries) => {
    const row: Cell[] = Array.from({ length: columns.size }, () => null);
    for (const [name, value] of entries) row[columns.get(name)!] = cellOf(value);
    return row;
  });
  return { columns: [...columns.keys()], rows };
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value);
}

export const isNumber = (cell: Cell): cell is number => typeof cell === 'number';

/** Numbers by size, everything else as people sort words; empty cells last. */
export function compare(a: Cell, b: Cell): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  if (isNumber(a) && isNumber(b)) return a - b;
  return words.compare(String(a), String(b));
}

const words = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

export const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');
export const quoted = (name: string): string => `“${name}”`;
