import { Running } from '../../ui/Sign.tsx';
import './jobs.css';

interface ProgressProps {
  /** What is done, such as `Importing notes.zip`. */
  verb: string;
  /** How far, such as `6,412 of 10,000 sessions`. */
  amount: string;
  /** In hundredths; null: nobody knows of how much. */
  percent: number | null;
  left?: string | undefined;
  /** Absent: it cannot be cancelled. */
  onCancel?: (() => void) | undefined;
  /** It was cancelled, and has not ended yet. */
  cancelling?: boolean;
}

/** Verb, bar, done of all, time left, Cancel. What has no known length has a count and no bar. */
export function Progress({ verb, amount, percent, left, onCancel, cancelling = false }: ProgressProps) {
  return (
    <div className="progress">
      <div className="row">
        <Running />
        <span className="grow cut" title={verb}>
          {verb}
        </span>
        {onCancel !== undefined && (
          <button
            type="button"
            className="button small"
            aria-disabled={cancelling}
            onClick={cancelling ? undefined : onCancel}
          >
            Cancel<span className="unseen"> {verb}</span>
          </button>
        )}
      </div>
      {percent !== null && (
        <div
          className="progress-track"
          role="progressbar"
          aria-label={verb}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
        >
          <div style={{ width: `${percent}%` }} />
        </div>
      )}
      <p className="progress-facts">
        <span>{cancelling ? 'Cancelling' : amount || 'Beginning'}</span>
        {left !== undefined && !cancelling && <span>{left}</span>}
      </p>
    </div>
  );
}
