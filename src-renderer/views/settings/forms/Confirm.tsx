import type { ReactNode } from 'react';
import { useConnected } from '../../../state/use.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import './forms.css';

interface ConfirmProps {
  /** A question; it may name what it is about, at any length. */
  title: string;
  /** One that fits on a button. */
  verb: string;
  keep?: string;
  danger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  /** What happens, in numbers where there are any. */
  children: ReactNode;
}

/** Asks before what cannot be undone; the safe choice has the focus. Nothing is done while nobody can do it. */
export function Confirm({ title, verb, keep = 'Keep', danger = true, onConfirm, onClose, children }: ConfirmProps) {
  const connected = useConnected();
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="confirm">{children}</div>
      <div className="row form-actions">
        <button type="button" className="button" data-autofocus onClick={onClose}>
          {keep}
        </button>
        <button
          type="button"
          className={danger ? 'button danger' : 'button'}
          aria-disabled={!connected}
          onClick={() => {
            if (!connected) return;
            onClose();
            onConfirm();
          }}
        >
          {verb}
        </button>
      </div>
    </Dialog>
  );
}
