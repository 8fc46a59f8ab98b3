import { useState } from 'react';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { NameField } from '../../NameField.tsx';
import { leavesFrom, length, type Named } from './branch-words.ts';
import { useCompare } from './compare-context.ts';
import './branches.css';

interface BranchRowProps {
  session: string;
  branch: Named;
  /** The one that is shown; null when it is not among those that are told. */
  shown: Named | null;
  /** It has been shown, or something else is. */
  onLeave?: () => void;
}

/** One branch: shows it, names it, puts it beside the one that is shown. */
export function BranchRow({ session, branch, shown, onLeave }: BranchRowProps) {
  const app = useApp();
  const connected = useConnected();
  const compare = useCompare();
  const [naming, setNaming] = useState(false);
  const place = `branch ${branch.branch}`;
  const trouble = useTrouble(place);
  const show = () => {
    onLeave?.();
    if (!branch.shown) void app.act(session, 'sessions.select', { session, node: branch.head });
  };
  const name = (given: string | undefined) => {
    setNaming(false);
    if (given === undefined || given === branch.label) return;
    void app.act(place, 'sessions.nameBranch', { session, branch: branch.branch, name: given === '' ? null : given });
  };
  return (
    <li className="branch">
      {naming ? (
        // Without a name it is called by its number.
        <NameField
          label="Name of the branch"
          value={branch.label}
          className="branch-field"
          maxLength={100}
          onDone={name}
        />
      ) : (
        <>
          <button
            type="button"
            className="branch-name"
            aria-current={branch.shown ? 'true' : undefined}
            title={`${branch.label}, ${length(branch)}, ${leavesFrom(branch)}`}
            disabled={!connected}
            onClick={show}
          >
            <Sign name="branch" dense />
            <span className="grow cut">{branch.label}</span>
            <span className="text-3 small">
              {branch.shown || branch.parent === null ? length(branch) : leavesFrom(branch)}
            </span>
          </button>
          <span className="branch-actions">
            {shown !== null && !branch.shown && compare !== null && (
              <button
                type="button"
                className="button bare small icon"
                aria-label={`Side by side with ${branch.label}`}
                title="Side by side"
                onClick={() => {
                  onLeave?.();
                  compare({ left: shown.head, right: branch.head });
                }}
              >
                <Sign name="beside" dense />
              </button>
            )}
            <button
              type="button"
              className="button bare small icon"
              aria-label={`Name ${branch.label}`}
              title="Name"
              disabled={!connected}
              onClick={() => setNaming(true)}
            >
              <Sign name="edit" dense />
            </button>
          </span>
        </>
      )}
      {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(place)} />}
    </li>
  );
}
