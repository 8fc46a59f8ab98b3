import { useStore } from 'zustand';
import type { ProblemBody } from '#shared/domain/problem.ts';
import { useApp } from '../../../state/use.ts';
import { Sign } from '../../../ui/Sign.tsx';

/** Why the session is not (or no longer) shown live. */
export function FollowProblem({ session, problem }: { session: string; problem: ProblemBody }) {
  const app = useApp();
  return (
    <div className="measure follow-problem">
      <div className="error-block" role="alert">
        <Sign name="warn" />
        <div className="grow">
          <b>{problem.message}</b>
          {problem.next !== undefined && <p className="text-2">{problem.next}</p>}
          <div className="row error-actions">
            <button type="button" className="button small" onClick={() => app.open.again(session)}>
              Load again
            </button>
          </div>
        </div>
      </div>
    </div>
  );
}

/** The address leads to a session that is not here. */
export function NotFound({ session }: { session: string }) {
  const app = useApp();
  const others = useStore(app.sessions.store, ({ rows }) => rows.length > 0);
  return (
    <div className="measure follow-problem">
      <div className="error-block" role="alert">
        <Sign name="warn" />
        <div className="grow">
          <b>There is no conversation at this address.</b>
          <p className="text-2">{others ? 'Choose one from the list, or begin a new one.' : 'Begin a new one.'}</p>
          <div className="row error-actions">
            <button type="button" className="button small" onClick={() => app.goTo(null)}>
              New conversation
            </button>
            <button type="button" className="button bare small" onClick={() => app.open.again(session)}>
              Load again
            </button>
          </div>
        </div>
      </div>
    </div>
  );
}
