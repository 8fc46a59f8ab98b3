import { useEffect, useId, useRef, useState } from 'react';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import { useApp, useConnected } from '../../../state/use.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { Confirm } from '../forms/Confirm.tsx';
import { holdsFocus } from '../forms/holds-focus.ts';
import type { Form } from '../forms/useForm.ts';
import { formOf, hasKey, otherHost, type ProviderField } from './fields.ts';
import { SecretNote } from './SecretNote.tsx';
import { keyWanted } from './words.ts';

interface KeyFieldProps {
  provider: ProviderInfo;
  form: Form<ProviderField>;
  problem: string | undefined;
}

/** Where the key lies, and a field for another one. What is kept is never shown. */
export function KeyField({ provider, form, problem }: KeyFieldProps) {
  const { origin, kind, key, baseUrl } = provider;
  const [replacing, setReplacing] = useState(false);
  /** The old one was kept after all: the focus goes back to where it came from. */
  const [keeping, setKeeping] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const has = hasKey(key);
  const moved = has && otherHost(baseUrl ?? '', form.fields.baseUrl);
  const typing = !has || replacing || moved || problem !== undefined || form.fields.key !== '';
  useEffect(() => {
    if (problem !== undefined) input.current?.focus();
  }, [problem]);
  useEffect(() => {
    if (replacing) input.current?.focus();
  }, [replacing]);
  const wanted = keyWanted(kind);
  if (origin === 'config' || origin === 'built-in') {
    if (key === 'none' && wanted !== 'yes') return null;
    return (
      <div className="form-row">
        <span className="form-label">Key</span>
        <div className="form-plain">
          <KeyWords provider={provider} />
        </div>
      </div>
    );
  }
  return (
    <div className="form-row">
      {typing ? (
        <label htmlFor={id}>Key</label>
      ) : (
        <span className="form-label" id={id}>
          Key
        </span>
      )}
      <div className="form-what">
        {typing ? (
          <div className="row">
            <input
              ref={input}
              id={id}
              className="field grow"
              type="password"
              autoComplete="new-password"
              value={form.fields.key}
              placeholder={wanted === 'yes' ? '' : 'if it wants one'}
              aria-invalid={problem === undefined ? undefined : true}
              aria-describedby={`${id}note`}
              onChange={(event) => form.set('key', event.target.value)}
            />
            {moved && <DeleteKey provider={provider} />}
            {has && !moved && (
              <button
                type="button"
                className="button bare"
                onClick={() => {
                  form.set('key', '');
                  setReplacing(false);
                  setKeeping(true);
                }}
              >
                Keep the old one
              </button>
            )}
          </div>
        ) : (
          <div className="row">
            <div className="field key-place grow">
              <Sign name="lock" dense />
              <span className="cut">
                <KeyWords provider={provider} />
              </span>
            </div>
            <button
              ref={keeping ? focusIt : undefined}
              type="button"
              className="button key-button"
              onClick={() => setReplacing(true)}
            >
              Replace
            </button>
            <DeleteKey provider={provider} />
          </div>
        )}
        <div className="form-note" id={`${id}note`}>
          {problem !== undefined ? (
            <p className="error">{problem}</p>
          ) : moved ? (
            <p>Another host: give the key again, so that it is not sent there by mistake.</p>
          ) : (
            <SecretNote locked={key === 'locked'} typing={typing} />
          )}
        </div>
      </div>
    </div>
  );
}

/** Where the key lies. */
function KeyWords({ provider: { key } }: { provider: ProviderInfo }) {
  const { answer, problem } = useAnswer('app.info', {});
  const words = {
    none: 'none',
    stored: answer !== undefined ? `kept in ${answer.secrets.place}` : problem && 'kept on this computer',
    environment: 'from the environment, named in the configuration file',
    locked: 'kept, and locked here',
  };
  return words[key];
}

const focusIt = (button: HTMLButtonElement | null) => button?.focus();

function DeleteKey({ provider: { id, name, kind } }: { provider: ProviderInfo }) {
  const app = useApp();
  const connected = useConnected();
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    const done = await app.act(formOf(id), 'providers.change', { provider: id, key: '' });
    if (done === undefined) return;
    app.tests.forget(id);
    app.say(`The key of ${name} is deleted.`);
  };
  return (
    <>
      <button
        ref={holdsFocus}
        type="button"
        className="button bare key-button"
        aria-disabled={!connected}
        onClick={() => connected && setAsking(true)}
      >
        Delete key
      </button>
      {asking && (
        <Confirm
          title={`Delete the key of ${name}?`}
          verb="Delete key"
          onConfirm={() => void remove()}
          onClose={() => setAsking(false)}
        >
          <p>
            {keyWanted(kind) === 'yes'
              ? `${name} answers nobody until it gets another one.`
              : `${name} is asked without a key from then on.`}
          </p>
        </Confirm>
      )}
    </>
  );
}
