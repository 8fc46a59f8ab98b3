import { type FormEvent, useId, useState } from 'react';
import { useConnected } from '../../../state/use.ts';
import { Row } from '../SettingsPage.tsx';

interface PortProps {
  port: number;
  /** Why it does not count at once; null when it does. */
  note: string | null;
  onSave: (port: number) => void;
}

/** Where it listens; counts when it is saved. */
export function Port({ port, note, onSave }: PortProps) {
  const connected = useConnected();
  const hint = useId();
  const [typed, setTyped] = useState(String(port));
  const save = (event: FormEvent) => {
    event.preventDefault();
    onSave(Number(typed));
  };
  return (
    <form onSubmit={save}>
      <Row label="Port">
        <div className="settings-inline">
          <input
            className="field gateway-port"
            type="number"
            min={0}
            max={65_535}
            step={1}
            required
            aria-label="Port"
            aria-describedby={hint}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          {typed !== String(port) && (
            <button type="submit" className="button" disabled={!connected}>
              Save
            </button>
          )}
        </div>
        <p id={hint} className="settings-note">
          {note ?? '0 takes a free one at each start.'}
        </p>
      </Row>
    </form>
  );
}
