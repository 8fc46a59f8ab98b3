import { type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { settingsHref } from '../../../state/route.ts';
import { useAfter, useApp, useConnected } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Running } from '../../../ui/Sign.tsx';
import { Back } from './Split.tsx';

/** Before anything is known. */
export function Loading({ title }: { title: string }) {
  const app = useApp();
  const problem = useStore(app.roster, (each) => each.problem);
  return (
    <section className="split-room" aria-label={title}>
      <div className="detail-body">
        {problem !== null ? (
          <div className="row">
            <ProblemLine problem={problem} />
            <button type="button" className="button small" onClick={() => app.followRoster()}>
              Try again
            </button>
          </div>
        ) : (
          <Waiting />
        )}
      </div>
    </section>
  );
}

/** A sign of life for what takes long. */
export function Waiting() {
  const late = useAfter(300);
  const connected = useConnected();
  return (
    late && (
      <p className="row text-3" role="status">
        {connected ? (
          <>
            <Running /> Asking
          </>
        ) : (
          'Not connected. It is shown when the connection is back.'
        )}
      </p>
    )
  );
}

interface GoneProps {
  section: string;
  title: string;
  what: string;
  /** What can still be done with what was typed about it. */
  children?: ReactNode;
}

/** The address names something that is not there. */
export function Gone({ section, title, what, children }: GoneProps) {
  const ref = useRef<HTMLElement>(null);
  // It may have gone while one typed.
  useEffect(() => {
    if (document.activeElement === document.body) ref.current?.focus({ preventScroll: true });
  }, []);
  return (
    <section ref={ref} className="detail" aria-label={title} tabIndex={-1}>
      <header className="split-head">
        <Back section={section} title={title} />
      </header>
      <div className="detail-body">
        <p className="text-2">
          {what}{' '}
          <a className="accent" href={settingsHref(section)}>
            Show the others
          </a>
        </p>
        {children}
      </div>
    </section>
  );
}
