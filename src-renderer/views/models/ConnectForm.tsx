import { type FormEvent, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { CallParams } from '#shared/contract/contract.ts';
import { type Service, services } from '#shared/domain/providers.ts';
import { unsavedIn } from '../../state/unsaved.ts';
import { useApp, useConnected, useRoster, useTrouble } from '../../state/use.ts';
import { Running, Sign } from '../../ui/Sign.tsx';
import { Field, TextArea, TextField } from '../settings/forms/Field.tsx';
import { focusFirstProblem } from '../settings/forms/focus-first-problem.ts';
import { SaveKey } from '../settings/forms/SaveKey.tsx';
import { saveKeys } from '../settings/forms/save-keys.ts';
import { useForm } from '../settings/forms/useForm.ts';
import { ByHand } from '../settings/providers/ByHand.tsx';
import { namedModels, type ProviderField, problemsOf } from '../settings/providers/fields.ts';
import { SecretNote } from '../settings/providers/SecretNote.tsx';
import { firstService, serviceFields } from './services.ts';
import '../settings/forms/forms.css';
import './models.css';

const PLACE = 'connect';
/** Which service is being connected; each one has a form of its own, so that a second look at another loses nothing. */
const KIND = 'provider/+';

interface ConnectFormProps {
  verb?: string;
  onConnected: (provider: string) => void;
}

/** What is asked before a provider is connected. The key leaves this form once, for the server, and never comes back. */
export function ConnectForm({ verb = 'Connect', onConnected }: ConnectFormProps) {
  const app = useApp();
  const connected = useConnected();
  const trouble = useTrouble(PLACE);
  const service = useService();
  const formName = `${KIND}/${service.id}`;
  const form = useForm<ProviderField>(
    formName,
    useMemo(() => serviceFields(service), [service]),
  );
  const { fields, set } = form;
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const [naming, setNaming] = useState(false);
  // A key that was not sent is gone with the form.
  useEffect(() => () => app.unsaved.forgetKeys(KIND), [app]);
  const byHand = service.models === 'named' || naming || fields.models !== '';
  const problems = { ...problemsOf(fields, service), ...keyProblem(service, fields.key) };
  const shown = tried ? problems : {};

  const connect = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy || !connected) return;
    setTried(true);
    if (Object.keys(problems).length > 0) {
      focusFirstProblem(event.currentTarget);
      return;
    }
    setBusy(true);
    const result = await app.act(PLACE, 'providers.connect', wishOf(service, fields));
    setBusy(false);
    if (result === undefined) return;
    form.saved(fields);
    app.unsaved.saved(KIND, { kind: service.id });
    app.say(`${fields.name.trim()} is connected.`);
    onConnected(result.provider);
  };

  return (
    <form
      className="form connect"
      aria-label={`${verb} a provider`}
      noValidate
      onKeyDown={saveKeys}
      onSubmit={(event) => void connect(event)}
    >
      <Field label="Kind" hint={withCode(service.hint)}>
        {(named) => (
          <span className="select">
            <select
              {...named}
              className="field"
              value={service.id}
              aria-disabled={busy}
              onChange={(event) => {
                if (busy) return;
                app.unsaved.write(KIND, { kind: event.target.value });
                app.forgive(PLACE);
                setTried(false);
              }}
              data-autofocus
            >
              <optgroup label="On this computer, or a server of one’s own">
                {services.filter(({ kind }) => kind === 'openai-compatible').map(option)}
              </optgroup>
              <optgroup label="Over the network">
                {services.filter(({ kind }) => kind !== 'openai-compatible').map(option)}
              </optgroup>
            </select>
            <Sign name="down" dense />
          </span>
        )}
      </Field>
      <TextField
        label="Name"
        readOnly={busy}
        value={fields.name}
        onValue={(value) => set('name', value)}
        problem={shown.name}
      />
      <TextField
        label="Base URL"
        className="mono"
        inputMode="url"
        spellCheck={false}
        readOnly={busy}
        placeholder={service.id === 'compatible' ? 'http://127.0.0.1:8000/v1' : ''}
        value={fields.baseUrl}
        onValue={(value) => set('baseUrl', value)}
        problem={shown.baseUrl}
      />
      <TextField
        label="Key"
        type="password"
        autoComplete="new-password"
        readOnly={busy}
        placeholder={service.key === 'yes' ? '' : service.key === 'no' ? 'not needed' : 'if it wants one'}
        value={fields.key}
        onValue={(value) => set('key', value)}
        problem={shown.key}
        hint={service.key === 'no' ? undefined : <SecretNote />}
      />
      {byHand ? (
        <TextArea
          label="Models"
          className="mono"
          autoFocus={naming}
          readOnly={busy}
          rows={3}
          spellCheck={false}
          value={fields.models}
          onValue={(value) => set('models', value)}
          problem={shown.models}
          hint={
            service.models === 'named' ? 'One per line.' : 'One per line. With none here it is asked for its models.'
          }
        />
      ) : (
        <ByHand onName={() => setNaming(true)} />
      )}
      {trouble !== undefined && (
        <div className="error-block" role="alert">
          <Sign name="warn" />
          <div className="grow">
            <b>{trouble.message}</b>
            {trouble.next !== undefined && <p className="text-2">{trouble.next}</p>}
          </div>
        </div>
      )}
      <div className="row form-actions">
        <span className="grow text-3 small row" role="status">
          {busy ? (
            <>
              <Running /> Asking for its models
            </>
          ) : (
            !connected && 'Not connected. Kept here'
          )}
        </span>
        <button type="submit" className="button primary" aria-disabled={busy || !connected}>
          {verb}
          <SaveKey />
        </button>
      </div>
    </form>
  );
}

/** The service that was chosen, else one that is not connected yet: it stays while the roster changes. */
function useService(): Service {
  const app = useApp();
  const roster = useRoster();
  const { kind } = useStore(app.unsaved.store, (all) => unsavedIn(all, KIND));
  const [first] = useState(() => firstService(roster?.providers ?? []));
  return services.find(({ id }) => id === kind) ?? first;
}

const keyProblem = (service: Service, key: string) =>
  service.key === 'yes' && key.trim() === '' ? { key: `${service.title} wants a key.` } : {};

type Wish = Omit<CallParams<'providers.connect'>, 'command'>;

function wishOf({ kind }: Service, fields: Readonly<Record<ProviderField, string>>): Wish {
  const wish: Wish = { kind, name: fields.name.trim(), baseUrl: fields.baseUrl.trim() };
  const key = fields.key.trim();
  const models = namedModels(fields.models);
  if (key !== '') wish.key = key;
  if (models.length > 0) wish.models = models;
  return wish;
}

const option = ({ id, title }: Service) => (
  <option key={id} value={id}>
    {title}
  </option>
);

/** What stands between backticks is a command to copy: it stays in one line. */
const withCode = (hint: string) =>
  hint.split('`').map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={part} className="form-code">
        {part}
      </code>
    ),
  );
