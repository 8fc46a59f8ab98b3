import { type ReactNode, useEffect, useId, useRef } from 'react';
import { focusHome } from './home.ts';
import { Sign } from './Sign.tsx';

interface ModalProps {
  className: string;
  /** Its name, or the id of the element that names it. */
  label?: string;
  labelledBy?: string;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A modal by the browser's own means: it keeps the focus inside, closes on Escape and on a click beside it, and gives the
 * focus back, or to what stands around it. What carries `data-autofocus` has the focus first.
 */
export function Modal({ className, label, labelledBy, onClose, children }: ModalProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    const around = dialog?.parentElement?.closest('[tabindex]');
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      dialog?.close();
      // A dialog that was taken out of the page does not give the focus back by itself; an entry of a menu is gone.
      for (const next of [before, around])
        if (document.activeElement === document.body && next instanceof HTMLElement) next.focus();
      focusHome();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, too; the click is on what lies behind.
    <dialog
      ref={ref}
      className={className}
      aria-label={label}
      aria-labelledby={labelledBy}
      // At once: the event of the close comes later, and a key in between would meet a dialog that seems open.
      onCancel={onClose}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      {children}
    </dialog>
  );
}

export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const heading = useId();
  return (
    <Modal className="dialog" labelledBy={heading} onClose={onClose}>
      <div className="dialog-head">
        <h2 id={heading} className="grow cut">
          {title}
        </h2>
        <button type="button" className="button bare icon" aria-label="Close" onClick={onClose}>
          <Sign name="close" />
        </button>
      </div>
      <div className="dialog-body">{children}</div>
    </Modal>
  );
}
