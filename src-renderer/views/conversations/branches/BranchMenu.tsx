import { Popover } from 'radix-ui';
import { useState } from 'react';
import { counted } from '../../../ui/format.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { BranchRow } from './BranchRow.tsx';
import type { Branches } from './useBranches.ts';
import './branches.css';

/** The branch that is shown, and the way to the others; not there when there is but one. */
export function BranchMenu({ session, branches: { branches, total } }: { session: string; branches: Branches }) {
  const [open, setOpen] = useState(false);
  const shown = branches.find((each) => each.shown) ?? null;
  if (total < 2) return null;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="branch-chip" aria-label={`Branch: ${shown?.label ?? 'an older one'}`}>
        <Sign name="branch" dense />
        <span className="cut">{shown?.label ?? 'an older one'}</span>
        <Sign name="down" dense />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="float branch-list"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Branches"
        >
          <ul>
            {branches.map((branch) => (
              <BranchRow
                key={branch.branch}
                session={session}
                branch={branch}
                shown={shown}
                onLeave={() => setOpen(false)}
              />
            ))}
          </ul>
          {total > branches.length && (
            <p className="menu-label">
              {counted(total - branches.length, 'older branch', 'older branches')} not listed
            </p>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
