import { type FormEvent, useId, useMemo, useRef } from 'react';
import { useConnected } from '../../../state/use.ts';
import { saveKeys } from '../forms/save-keys.ts';
import { useForm } from '../forms/useForm.ts';
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
  const input = useRef<HTMLInputElement>(null);
  const form = useForm(
    'gateway/port',
    useMemo(() => ({ port: String(port) }), [port]),
  );
  const typed = form.fields.port;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (!connected || form.changed.length === 0) return;
    // The button goes when it is saved.
    input.current?.focus();
    onSave(Number(typed));
  };
  return (
    <form onSubmit={save} onKeyDown={saveKeys}>
      <Row label="Port">
        <div className="settings-inline">
          <input
            ref={input}
            className="field gateway-port"
            type="number"
            min={0}
            max={65_535}
            step={1}
            required
            aria-label="Port"
            aria-describedby={hint}
            value={typed}
            onChange={(event) => form.set('port', event.target.value)}
          />
          {form.changed.length > 0 && (
            <button type="submit" className="button" disabled={!connected}>
              Save
            </button>
          )}
        </div>
        <p id={hint} className="settings-note">
          {note ?? '0 picks a free port at each start.'}
        </p>
      </Row>
    </form>
  );
}
