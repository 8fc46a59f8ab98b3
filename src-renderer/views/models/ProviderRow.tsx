import { useState } from 'react';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import { useApp, useTrouble } from '../../state/use.ts';
import { counted } from '../../ui/format.ts';
import { ProblemLine } from '../../ui/ProblemLine.tsx';
import { Dot } from '../../ui/Sign.tsx';

const states = {
  ready: { word: 'ready', tone: 'ok', dot: 'full' },
  unknown: { word: 'not asked yet', tone: 'text-3', dot: 'ring' },
  unreachable: { word: 'not reachable', tone: 'error', dot: 'ring' },
  refused: { word: 'refused', tone: 'error', dot: 'ring' },
} as const;

/** One provider: how it stands, and for those that were connected here, the way to remove it. */
export function ProviderRow({ provider }: { provider: ProviderInfo }) {
  const app = useApp();
  const trouble = useTrouble(provider.id);
  const [checking, setChecking] = useState(false);
  const [removing, setRemoving] = useState(false);
  const { id, name, baseUrl, offline, origin, state, problem, models } = provider;
  const { word, tone, dot } = states[state];
  const check = async () => {
    setChecking(true);
    await app.check(id);
    setChecking(false);
  };
  const shown = trouble ?? problem;
  return (
    <li className="provider">
      <div className="provider-line">
        <span className="grow">
          <span className="provider-name cut">{name}</span>
          <span className="provider-about cut">
            {[
              counted(models.length, 'model'),
              offline ? 'in this app, no language model' : baseUrl,
              origin === 'config' ? 'from the configuration file' : null,
            ]
              .filter((each) => each !== null)
              .join(', ')}
          </span>
        </span>
        <span className={`row small ${tone}`}>
          <Dot kind={dot} />
          {checking ? 'asking' : word}
        </span>
        {!offline && (
          <button type="button" className="button small" disabled={checking} onClick={() => void check()}>
            Check
          </button>
        )}
        {origin === 'user' && !removing && (
          <button
            type="button"
            className="button bare small"
            aria-label={`Remove ${name}`}
            onClick={() => setRemoving(true)}
          >
            Remove
          </button>
        )}
      </div>
      {removing && (
        <div className="provider-removing">
          <span className="grow">Its key goes, too. Specialists that use it need another model.</span>
          <button type="button" className="button small" onClick={() => setRemoving(false)}>
            Keep
          </button>
          <button
            type="button"
            className="button small danger"
            onClick={() => {
              setRemoving(false);
              void app.act(id, 'providers.remove', { provider: id });
            }}
          >
            Remove {name}
          </button>
        </div>
      )}
      {shown != null && <ProblemLine problem={{ code: 'PROVIDER_FAILED', ...shown }} />}
    </li>
  );
}
