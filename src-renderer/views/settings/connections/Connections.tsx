import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ConnectionInfo } from '#shared/domain/connections.ts';
import { settingsHref } from '../../../state/route.ts';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { count } from '../../../ui/format.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Confirm } from '../forms/Confirm.tsx';
import { Asked, SettingsPage } from '../SettingsPage.tsx';
import { ConnectionTable } from './ConnectionTable.tsx';

const PLACE = 'connections';

/** Who is connected, live. */
export function Connections() {
  const app = useApp();
  const connected = useConnected();
  const trouble = useTrouble(PLACE);
  const { connected: told, problem } = useStore(app.connections.store);
  const [closingOwn, setClosingOwn] = useState<ConnectionInfo | null>(null);
  useEffect(() => app.connections.show(), [app]);
  if (told === null)
    return (
      <SettingsPage title="Connections">
        <Asked problem={connected ? (problem ?? undefined) : undefined} onAgain={() => app.connections.again()} />
      </SettingsPage>
    );
  const { you, total, connections } = told;
  const close = (connection: ConnectionInfo) => {
    if (connection.id === you) setClosingOwn(connection);
    else void app.try(PLACE, 'connections.close', { connection: connection.id });
  };
  const left = total - connections.length;
  return (
    <SettingsPage title="Connections" end={<span className="text-3">{count(total)} connected</span>}>
      <section className="settings-part settings-wide" aria-label="Connections" tabIndex={-1}>
        <p className="settings-text">
          Windows and programs that are connected now. One that is closed may come back; to keep a program out, remove
          its access token under{' '}
          <a className="accent" href={settingsHref('gateway')}>
            Gateway
          </a>
          .
        </p>
        {!connected && <p className="text-3">Not connected. This is how it was before.</p>}
        {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(PLACE)} />}
        {problem !== null && <ProblemLine problem={problem} />}
        <ConnectionTable connections={connections} you={you} onClose={close} />
        {left > 0 && <p className="text-3">and {count(left)} more, who came later</p>}
        {total === 1 && connections[0]?.id === you && <p className="text-3">Nobody else is connected.</p>}
      </section>
      {closingOwn !== null && (
        <Confirm
          title="Close the connection of this window?"
          verb="Close connection"
          danger={false}
          // It is gone before it can be answered; the window says so where it always does.
          onConfirm={() => void app.ask('connections.close', { connection: closingOwn.id }).catch(() => {})}
          onClose={() => setClosingOwn(null)}
        >
          <p>Nothing that runs is stopped. The window connects again by itself.</p>
        </Confirm>
      )}
    </SettingsPage>
  );
}
