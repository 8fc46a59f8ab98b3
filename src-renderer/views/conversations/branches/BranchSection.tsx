import { BranchRow } from './BranchRow.tsx';
import type { Branches } from './useBranches.ts';
import './branches.css';

const SHOWN = 8;

/** Branches in the panel: the one that is shown, then those that changed last. */
export function BranchSection({ session, branches: { branches, total } }: { session: string; branches: Branches }) {
  const shown = branches.find((each) => each.shown) ?? null;
  if (branches.length === 0) return null;
  const newest = [...branches].sort(
    (a, b) => Number(b.shown) - Number(a.shown) || b.updatedAt - a.updatedAt || (a.branch < b.branch ? 1 : -1),
  );
  const listed = new Set(newest.slice(0, SHOWN));
  return (
    <section>
      <h2>Branches</h2>
      <ul>
        {branches
          .filter((each) => listed.has(each))
          .map((branch) => (
            <BranchRow key={branch.branch} session={session} branch={branch} shown={shown} />
          ))}
      </ul>
      {total === 1 && <p className="text-3 small">Another wording or another try begins a branch.</p>}
      {total > listed.size && <p className="text-3 small">{total - listed.size} more in the menu beside the title.</p>}
    </section>
  );
}
