import { useState } from 'react';
import type { ProviderInfo, Roster } from '#shared/domain/summary.ts';
import { settingsHref } from '../../../state/route.ts';
import { useApp, useConnected, useRoster, useTrouble } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { Gone, Loading } from '../forms/Empty.tsx';
import { Split } from '../forms/Split.tsx';
import { AddProvider } from './AddProvider.tsx';
import { ProviderDetail } from './ProviderDetail.tsx';
import { ProviderRow } from './ProviderRow.tsx';
import './providers.css';

/** In the address, instead of the id of a provider: the form for one more. */
const ADD = '+';
const LOOK = 'look for providers';

export function ProvidersSection({ open }: { open: string | null }) {
  const roster = useRoster();
  return roster === null ? <Loading title="Providers" /> : <Providers roster={roster} open={open} />;
}

function Providers({ roster, open }: { roster: Roster; open: string | null }) {
  // What is shown when the address names none does not change while one looks at it.
  const [first] = useState(() => firstOf(roster.providers));
  const there = (wanted: string) => roster.providers.find(({ id }) => id === wanted);
  const wanted = open ?? (first === ADD || there(first) ? first : firstOf(roster.providers));
  const provider = there(wanted);
  const tabStop = provider?.id ?? roster.providers[0]?.id;
  return (
    <Split
      title="Providers"
      opened={open !== null}
      shown={wanted}
      action={
        <a className="button" href={settingsHref('providers', ADD)} aria-current={wanted === ADD ? 'page' : undefined}>
          <Sign name="plus" dense />
          Add
        </a>
      }
      list={
        <ul>
          {roster.providers.map((each) => (
            <li key={each.id}>
              <ProviderRow provider={each} current={each.id === wanted} tabStop={each.id === tabStop} />
            </li>
          ))}
        </ul>
      }
      below={<LookAgain />}
      detail={
        wanted === ADD ? (
          <AddProvider asked={open === ADD} />
        ) : provider === undefined ? (
          <Gone section="providers" title="Providers" what="This provider is not here any more." />
        ) : (
          <ProviderDetail key={provider.id} provider={provider} roster={roster} />
        )
      }
    />
  );
}

/** What most likely wants attention: one that is in trouble, else the first with language models, else a new one. */
function firstOf(providers: readonly ProviderInfo[]): string {
  const others = providers.filter(({ offline }) => !offline);
  const inTrouble = others.find(({ enabled, state }) => enabled && (state === 'unreachable' || state === 'refused'));
  return (inTrouble ?? others[0])?.id ?? ADD;
}

const hereNow = (providers: readonly ProviderInfo[]): string => {
  const names = providers.filter(({ origin }) => origin === 'found').map(({ name }) => name);
  return names.length === 0 ? 'None of them runs here now.' : `Here now: ${names.join(', ')}.`;
};

/** Services on this computer are found by themselves; now and then one does not want to wait for it. */
function LookAgain() {
  const app = useApp();
  const trouble = useTrouble(LOOK);
  const connected = useConnected();
  const [looking, setLooking] = useState(false);
  const [told, setTold] = useState('');
  const look = async () => {
    if (looking || !connected) return;
    setLooking(true);
    setTold('');
    const done = await app.try(LOOK, 'providers.look', {});
    setLooking(false);
    if (done !== undefined) setTold(hereNow(app.roster.getState().roster?.providers ?? []));
  };
  return (
    <div className="split-note">
      <p>Ollama, LM Studio and llama.cpp are found by themselves when they run on this computer.</p>
      <button
        type="button"
        className="button bare small look-again"
        aria-disabled={looking || !connected}
        onClick={() => void look()}
      >
        {looking ? 'Looking' : 'Look now'}
      </button>
      <span role="status">{told}</span>
      {trouble !== undefined && <ProblemLine problem={trouble} />}
    </div>
  );
}
