import type { ReactNode } from 'react';
import type { ProblemBody } from '#shared/domain/problem.ts';
import { useAfter, useConnected } from '../../state/use.ts';
import { Running, Sign } from '../../ui/Sign.tsx';
import './forms/forms.css';

/** A section that is one page: its title above, what can be set below. */
export function SettingsPage({ title, end, children }: { title: string; end?: ReactNode; children: ReactNode }) {
  return (
    <section className="settings-page" aria-label={title}>
      <header className="settings-head">
        <h1 className="grow cut">{title}</h1>
        {end}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls and has to be reached by keyboard. */}
      <div className="settings-body inset" tabIndex={0}>
        {children}
      </div>
    </section>
  );
}

/** What belongs together on a page. */
export function Part({ title, note, children }: { title: string; note?: string; children?: ReactNode }) {
  return (
    <section className="settings-part" aria-label={title} tabIndex={-1}>
      <h2>{title}</h2>
      {note !== undefined && <p className="settings-text">{note}</p>}
      {children}
    </section>
  );
}

/** A label and what stands beside it, on one baseline. */
export function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="settings-row">
      <span className="settings-label">{label}</span>
      <div className="settings-value">{children}</div>
    </div>
  );
}

interface AskedProps {
  problem: ProblemBody | undefined;
  onAgain: () => void;
}

/** While something is asked for, and when it could not be had. */
export function Asked({ problem, onAgain }: AskedProps) {
  const late = useAfter(300);
  const connected = useConnected();
  if (problem !== undefined)
    return (
      <div className="error-block" role="alert">
        <Sign name="warn" />
        <div className="grow">
          <b>{problem.message}</b>
          {problem.next !== undefined && <p className="text-2">{problem.next}</p>}
        </div>
        <button type="button" className="button small" onClick={onAgain}>
          Try again
        </button>
      </div>
    );
  return late ? (
    <p className="row text-3" role="status">
      {connected && <Running />}
      {connected ? 'Asking' : 'This is shown when there is a connection.'}
    </p>
  ) : null;
}

/** Something to know about what is set. */
export function Warning({ problem }: { problem: { message: string; next?: string | undefined } }) {
  return (
    <div className="notice-block warn">
      <Sign name="warn" />
      <p className="grow">
        <b>{problem.message}</b> {problem.next}
      </p>
    </div>
  );
}
