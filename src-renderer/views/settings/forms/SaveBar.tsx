import { useEffect, useRef } from 'react';
import type { ProblemBody } from '#shared/domain/problem.ts';
import { useConnected } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import './forms.css';

interface SaveBarProps {
  /** What is not saved, such as `name, base URL`. */
  what: string;
  problem?: ProblemBody | undefined;
  busy: boolean;
  verb?: string;
  /** Before `what`. */
  lead?: string;
  discard?: string;
  onDiscard: () => void;
}

/** Below a form as long as something in it is not saved. Its first button submits the form around it. */
export function SaveBar({
  what,
  problem,
  busy,
  verb = 'Save',
  lead = 'Not saved yet',
  discard = 'Discard',
  onDiscard,
}: SaveBarProps) {
  const connected = useConnected();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const form = ref.current?.closest<HTMLElement>('form');
    // It goes with the button that had the focus.
    return () => {
      if (document.activeElement === document.body) form?.focus();
    };
  }, []);
  return (
    <div ref={ref} className="save-bar">
      <div className="save-what">
        {problem === undefined ? (
          <p className="cut">
            {connected ? lead : 'Not connected. Kept here'}: <span className="text-3">{what}</span>
          </p>
        ) : (
          <ProblemLine problem={problem} />
        )}
      </div>
      <button type="button" className="button bare" onClick={onDiscard}>
        {discard}
      </button>
      <button type="submit" className="button primary" aria-disabled={busy || !connected}>
        {verb}
      </button>
    </div>
  );
}
