import { type FormEvent, useId } from 'react';
import type { Scope } from '#shared/domain/gateway.ts';
import { useConnected } from '../../../state/use.ts';
import { useForm } from '../forms/useForm.ts';
import { Row } from '../SettingsPage.tsx';
import { allScopes, least, scopeWords } from './scopes.ts';

const YES = 'yes';
const NO = '';
/** What most programs need. */
const USUAL = { name: '', chat: YES, read: YES, admin: NO };

/** Asks for whom a token is and what it may do. `onCreate` resolves to whether it was made. */
export function NewToken({ onCreate }: { onCreate: (name: string, scopes: readonly Scope[]) => Promise<boolean> }) {
  const connected = useConnected();
  const form = useForm('gateway/token', USUAL);
  const { fields } = form;
  const id = useId();
  const chosen = least(allScopes.filter((scope) => fields[scope] === YES));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await onCreate(fields.name.trim(), chosen)) form.saved(fields);
  };
  return (
    <form className="new-token" onSubmit={(event) => void submit(event)}>
      <Row label="Name">
        <input
          className="field gateway-name"
          aria-label="Name of the new access token"
          placeholder="For which program"
          value={fields.name}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => form.set('name', event.target.value)}
        />
      </Row>
      <Row label="It may">
        <fieldset className="scopes" aria-label="What the new access token may do">
          {allScopes.map((scope) => {
            const included = scope !== 'admin' && chosen.includes('admin');
            return (
              <label key={scope} className="scope">
                <input
                  type="checkbox"
                  checked={included || fields[scope] === YES}
                  disabled={included}
                  aria-describedby={`${id}${scope}`}
                  aria-labelledby={`${id}${scope}name`}
                  onChange={(event) => form.set(scope, event.target.checked ? YES : NO)}
                />
                <span id={`${id}${scope}name`}>{scopeWords[scope].name}</span>
                <span id={`${id}${scope}`} className="text-3 scope-about">
                  {scopeWords[scope].about}
                </span>
              </label>
            );
          })}
        </fieldset>
      </Row>
      <Row label="">
        <button
          type="submit"
          className="button"
          disabled={!connected || fields.name.trim() === '' || chosen.length === 0}
        >
          Create
        </button>
        {chosen.length === 0 && <span className="settings-note">Choose what it may do.</span>}
      </Row>
    </form>
  );
}
