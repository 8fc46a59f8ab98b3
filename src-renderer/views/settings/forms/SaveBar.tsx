import { useEffect, useRef } from 'react';
import type { ProblemBody } from '#shared/domain/problem.ts';
import { useConnected } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { holdsFocus } from './holds-focus.ts';
import { SaveKey } from './SaveKey.tsx';
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
  return (
    <div ref={holdsFocus} className="save-bar">
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
        <SaveKey />
      </button>
    </div>
  );
}

/** In the place of the bar after a discard, until something is typed: what was typed can be had again. */
export function Discarded({ onUndo }: { onUndo: () => void }) {
  const undo = useRef<HTMLButtonElement>(null);
  // It follows the button that was pressed.
  useEffect(() => undo.current?.focus(), []);
  return (
    <div ref={holdsFocus} className="save-bar">
      <p className="save-what text-3" role="status">
        Discarded
      </p>
      <button ref={undo} type="button" className="button bare" onClick={onUndo}>
        Undo
      </button>
    </div>
  );
}
