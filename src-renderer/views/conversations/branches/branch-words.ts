import type { Branch } from '#shared/domain/summary.ts';
import { count, counted } from '../../../ui/format.ts';

/** A branch with the words by which one knows it. */
export interface Named extends Branch {
  label: string;
}

/** In the order in which they began: the first is `main`, the others are numbered, where nobody has named them. */
export function namedBranches(branches: readonly Branch[], total: number): Named[] {
  // The older ones may not be here: numbers count from the newest down.
  const before = total - branches.length;
  return [...branches]
    .sort((a, b) => Number(a.branch > b.branch) - Number(a.branch < b.branch))
    .map((branch, index) => {
      const nth = before + index + 1;
      return { ...branch, label: branch.name ?? (nth === 1 ? 'main' : `branch ${count(nth)}`) };
    });
}

/** Where it leaves from: `from 36`, the number of the message after which it begins. */
export const leavesFrom = ({ depth, parent }: Branch): string =>
  parent === null ? 'from the start' : `from ${count(depth)}`;

/** How much one reads on it, from the root to its end. */
export const length = ({ depth, nodes }: Branch): string => counted(depth + nodes, 'message');
