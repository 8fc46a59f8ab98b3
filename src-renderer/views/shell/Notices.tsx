import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../state/use.ts';
import { Sign } from '../../ui/Sign.tsx';

/** What somebody should know, of this start and since, until they have read it; and why there is no connection at all. */
export function Notices() {
  const app = useApp();
  const { state, hello } = useStore(app.connection);
  const [read, setRead] = useState<readonly string[]>([]);
  const since = useStore(app.notices.store);
  useEffect(() => app.notices.show(), [app]);
  const told = [...(hello?.notices ?? []), ...since];
  const notices = told.filter(
    ({ message }, index) => !read.includes(message) && told.findIndex((each) => each.message === message) === index,
  );
  if (state.kind !== 'refused' && notices.length === 0) return null;
  return (
    <aside className="notices" aria-label="Notices">
      {state.kind === 'refused' && state.problem !== undefined && (
        <div className="notice refused" role="alert">
          <Sign name="warn" />
          <p className="grow">
            <b>{state.problem.message}</b> {state.problem.next}
          </p>
          <button type="button" className="button small" onClick={() => app.retryNow()}>
            Try now
          </button>
        </div>
      )}
      {notices.map(({ message, next }) => (
        <div key={message} className="notice">
          <Sign name="warn" />
          <p className="grow">
            <b>{message}</b> {next}
          </p>
          <button type="button" className="button small" onClick={() => setRead([...read, message])}>
            Dismiss
          </button>
        </div>
      ))}
    </aside>
  );
}
