import type { ProblemBody } from '#shared/domain/problem.ts';
import { Sign } from './Sign.tsx';

/** What went wrong with something one just did, in the place where one did it. */
export function ProblemLine({ problem, onDismiss }: { problem: ProblemBody; onDismiss?: () => void }) {
  return (
    <div className="problem-line" role="alert">
      <b>{problem.message}</b>
      {problem.next !== undefined && <span>{problem.next}</span>}
      {onDismiss !== undefined && (
        <button type="button" className="button bare small icon" aria-label="Dismiss" onClick={onDismiss}>
          <Sign name="close" dense />
        </button>
      )}
    </div>
  );
}
