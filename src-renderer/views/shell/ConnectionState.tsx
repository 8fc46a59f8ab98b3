import { useStore } from 'zustand';
import { useApp, useCountdown, useDesktop } from '../../state/use.ts';
import { ordinal } from '../../ui/format.ts';
import { Dot } from '../../ui/Sign.tsx';

const LOCAL = ['localhost', '127.0.0.1', '[::1]', ''];

/** Whether there is a connection, and if not, what happens next. */
export function ConnectionState() {
  const app = useApp();
  const { state } = useStore(app.connection);
  const seconds = useCountdown(state.retryAt);
  const here = useDesktop() !== undefined || LOCAL.includes(location.hostname);
  if (state.kind === 'connected')
    return (
      <span className="status-entry">
        <span className="ok row">
          <Dot kind="full" />
        </span>
        Connected
        <span className="text-3">{here ? 'this computer' : location.hostname}</span>
      </span>
    );
  if (state.kind === 'refused' || state.kind === 'closed')
    return (
      <span className="status-entry">
        <span className="error row">
          <Dot kind="ring" />
        </span>
        Not connected
        <TryNow />
      </span>
    );
  const nth = ordinal(state.attempt + (state.retryAt === undefined ? 0 : 1));
  const when = seconds === undefined ? '' : seconds === 0 ? ' now' : ` in ${seconds} s`;
  return (
    <span className="status-entry">
      <span className="warn row">
        <Dot kind="half" />
      </span>
      {state.kind === 'connecting' ? 'Connecting' : 'Reconnecting'}
      {(state.kind === 'reconnecting' || state.attempt > 1) && (
        <span className="text-3 cut">{`${nth} try${when}; what you write is kept`}</span>
      )}
      {seconds !== undefined && seconds > 1 && <TryNow />}
    </span>
  );
}

function TryNow() {
  const app = useApp();
  return (
    <button type="button" className="status-action" onClick={() => app.retryNow()}>
      Try now
    </button>
  );
}
