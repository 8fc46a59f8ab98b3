import type { ReactNode } from 'react';
import { Dialog } from '../../../ui/Dialog.tsx';
import './forms.css';

interface ConfirmProps {
  /** A question. */
  title: string;
  verb: string;
  keep?: string;
  danger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  /** What happens, in numbers where there are any. */
  children: ReactNode;
}

/** Asks before what cannot be undone; the safe choice has the focus. */
export function Confirm({ title, verb, keep = 'Keep', danger = true, onConfirm, onClose, children }: ConfirmProps) {
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
          onClick={() => {
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
