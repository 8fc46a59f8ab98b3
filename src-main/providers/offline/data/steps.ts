import type { Condition, Measure, Step } from './commands.ts';
import { type Cell, columnOf, compare, DataProblem, isNumber, type Table } from './table.ts';

type TableStep = Exclude<Step, { do: 'convert' }>;

/** Carries out one step; a table comes in, a table goes out. */
export function carryOut(table: Table, step: TableStep): Table {
  const { columns, rows } = table;
  switch (step.do) {
    case 'describe':
      return describe(table);
    case 'filter': {
      const groups = step.groups.map((group) => group.map((condition) => test(table, condition)));
      return { columns, rows: rows.filter((row) => groups.some((group) => group.every((holds) => holds(row)))) };
    }
    case 'sort': {
      const at = columnOf(table, step.column);
      const sign = step.descending ? -1 : 1;
      const order = (a: Cell, b: Cell) => (a === null || b === null ? compare(a, b) : sign * compare(a, b));
      return { columns, rows: rows.toSorted((a, b) => order(a[at] ?? null, b[at] ?? null)) };
    }
    case 'select': {
      const chosen = step.columns.map((name) => columnOf(table, name));
      return {
        columns: chosen.map((at) => columns[at]!),
        rows: rows.map((row) => chosen.map((at) => row[at] ?? null)),
      };
    }
    case 'group':
      return group(table, step);
    case 'first':
      return { columns, rows: rows.slice(0, step.count) };
    case 'last':
      return { columns, rows: step.count === 0 ? [] : rows.slice(-step.count) };
    case 'count':
      return { columns: ['rows'], rows: [[rows.length]] };
    case 'unique': {
      const at = columnOf(table, step.column);
      const counts = new Map<Cell, number>();
      for (const row of rows) counts.set(row[at] ?? null, (counts.get(row[at] ?? null) ?? 0) + 1);
      const counted = [...counts].sort(([a, m], [b, n]) => n - m || compare(a, b));
      return { columns: [columns[at]!, 'count'], rows: counted };
    }
  }
}

function test(table: Table, { column, relation, value }: Condition): (row: Cell[]) => boolean {
  const at = columnOf(table, column);
  const wanted = value.toLowerCase();
  const number = value.trim() === '' ? Number.NaN : Number(value);
  const size = (cell: Cell) => (isNumber(cell) && !Number.isNaN(number) ? cell - number : compare(cell, value));
  const text = (cell: Cell) => String(cell ?? '').toLowerCase();
  const filled = (holds: (cell: Cell) => boolean) => (cell: Cell) => cell !== null && holds(cell);
  const relations: Record<Condition['relation'], (cell: Cell) => boolean> = {
    '=': (cell) => (isNumber(cell) ? cell === number : text(cell) === wanted),
    '!=': (cell) => (isNumber(cell) ? cell !== number : text(cell) !== wanted),
    '>': filled((cell) => size(cell) > 0),
    '<': filled((cell) => size(cell) < 0),
    '>=': filled((cell) => size(cell) >= 0),
    '<=': filled((cell) => size(cell) <= 0),
    contains: (cell) => text(cell).includes(wanted),
    starts: (cell) => text(cell).startsWith(wanted),
    ends: (cell) => text(cell).endsWith(wanted),
    empty: (cell) => cell === null,
    filled: (cell) => cell !== null,
  };
  const holds = relations[relation];
  return (row) => holds(row[at] ?? null);
}

function group(table: Table, step: Extract<Step, { do: 'group' }>): Table {
  const keys = step.columns.map((name) => columnOf(table, name));
  if (keys.length === 0) throw new DataProblem('Say which column to group by, such as “group by city”.');
  const asked = step.measures.map(({ measure, column }) => {
    if (measure !== 'count' && column === undefined)
      throw new DataProblem(`Say which column to take the ${measure} of, such as “${measure} amount”.`);
    return { measure, at: column === undefined ? -1 : columnOf(table, column) };
  });
  const groups = new Map<string, Cell[][]>();
  for (const row of table.rows) {
    const key = JSON.stringify(keys.map((at) => row[at] ?? null));
    const rows = groups.get(key);
    if (rows === undefined) groups.set(key, [row]);
    else rows.push(row);
  }
  const rows = [...groups].map(([key, rows]) => [
    ...(JSON.parse(key) as Cell[]),
    ...asked.map(({ measure, at }) => (at === -1 ? rows.length : measureOf(rows, at, measure))),
  ]);
  const titles = asked.map(({ measure, at }) => (at === -1 ? 'count' : `${measure} of ${table.columns[at]}`));
  return {
    columns: [...keys.map((at) => table.columns[at]!), ...titles],
    rows: rows.sort((a, b) => compare(a[0]!, b[0]!)),
  };
}

function measureOf(rows: Cell[][], at: number, measure: Measure): Cell {
  const cells = rows.map((row) => row[at] ?? null);
  const numbers = cells.filter(isNumber).sort((a, b) => a - b);
  if (measure === 'count') return cells.filter((cell) => cell !== null).length;
  if (numbers.length === 0) return null;
  const sum = numbers.reduce((total, each) => total + each, 0);
  const half = numbers.length / 2;
  const values: Record<Exclude<Measure, 'count'>, number> = {
    sum,
    mean: sum / numbers.length,
    median: numbers.length % 2 === 1 ? numbers[Math.floor(half)]! : (numbers[half - 1]! + numbers[half]!) / 2,
    min: numbers[0]!,
    max: numbers.at(-1)!,
  };
  return tidy(values[measure]);
}

/** Without the noise of binary fractions. */
const tidy = (value: number): number => Number(value.toPrecision(12));

function describe(table: Table): Table {
  const rows = table.columns.map((name, at) => {
    const cells = table.rows.map((row) => row[at] ?? null);
    const present = cells.filter((cell) => cell !== null);
    const kinds = new Set(present.map(kindOf));
    const kind = kinds.size === 1 ? [...kinds][0]! : kinds.size === 0 ? 'empty' : 'mixed';
    const sorted = kind === 'number' || kind === 'date' ? present.toSorted(compare) : [];
    const middle = (['mean', 'median'] as const).map((measure) =>
      kind === 'number' ? measureOf(table.rows, at, measure) : null,
    );
    const ends = [sorted[0] ?? null, sorted.at(-1) ?? null];
    return [name, kind, present.length, cells.length - present.length, new Set(present).size, ...middle, ...ends];
  });
  return { columns: ['column', 'kind', 'filled', 'empty', 'different', 'mean', 'median', 'least', 'most'], rows };
}

function kindOf(cell: Cell): string {
  if (isNumber(cell)) return 'number';
  if (typeof cell === 'boolean') return 'yes or no';
  return /^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+Z?)?$/.test(String(cell)) ? 'date' : 'text';
}
