import { useId, useState } from 'react';
import type { TurnNode } from '#shared/domain/session.ts';
import { useApp } from '../../../state/use.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { RetryWith } from './RetryWith.tsx';

/** A turn that failed: what happened, what was kept, what can be done; the code only for who asks. */
export function Failure({ session, node }: { session: string; node: TurnNode }) {
  const app = useApp();
  const [details, setDetails] = useState(false);
  const id = useId();
  const { problem, text, speaker, attempt } = node;
  const give = (method: 'turns.continue' | 'turns.retry') => void app.act(node.id, method, { session, turn: node.id });
  return (
    <div className={text === '' ? 'error-block' : 'error-block below'} role="alert">
      <Sign name="warn" />
      <div className="grow">
        <b>{problem?.message ?? 'The answer broke off.'}</b>
        <p className="text-2">
          {text === '' ? '' : 'What came is kept above. '}
          {problem?.next}
        </p>
        <div className="row error-actions">
          {text !== '' && (
            <button type="button" className="button small" onClick={() => give('turns.continue')}>
              Continue
            </button>
          )}
          <button type="button" className="button small" onClick={() => give('turns.retry')}>
            Retry
          </button>
          {atProvider(problem?.code) && (
            <button
              type="button"
              className="button small"
              onClick={() => app.goToSettings('providers', speaker.provider)}
            >
              Provider
            </button>
          )}
          {text === '' && <RetryWith session={session} node={node} />}
          <button
            type="button"
            className="button bare small"
            aria-expanded={details}
            aria-controls={id}
            onClick={() => setDetails(!details)}
          >
            What happened
          </button>
        </div>
        {details && (
          <dl id={id} className="error-facts">
            <dt>Code</dt>
            <dd>{problem?.code ?? 'unknown'}</dd>
            <dt>Model</dt>
            <dd>
              {speaker.model} on {speaker.providerName}
            </dd>
            <dt>Attempts</dt>
            <dd>{attempt}</dd>
          </dl>
        )}
      </div>
    </div>
  );
}

/** What can be mended where providers are connected. */
const atProvider = (code: string | undefined) =>
  code === 'PROVIDER_REFUSED' || code === 'PROVIDER_UNREACHABLE' || code === 'NEEDS_MODEL';
