import { useEffect, useRef, useState } from 'react';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import { useRoster } from '../../state/use.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { counted, size } from '../../ui/format.ts';
import { Sign } from '../../ui/Sign.tsx';
import { ConnectForm } from './ConnectForm.tsx';
import { ProviderRow } from './ProviderRow.tsx';
import './models.css';

/** Providers that are connected, and the way to connect one more. */
export function ModelsDialog({ onClose }: { onClose: () => void }) {
  const roster = useRoster();
  const [connected, setConnected] = useState<string | null>(null);
  const providers = roster?.providers ?? [];
  const fresh = providers.find(({ id }) => id === connected);
  return (
    <Dialog title="Connect a model" onClose={onClose}>
      {connected === null ? (
        <ConnectForm onConnected={setConnected} />
      ) : (
        <Connected provider={fresh} onMore={() => setConnected(null)} onDone={onClose} />
      )}
      {providers.length > 0 && (
        <section className="providers" aria-labelledby="providers-title">
          <h3 id="providers-title">Connected</h3>
          <ul>
            {providers.map((provider) => (
              <ProviderRow key={provider.id} provider={provider} />
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}

interface ConnectedProps {
  provider: ProviderInfo | undefined;
  onMore: () => void;
  onDone: () => void;
}

/** It answered: these are its models, as it lists them itself. */
function Connected({ provider, onMore, onDone }: ConnectedProps) {
  const done = useRef<HTMLButtonElement>(null);
  useEffect(() => done.current?.focus(), []);
  return (
    <section className="connected" aria-label="Connected">
      <p className="row" role="status">
        <span className="ok row">
          <Sign name="check" />
        </span>
        <b className="strong">{provider?.name ?? 'The provider'} is connected.</b>
        <span className="text-3">{provider && counted(provider.models.length, 'model')}</span>
      </p>
      {provider !== undefined && (
        <ul className="model-list" aria-label="Models">
          {provider.models.map(({ id, contextWindow }) => (
            <li key={id} className="row">
              <span className="mono grow cut" title={id}>
                {id}
              </span>
              {contextWindow !== undefined && <span className="text-3 small">{size(contextWindow)}</span>}
            </li>
          ))}
        </ul>
      )}
      <p className="text-2">Specialists without a model of their own use the first one that answers.</p>
      <div className="row form-actions">
        <button type="button" className="button bare" onClick={onMore}>
          Connect another
        </button>
        <button ref={done} type="button" className="button primary" onClick={onDone}>
          Done
        </button>
      </div>
    </section>
  );
}
