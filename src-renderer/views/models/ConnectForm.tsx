import { type FormEvent, useState } from 'react';
import { useApp, useRoster, useTrouble } from '../../state/use.ts';
import { Sign } from '../../ui/Sign.tsx';
import { firstPreset, type Preset, presets } from './presets.ts';

const PLACE = 'connect';

/** What is asked before a provider is connected. The key leaves this field once, for the server, and never comes back. */
export function ConnectForm({ onConnected }: { onConnected: (provider: string) => void }) {
  const app = useApp();
  const trouble = useTrouble(PLACE);
  const roster = useRoster();
  const [preset, setPreset] = useState(() => firstPreset(roster?.providers ?? []));
  const [name, setName] = useState(preset.name);
  const [baseUrl, setBaseUrl] = useState(preset.baseUrl);
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);

  const choose = (id: string) => {
    const chosen = presets.find((each) => each.id === id) ?? preset;
    setPreset(chosen);
    setName(chosen.name);
    setBaseUrl(chosen.baseUrl);
    app.forgive(PLACE);
  };
  const connect = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const wish = { kind: preset.kind, name: name.trim(), baseUrl: baseUrl.trim() };
    const result = await app.act(PLACE, 'providers.connect', key === '' ? wish : { ...wish, key });
    setBusy(false);
    if (result === undefined) return;
    setKey('');
    onConnected(result.provider);
  };

  return (
    <form className="connect" onSubmit={(event) => void connect(event)}>
      <label htmlFor="connect-kind">Kind</label>
      <span className="select">
        <select
          id="connect-kind"
          className="field"
          value={preset.id}
          onChange={(event) => choose(event.target.value)}
          data-autofocus
        >
          <optgroup label="OpenAI-compatible server">
            {presets.filter(({ kind }) => kind === 'openai-compatible').map(option)}
          </optgroup>
          <optgroup label="Over the network">
            {presets.filter(({ kind }) => kind !== 'openai-compatible').map(option)}
          </optgroup>
        </select>
        <Sign name="down" dense />
      </span>
      <label htmlFor="connect-name">Name</label>
      <input
        id="connect-name"
        className="field"
        value={name}
        onChange={(event) => setName(event.target.value)}
        required
        maxLength={100}
        autoComplete="off"
      />
      <label htmlFor="connect-url">Base URL</label>
      <input
        id="connect-url"
        className="field mono"
        type="url"
        inputMode="url"
        pattern="https?://.+"
        title="An address that begins with http:// or https://"
        value={baseUrl}
        onChange={(event) => setBaseUrl(event.target.value)}
        required
        maxLength={2000}
        autoComplete="off"
        spellCheck={false}
        placeholder="http://127.0.0.1:8000/v1"
      />
      <label htmlFor="connect-key">Key</label>
      <input
        id="connect-key"
        className="field"
        type="password"
        value={key}
        onChange={(event) => setKey(event.target.value)}
        required={preset.key === 'yes'}
        maxLength={2000}
        autoComplete="off"
        placeholder={preset.key === 'yes' ? '' : preset.key === 'no' ? 'not needed' : 'if it wants one'}
      />
      <p className="connect-hint">
        {withCode(preset.hint)}
        {preset.key !== 'no' && ' A key is kept in the secret store of this computer and never shown again.'}
      </p>
      {trouble !== undefined && (
        <div className="error-block connect-problem" role="alert">
          <Sign name="warn" />
          <div className="grow">
            <b>{trouble.message}</b>
            {trouble.next !== undefined && <p className="text-2">{trouble.next}</p>}
          </div>
        </div>
      )}
      <div className="row form-actions connect-actions">
        <span className="grow text-3 small" role="status">
          {busy && 'Asking for its models'}
        </span>
        <button type="submit" className="button primary" disabled={busy}>
          Connect
        </button>
      </div>
    </form>
  );
}

const option = ({ id, title }: Preset) => (
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
      <code key={part} className="connect-code">
        {part}
      </code>
    ),
  );
