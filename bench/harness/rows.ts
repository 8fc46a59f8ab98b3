/** One figure of ours beside its limit, both from the same run. */
export interface Row {
  bench: string;
  /** Says exactly what is measured, and in which unit. */
  row: string;
  ours: number;
  /** What the machine allows for the same work; null where nothing but the goal is beside it. */
  limit: number | null;
  ratio: number | null;
  /** The same of other products, by name. */
  rivals: Record<string, number>;
  goal: string;
  met: boolean;
}

export interface Goal {
  says: string;
  met: (ours: number, ratio: number | null) => boolean;
}

export const ratioAtMost = (most: number): Goal => ({
  says: `<= ${most} x limit`,
  met: (_, ratio) => ratio !== null && ratio <= most,
});
export const ratioBelow = (bound: number): Goal => ({
  says: `< ${bound} x limit`,
  met: (_, ratio) => ratio !== null && ratio < bound,
});
export const ratioAtLeast = (least: number): Goal => ({
  says: `>= ${least} x limit`,
  met: (_, ratio) => ratio !== null && ratio >= least,
});
export const atMost = (most: number): Goal => ({ says: `<= ${most}`, met: (ours) => ours <= most });
export const atLeast = (least: number): Goal => ({ says: `>= ${least}`, met: (ours) => ours >= least });
export const below = (bound: number): Goal => ({ says: `< ${bound}`, met: (ours) => ours < bound });
export const exactly = (value: number): Goal => ({ says: `= ${value}`, met: (ours) => ours === value });
export const either = (a: Goal, b: Goal): Goal => ({
  says: `${a.says} or ${b.says}`,
  met: (ours, ratio) => a.met(ours, ratio) || b.met(ours, ratio),
});
/** Shown beside the row that has the goal. */
export const none: Goal = { says: '', met: () => true };

export function row(bench: string, name: string, goal: Goal, ours: number, limit: number | null = null): Row {
  const ratio = limit === null ? null : ours / limit;
  return { bench, row: name, ours, limit, ratio, rivals: {}, goal: goal.says, met: goal.met(ours, ratio) };
}

export function table(rows: readonly Row[]): string {
  const lines = rows.map((each) => [
    each.bench,
    each.row,
    figure(each.ours),
    each.limit === null ? '' : figure(each.limit),
    each.ratio === null ? '' : each.ratio.toFixed(2),
    each.goal,
    each.goal === '' ? '' : each.met ? 'met' : 'NOT MET',
    Object.entries(each.rivals)
      .map(([name, value]) => `${name} ${figure(value)}`)
      .join(', '),
  ]);
  const head = ['bench', 'row', 'ours', 'limit', 'ratio', 'goal', '', 'rivals'];
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]!.length)));
  const isFigure = (column: number) => column >= 2 && column <= 4;
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, column) => (isFigure(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Three digits that count, whole thousands apart. */
const figure = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: value >= 1000 ? 4 : 3 });
