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
