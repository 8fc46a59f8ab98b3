import { useState } from 'react';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import { useApp, useConnected } from '../../../state/use.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { holdsFocus } from '../forms/holds-focus.ts';
import { formOf } from './fields.ts';

/** What one should know before anything else: trouble first, then why something cannot be changed here. */
export function ProviderNotes({ provider }: { provider: ProviderInfo }) {
  const { name, origin, offline, enabled, problem, baseUrl } = provider;
  return (
    <>
      {!enabled && (
        <div className="notice-block">
          <Sign name="stop" />
          <p>
            <b>Switched off.</b> Nobody asks {name} for anything, and nobody uses its models.
          </p>
        </div>
      )}
      {enabled && problem !== null && <Trouble provider={provider} problem={problem} />}
      {offline && (
        <p className="text-2 provider-says">
          They do real work on this computer without a language model, a key or a network.
        </p>
      )}
      {origin === 'found' && (
        <p className="text-2 provider-says">
          Found on this computer{baseUrl !== null && ` at ${placeOf(baseUrl)}`}. There is nothing to set up; it is here
          as long as it runs.
        </p>
      )}
      {origin === 'config' && <Declared />}
    </>
  );
}

const placeOf = (url: string) => (URL.canParse(url) ? new URL(url).host : url);

function Trouble({
  provider: { id },
  problem,
}: {
  provider: ProviderInfo;
  problem: { message: string; next?: string | undefined };
}) {
  const app = useApp();
  const connected = useConnected();
  const [asking, setAsking] = useState(false);
  const again = async () => {
    if (asking || !connected) return;
    setAsking(true);
    await app.try(formOf(id), 'providers.check', { provider: id });
    setAsking(false);
  };
  return (
    <div className="error-block">
      <Sign name="warn" />
      <div className="grow">
        <b>{problem.message}</b>
        {problem.next !== undefined && <p className="text-2">{problem.next}</p>}
      </div>
      <button
        ref={holdsFocus}
        type="button"
        className="button small"
        aria-disabled={asking || !connected}
        onClick={() => void again()}
      >
        {asking ? 'Asking' : 'Ask again'}
      </button>
    </div>
  );
}

function Declared() {
  const file = useAnswer('app.info', {}).answer?.data.config;
  return (
    <div className="notice-block">
      <Sign name="lock" />
      <p className="grow">
        <b>Declared in the configuration file.</b> Change it there, then start Choragus again.
        {file !== undefined && (
          <>
            {' '}
            It is <Path of={file} />.
          </>
        )}
      </p>
    </div>
  );
}

const Path = ({ of }: { of: string }) => <span className="provider-path">{of}</span>;
