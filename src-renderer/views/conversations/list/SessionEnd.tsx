import { isRunning } from '#shared/domain/things.ts';
import { useConnected, useSessionLook } from '../../../state/use.ts';
import { Running } from '../../../ui/Sign.tsx';
import { fullTime, shortTime } from '../../../ui/time.ts';
import type { Row } from './rows.ts';

/** How a session stands, or when it was. */
export function SessionEnd({ row, today }: { row: Row; today: number }) {
  const connected = useConnected();
  const look = useSessionLook(row);
  if (row.kept === 'refused') return <span className="session-end error">not sent</span>;
  if (row.kept === 'kept') return <span className="session-end">kept here</span>;
  const state = row.last?.state;
  if (state !== undefined && isRunning(state) && connected) return <Running look={look} label="running" />;
  if (state === 'interrupted') return <span className="session-end warn">interrupted</span>;
  if (state === 'failed') return <span className="session-end error">failed</span>;
  return (
    <time className="session-end" dateTime={new Date(row.updatedAt).toISOString()} title={fullTime(row.updatedAt)}>
      {shortTime(row.updatedAt, today)}
    </time>
  );
}
