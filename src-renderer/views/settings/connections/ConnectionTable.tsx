import { type FocusEvent, useState } from 'react';
import type { ConnectionInfo } from '#shared/domain/connections.ts';
import { useConnected, useNow } from '../../../state/use.ts';
import { bytes, count, duration } from '../../../ui/format.ts';
import { rowKeys } from '../../../ui/row-keys.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { ago, fullTime } from '../../../ui/time.ts';
import { kinds, nameOf, placeOf, wayOf } from '../../connection-words.ts';
import { handsFocusOn } from '../forms/holds-focus.ts';
import './connections.css';

const MINUTE = 60_000;

interface TableProps {
  /** Oldest first: whoever comes is added at the end, and nobody changes place. */
  connections: readonly ConnectionInfo[];
  /** The one of this window. */
  you: string;
  onClose: (connection: ConnectionInfo) => void;
}

/** One row for each connection; the arrow keys go from row to row, all of which are one stop of the tab order. */
export function ConnectionTable({ connections, you, onClose }: TableProps) {
  const now = useNow(MINUTE / 2);
  const [at, setAt] = useState<string>();
  const tabStop = connections.some(({ id }) => id === at) ? at : connections[0]?.id;
  return (
    <table className="settings-table connections">
      <thead>
        <tr>
          <th scope="col">Who</th>
          <th scope="col" className="wide-only">
            From
          </th>
          <th scope="col" className="wide-only">
            Since
          </th>
          <th scope="col" className="end wide-only">
            Lag
          </th>
          <th scope="col" className="end wide-only">
            Follows
          </th>
          <th scope="col">
            <span className="unseen">Close</span>
          </th>
        </tr>
      </thead>
      <tbody
        onKeyDownCapture={rowKeys}
        onFocus={({ target }: FocusEvent) => setAt((before) => target.closest('tr')?.dataset.connection ?? before)}
      >
        {connections.map((each) => (
          <Row
            key={each.id}
            connection={each}
            own={each.id === you}
            tabStop={each.id === tabStop}
            now={now}
            onClose={onClose}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  connection: ConnectionInfo;
  own: boolean;
  tabStop: boolean;
  now: number;
  onClose: (connection: ConnectionInfo) => void;
}

function Row({ connection, own, tabStop, now, onClose }: RowProps) {
  const connected = useConnected();
  const { id, kind, version, since, roundTripMs, waiting, follows } = connection;
  const name = nameOf(connection);
  const place = placeOf(connection);
  const way = wayOf(connection);
  const age = (
    <time dateTime={new Date(since).toISOString()} title={fullTime(since)}>
      {ago(since, now)}
    </time>
  );
  return (
    <tr ref={handsFocusOn} data-connection={id}>
      <td>
        <div className="who">
          <Sign name={kinds[kind].sign} />
          <div className="who-text">
            <span className="who-name">
              <span className="cut" title={name}>
                {name}
              </span>
              {version !== '' && <span className="text-3 cut who-version">{version}</span>}
              {own && <span className="tag">this window</span>}
            </span>
            <span className="text-3 cut small wide-only" title={way}>
              {way}
            </span>
            <span className="text-3 cut small narrow-only" title={`${place}, ${way}`}>
              {age}
              {roundTripMs !== null && `, ${duration(roundTripMs)}`}
              {waiting > 0 && `, waits: ${bytes(waiting)}`}, {place}, {way}
            </span>
          </div>
        </div>
      </td>
      <td className="text-2 wide-only cut" title={place}>
        {place}
      </td>
      <td className="text-2 wide-only">{age}</td>
      <td className="text-2 end wide-only">
        <Lag {...connection} />
      </td>
      <td className="text-2 end wide-only">{count(follows)}</td>
      <td className="end">
        <button
          type="button"
          className="button bare small"
          aria-label={`Close ${own ? 'this window' : name}, ${place}`}
          aria-disabled={!connected}
          tabIndex={tabStop ? 0 : -1}
          onClick={() => connected && onClose(connection)}
        >
          Close
        </button>
      </td>
    </tr>
  );
}

/** The last round trip, and what it has not read yet. */
function Lag({ roundTripMs, waiting }: Pick<ConnectionInfo, 'roundTripMs' | 'waiting'>) {
  return (
    <>
      {roundTripMs === null ? (
        <>
          <span aria-hidden="true">—</span>
          <span className="unseen">unknown</span>
        </>
      ) : (
        duration(roundTripMs)
      )}
      {waiting > 0 && <span className="waits small">waits: {bytes(waiting)}</span>}
    </>
  );
}
