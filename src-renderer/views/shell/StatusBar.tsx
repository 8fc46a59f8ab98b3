import { useStore } from 'zustand';
import { isRunning } from '#shared/domain/things.ts';
import { rate } from '../../state/figures.ts';
import type { OpenSession } from '../../state/open.ts';
import { onlyOffline } from '../../state/targets.ts';
import { useApp, useConnected, useRoster } from '../../state/use.ts';
import { count, perSecond } from '../../ui/format.ts';
import { Dot, Running } from '../../ui/Sign.tsx';
import { StatusJobs } from '../jobs/StatusJobs.tsx';
import { shortcutText } from '../shortcuts.ts';
import { ConnectionState } from './ConnectionState.tsx';

/** Facts of the whole app; each entry opens what it names. */
export function StatusBar() {
  const app = useApp();
  return (
    <footer className="status-bar">
      <ConnectionState />
      <RunningTurns />
      <StatusJobs />
      <span className="grow" />
      <Models />
      <button type="button" className="status-entry wide" onClick={() => app.dialog.setState({ open: 'commands' })}>
        Commands <kbd>{shortcutText('commands')}</kbd>
      </button>
    </footer>
  );
}

/** How many sessions have a running turn, and what comes in where we can see it. Leads to the newest of them. */
function RunningTurns() {
  const app = useApp();
  const running = useStore(app.sessions.store, ({ rows }) =>
    rows.reduce((sum, { last }) => sum + (last !== null && isRunning(last.state) ? 1 : 0), 0),
  );
  const connected = useConnected();
  const tokens = useStore(app.open.store, (open) => Math.round(totalRate(Object.values(open))));
  // Without a connection nobody knows.
  if (running === 0 || !connected) return null;
  const first = () => {
    const row = app.sessions.store.getState().rows.find(({ last }) => last !== null && isRunning(last.state));
    if (row !== undefined) app.goTo(row.id);
  };
  return (
    <button type="button" className="status-entry" onClick={first}>
      <Running />
      {count(running)} {running === 1 ? 'turn' : 'turns'} running
      {tokens > 0 && <span className="text-3">{perSecond(tokens)}</span>}
    </button>
  );
}

function totalRate(sessions: readonly OpenSession[]): number {
  let total = 0;
  for (const { figures } of sessions) for (const each of Object.values(figures)) total += rate(each) ?? 0;
  return total;
}

/** Which language models are at hand, and which of their providers do not answer. */
function Models() {
  const app = useApp();
  const roster = useRoster();
  if (roster === null) return null;
  const used = roster.providers.filter(({ enabled }) => enabled);
  const down = used.filter(({ state }) => state === 'unreachable' || state === 'refused');
  const models = used.reduce((sum, { offline, models }) => sum + (offline ? 0 : models.length), 0);
  return (
    <button type="button" className="status-entry" onClick={() => app.goToSettings('providers', down[0]?.id)}>
      {down.length > 0 ? (
        <>
          <span className="error row">
            <Dot kind="ring" />
          </span>
          <span className="cut">
            {down.length === 1 ? down[0]?.name : `${down.length} providers`}{' '}
            {down.every(({ state }) => state === 'refused') ? 'refused' : 'not reachable'}
          </span>
        </>
      ) : onlyOffline(roster) ? (
        'No language model'
      ) : (
        `${count(models)} ${models === 1 ? 'model' : 'models'}`
      )}
    </button>
  );
}
