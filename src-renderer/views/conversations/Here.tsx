import { Tooltip } from 'radix-ui';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Presence } from '#shared/domain/connections.ts';
import { settingsHref } from '../../state/route.ts';
import { useApp, useConnected } from '../../state/use.ts';
import { count } from '../../ui/format.ts';
import { Sign } from '../../ui/Sign.tsx';
import { kinds, namesOf } from '../connection-words.ts';

const NOBODY: readonly Presence[] = [];
/** Signs of kinds, not of everybody. */
const SIGNS = 2;
const NAMES = 8;

/** Who else has this conversation open; nothing when nobody has. */
export function Here({ session }: { session: string }) {
  const app = useApp();
  const connected = useConnected();
  const here = useStore(app.presence.store, (all) => all[session] ?? NOBODY);
  useEffect(() => app.presence.show(session), [app, session]);
  return connected && here.length > 0 ? <Others here={here} /> : null;
}

function Others({ here }: { here: readonly Presence[] }) {
  const names = namesOf(here);
  const signs = [...new Set(here.map(({ kind }) => kinds[kind].sign))].slice(0, SIGNS);
  return (
    <Tooltip.Provider delayDuration={200}>
      <Tooltip.Root>
        {/* The names stand in the link already. */}
        <Tooltip.Trigger asChild aria-describedby={undefined}>
          <a className="here-others" href={settingsHref('connections')}>
            {signs.map((sign) => (
              <Sign key={sign} name={sign} dense />
            ))}
            <span>{count(here.length)}</span>
            <span className="here-words">{here.length === 1 ? 'other here' : 'others here'}</span>
            <span className="unseen">: {names.map(({ text }) => text).join(', ')}</span>
          </a>
        </Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content className="float here-names" align="end" sideOffset={6} collisionPadding={8}>
            <p className="text-3 small">Also have this conversation open</p>
            <ul>
              {names.slice(0, NAMES).map(({ sign, text }) => (
                <li key={`${sign} ${text}`} className="row">
                  <Sign name={sign} dense />
                  <span className="cut">{text}</span>
                </li>
              ))}
              {names.length > NAMES && <li className="text-3">and {count(names.length - NAMES)} more</li>}
            </ul>
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
