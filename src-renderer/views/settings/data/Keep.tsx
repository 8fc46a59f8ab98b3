import { type FormEvent, useEffect, useMemo, useState } from 'react';
import type { CallResult } from '#shared/contract/contract.ts';
import type { Keeping } from '#shared/domain/keeping.ts';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { bytes, counted } from '../../../ui/format.ts';
import { Confirm } from '../forms/Confirm.tsx';
import { TextField } from '../forms/Field.tsx';
import { SaveBar } from '../forms/SaveBar.tsx';
import { saveKeys } from '../forms/save-keys.ts';
import { useForm } from '../forms/useForm.ts';
import { Asked, Part } from '../SettingsPage.tsx';
import { fieldsOf, type KeepingField, keepingOf } from './keeping-fields.ts';

const PLACE = 'data keeping';
/** So long after the last key. */
const PREVIEW_MS = 300;

type Preview = CallResult<'keeping.preview'>;

/** What is kept for how long, with what new rules would delete before they count. */
export function Keep() {
  const connected = useConnected();
  const { answer, problem, again } = useAnswer('keeping.get', {}, connected);
  if (answer === undefined)
    return (
      <Part title="What is kept">
        <Asked problem={connected ? problem : undefined} onAgain={() => void again()} />
      </Part>
    );
  return <Rules keeping={answer.keeping} onSaved={again} />;
}

const words: readonly { field: KeepingField; label: string; unit: string; hint: string }[] = [
  {
    field: 'trashDays',
    label: 'Trash',
    unit: 'days',
    hint: 'Then it is deleted for good. Empty: until you empty the trash.',
  },
  {
    field: 'unusedDays',
    label: 'Unused',
    unit: 'days',
    hint: 'Sessions in which nothing happens for so long are deleted for good. Empty: never.',
  },
  {
    field: 'megabytes',
    label: 'Text',
    unit: 'MB',
    hint: 'Of all sessions. Above it those longest unused are deleted for good. Empty: no limit. Pinned sessions stay in either case.',
  },
  {
    field: 'everyHours',
    label: 'Backup',
    unit: 'h',
    hint: 'One by itself every so many hours, when something has changed. Empty: only when you ask for one.',
  },
  { field: 'keep', label: 'Backups kept', unit: '', hint: 'Of those made by themselves, the newest so many.' },
];

function Rules({ keeping, onSaved }: { keeping: Keeping; onSaved: () => Promise<void> }) {
  const app = useApp();
  const connected = useConnected();
  const trouble = useTrouble(PLACE);
  const form = useForm(
    'data/keeping',
    useMemo(() => fieldsOf(keeping), [keeping]),
  );
  const typed = keepingOf(form.fields);
  const problems = 'problems' in typed ? typed.problems : {};
  const wish = form.changed.length > 0 && 'keeping' in typed ? typed.keeping : null;
  const preview = usePreview(wish);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (wish === null) return;
    setBusy(true);
    const sent = form.fields;
    if ((await app.act(PLACE, 'keeping.set', { keeping: wish })) !== undefined) {
      await onSaved();
      form.saved(sent);
    }
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!connected || busy || preview === null) return;
    if (preview.sessions > 0) setAsking(true);
    else void save();
  };
  return (
    <Part title="What is kept">
      <form className="form" onSubmit={submit} onKeyDown={saveKeys}>
        {words.map(({ field, label, unit, hint }) => (
          <TextField
            key={field}
            className="field-figure"
            label={unit === '' ? label : `${label} (${unit})`}
            inputMode="decimal"
            value={form.fields[field]}
            onValue={(value) => form.set(field, value)}
            problem={problems[field]}
            hint={hint}
          />
        ))}
        {form.changed.length > 0 && (
          <>
            {wish !== null && <Gone preview={preview} />}
            <SaveBar
              what={form.changed.map((field) => words.find((each) => each.field === field)?.label ?? '').join(', ')}
              problem={trouble}
              busy={busy || preview === null}
              onDiscard={form.discard}
            />
          </>
        )}
      </form>
      {asking && preview !== null && (
        <Confirm
          title={`Delete ${counted(preview.sessions, 'session')} for good?`}
          verb="Save and delete"
          onConfirm={() => void save()}
          onClose={() => setAsking(false)}
        >
          <Gone preview={preview} />
          <p>They are deleted as soon as this is saved. Backups keep them until they roll over or you delete them.</p>
        </Confirm>
      )}
    </Part>
  );
}

/** What the rules would delete; null until that is known. */
function usePreview(keeping: Keeping | null): Preview | null {
  const app = useApp();
  const connected = useConnected();
  const wanted = keeping === null ? null : JSON.stringify(keeping);
  const [told, setTold] = useState<{ wanted: string; preview: Preview } | null>(null);
  useEffect(() => {
    if (wanted === null || !connected) return;
    let left = false;
    const cancel = app.clock.after(PREVIEW_MS, () => {
      app.ask('keeping.preview', { keeping: JSON.parse(wanted) as Keeping }).then(
        (preview) => {
          if (!left) setTold({ wanted, preview });
        },
        () => {},
      );
    });
    return () => {
      left = true;
      cancel();
    };
  }, [app, wanted, connected]);
  return told !== null && told.wanted === wanted ? told.preview : null;
}

/** Titles that stand there; the others are counted. */
const SHOWN = 5;

function Gone({ preview }: { preview: Preview | null }) {
  if (preview === null)
    return (
      <p className="text-3" role="status">
        Looking what these rules would delete
      </p>
    );
  const { sessions, messages, units, first } = preview;
  if (sessions === 0)
    return (
      <p className="text-2" role="status">
        These rules delete nothing now.
      </p>
    );
  return (
    <div className="data-gone" role="status">
      <p>
        These rules delete <b>{counted(sessions, 'session')}</b> with {counted(messages, 'message')}, {bytes(units)} of
        text:
      </p>
      <ul>
        {first.slice(0, SHOWN).map(({ id, title }) => (
          <li key={id} className="cut">
            {title === '' ? 'Untitled' : title}
          </li>
        ))}
        {sessions > SHOWN && <li className="text-3">and {counted(sessions - SHOWN, 'other')}</li>}
      </ul>
    </div>
  );
}
