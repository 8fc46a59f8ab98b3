import { type FormEvent, useId, useRef, useState } from 'react';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { handsFocusOn } from '../forms/holds-focus.ts';
import { useForm } from '../forms/useForm.ts';
import { Part } from '../SettingsPage.tsx';
import { originOf } from './origin.ts';

const PLACE = 'origins';
const NOTHING = { origin: '' };

interface OriginsProps {
  origins: readonly string[];
  /** Resolves to whether they are the ones of now; where not, the trouble is told at the place that is given. */
  onSave: (place: string, origins: string[]) => Promise<boolean>;
}

/** Web pages elsewhere that a browser lets ask. */
export function Origins({ origins, onSave }: OriginsProps) {
  const app = useApp();
  const connected = useConnected();
  const trouble = useTrouble(PLACE);
  return (
    <Part
      title="Web pages that may ask"
      note="A page on another site reaches Choragus from a browser only when it is listed here, and only with an access token."
    >
      {origins.length === 0 ? (
        <p className="text-3">
          None, and mostly none is needed: programs and the pages of Choragus itself need no entry.
        </p>
      ) : (
        <ul className="origins" aria-label="Web pages that may ask">
          {origins.map((origin) => (
            <li key={origin} ref={handsFocusOn}>
              <span className="mono grow">{origin}</span>
              <button
                type="button"
                className="button bare small"
                aria-label={`Remove ${origin}`}
                aria-disabled={!connected}
                onClick={() => {
                  const rest = origins.filter((each) => each !== origin);
                  if (connected) void onSave(PLACE, rest);
                }}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      <NewOrigin origins={origins} onAdd={(origin) => onSave(PLACE, [...origins, origin])} />
      {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(PLACE)} />}
    </Part>
  );
}

interface NewOriginProps {
  origins: readonly string[];
  onAdd: (origin: string) => Promise<boolean>;
}

function NewOrigin({ origins, onAdd }: NewOriginProps) {
  const connected = useConnected();
  const form = useForm('gateway/origin', NOTHING);
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const note = useId();
  const { fields } = form;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = originOf(fields.origin, origins);
    // The button is not to be pressed when it is added.
    input.current?.focus();
    if ('problem' in found) setProblem(found.problem);
    else if (await onAdd(found.origin)) form.saved(fields);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <div className="settings-inline">
        <input
          ref={input}
          className="field gateway-name"
          aria-label="Origin of the web page"
          aria-describedby={problem === undefined ? undefined : note}
          aria-invalid={problem === undefined ? undefined : true}
          placeholder="https://example.org"
          value={fields.origin}
          maxLength={2000}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setProblem(undefined);
            form.set('origin', event.target.value);
          }}
        />
        <button type="submit" className="button" disabled={!connected || fields.origin.trim() === ''}>
          Add
        </button>
      </div>
      {problem !== undefined && (
        <div id={note} className="form-note" role="alert">
          <p className="error">{problem}</p>
        </div>
      )}
    </form>
  );
}
