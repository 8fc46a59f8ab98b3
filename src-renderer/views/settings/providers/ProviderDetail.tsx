import { type FormEvent, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { ProblemBody } from '#shared/domain/problem.ts';
import type { ProviderInfo, Roster } from '#shared/domain/summary.ts';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { focusFirstProblem } from '../forms/focus-first-problem.ts';
import { Discarded, SaveBar } from '../forms/SaveBar.tsx';
import { Back } from '../forms/Split.tsx';
import { Switch } from '../forms/Switch.tsx';
import { saveKeys } from '../forms/save-keys.ts';
import { useForm } from '../forms/useForm.ts';
import { changeOf, fieldTitles, formOf, type ProviderField, problemsOf, savedFields } from './fields.ts';
import { Models } from './models/Models.tsx';
import { ProviderForm } from './ProviderForm.tsx';
import { ProviderMenu } from './ProviderMenu.tsx';
import { ProviderNotes } from './ProviderNotes.tsx';
import { TestCard } from './TestCard.tsx';
import { standing } from './words.ts';

/** One provider: how it stands, what can be changed, a real test, its models. */
export function ProviderDetail({ provider, roster }: { provider: ProviderInfo; roster: Roster }) {
  const app = useApp();
  const { id, name, origin, offline, enabled } = provider;
  const place = formOf(id);
  const trouble = useTrouble(place);
  const form = useForm(place, useSaved(provider));
  const connected = useConnected();
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  /** Counts what was saved or discarded: the key's field closes then. */
  const [settled, setSettled] = useState(0);
  const own = origin === 'user' || origin === 'found';
  const problems = problemsOf(form.fields, provider);
  const tested = useStore(app.tests.store, (all) => all[id]?.result ?? null);
  const { word, tone, dot } = standing(provider, tested);
  // A key that was not saved is gone with the form.
  useEffect(() => () => app.unsaved.forgetKeys(place), [app, place]);

  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { fields, changed } = form;
    if (busy || !connected || changed.length === 0) return;
    setTried(true);
    if (Object.keys(problems).length > 0) {
      focusFirstProblem(event.currentTarget);
      return;
    }
    setBusy(true);
    const done = await app.act(place, 'providers.change', { provider: id, ...changeOf(fields, changed) });
    setBusy(false);
    if (done === undefined) return;
    setTried(false);
    form.saved(fields);
    setSettled(settled + 1);
    if (changed.some((field) => field !== 'name')) app.tests.forget(id);
    app.say(`${fields.name} is saved.`);
  };
  // The other half of a change of address: it is told where it is to be mended.
  const wantsKey = trouble?.code === 'CONFLICT' && form.changed.includes('baseUrl') ? trouble : undefined;

  return (
    <form
      className="detail"
      aria-label={name}
      tabIndex={-1}
      noValidate
      onKeyDown={saveKeys}
      onSubmit={(event) => void save(event)}
    >
      <header className="split-head">
        <Back section="providers" title="Providers" />
        <h1 title={name}>{name}</h1>
        {dot !== 'full' && <span className={`tag ${tone}`}>{word}</span>}
        <span className="grow" />
        {own && (
          <>
            <span className="text-2 small use-it" aria-hidden="true">
              Use it
            </span>
            <Switch
              label={`Use ${name}`}
              on={enabled}
              onChange={(on) => app.act(place, 'providers.change', { provider: id, enabled: on })}
            />
          </>
        )}
        {!offline && <ProviderMenu provider={provider} roster={roster} />}
      </header>
      <div className="detail-scroll">
        <div className="detail-body">
          {trouble !== undefined && form.changed.length === 0 && (
            <ProblemLine problem={trouble} onDismiss={() => app.forgive(place)} />
          )}
          <ProviderNotes provider={provider} />
          <ProviderForm
            provider={provider}
            form={form}
            settled={settled}
            problems={tried ? problems : {}}
            keyProblem={(tried ? problems.key : undefined) ?? (wantsKey && inOneLine(wantsKey))}
          />
          {!offline && <TestCard provider={provider} stale={form.changed.some((field) => field !== 'name')} />}
          <Models provider={provider} roster={roster} />
        </div>
      </div>
      {form.changed.length > 0 && (
        <SaveBar
          what={form.changed.map((field) => fieldTitles[field]).join(', ')}
          problem={wantsKey === undefined ? trouble : undefined}
          busy={busy}
          onDiscard={() => {
            form.discard();
            setSettled(settled + 1);
            app.forgive(place);
            setTried(false);
          }}
        />
      )}
      {form.undo && <Discarded onUndo={form.undo} />}
    </form>
  );
}

const inOneLine = ({ message, next }: ProblemBody) => [message, next].filter((each) => each !== undefined).join(' ');

/** Its saved fields; the same object as long as they are the same. */
function useSaved(provider: ProviderInfo): Readonly<Record<ProviderField, string>> {
  const { name, baseUrl, key, models } = savedFields(provider);
  return useMemo(() => ({ name, baseUrl, key, models }), [name, baseUrl, key, models]);
}
