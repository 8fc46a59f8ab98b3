import type { Upload as Sent } from '../../state/transfers.ts';
import { useApp } from '../../state/use.ts';
import { bytes } from '../../ui/format.ts';
import { Sign } from '../../ui/Sign.tsx';
import { Progress } from '../jobs/Progress.tsx';
import { percent } from '../jobs/words.ts';

/** A file on its way from here, or why it did not go. */
export function Upload({ upload }: { upload: Sent }) {
  const app = useApp();
  const { id, name, done, of, problem } = upload;
  if (problem === null)
    return (
      <Progress
        verb={`Sending ${name}`}
        amount={`${bytes(done)} of ${bytes(of)}`}
        percent={percent({ done, of })}
        onCancel={() => app.transfers.drop(id)}
      />
    );
  return (
    <div className="error-block">
      <Sign name="warn" />
      <div className="grow">
        <b>{problem.message}</b>
        {problem.next !== undefined && <p className="text-2">{problem.next}</p>}
      </div>
      <button
        type="button"
        className="button bare small icon"
        aria-label="Dismiss"
        onClick={() => app.transfers.drop(id)}
      >
        <Sign name="close" dense />
      </button>
    </div>
  );
}
