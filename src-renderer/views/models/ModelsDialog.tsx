import { useEffect, useRef, useState } from 'react';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import { settingsHref } from '../../state/route.ts';
import { useRoster } from '../../state/use.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { counted, size } from '../../ui/format.ts';
import { Sign } from '../../ui/Sign.tsx';
import { ConnectForm } from './ConnectForm.tsx';
import './models.css';

/** The short way to one provider more, from wherever one needs it; the others are in the settings. */
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
      {connected === null && (
        <p className="row connect-others">
          <span className="grow cut">{standsNow(providers)}</span>
          <a className="accent" href={settingsHref('providers')} onClick={onClose}>
            All providers
          </a>
        </p>
      )}
    </Dialog>
  );
}

/** What is connected already, in one line. */
function standsNow(providers: readonly ProviderInfo[]): string {
  const names = providers.filter(({ offline }) => !offline).map(({ name }) => name);
  return names.length === 0 ? 'Offline models work without any of these.' : `Connected: ${names.join(', ')}`;
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
