import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Roster } from '#shared/domain/summary.ts';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { Glyph } from '../../../ui/Sign.tsx';
import { focusFirstProblem } from '../forms/focus-first-problem.ts';
import { Discarded, SaveBar } from '../forms/SaveBar.tsx';
import { Back } from '../forms/Split.tsx';
import { saveKeys } from '../forms/save-keys.ts';
import { useGoOn } from '../forms/use-go-on.ts';
import { useForm } from '../forms/useForm.ts';
import { fieldsOf, formOf, lookIn, newDefinition, read, type SpecialistField } from './fields.ts';
import { SpecialistForm } from './SpecialistForm.tsx';

/** In the address, instead of the id of a specialist: a new one. */
export const NEW = '+';
const PLACE = formOf(NEW);

/** One that is not made before one says so; what was typed stays until then. */
export function NewSpecialist({ roster }: { roster: Roster }) {
  const app = useApp();
  const goOn = useGoOn();
  const trouble = useTrouble(PLACE);
  const [start] = useState(() => ({ ...fieldsOf(newDefinition(roster.specialists)) }));
  const form = useForm<SpecialistField>(PLACE, start);
  const connected = useConnected();
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const told = read(form.fields);
  const ref = useRef<HTMLFormElement>(null);
  useEffect(() => ref.current?.querySelector('input')?.focus(), []);
  const create = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy || !connected) return;
    setTried(true);
    if ('problems' in told) {
      focusFirstProblem(event.currentTarget);
      return;
    }
    setBusy(true);
    const sent = form.fields;
    const made = await app.act(PLACE, 'specialists.create', { definition: told.definition });
    setBusy(false);
    if (made === undefined) return;
    // What was typed since then is not saved yet.
    form.saved(sent);
    app.unsaved.move(PLACE, formOf(made.specialist));
    app.say(`${told.definition.name} is made.`);
    goOn('specialists', made.specialist);
  };
  return (
    <form
      ref={ref}
      className="detail"
      aria-label="New specialist"
      tabIndex={-1}
      noValidate
      onKeyDown={saveKeys}
      onSubmit={(event) => void create(event)}
    >
      <header className="split-head">
        <Back section="specialists" title="Specialists" />
        <Glyph look={lookIn(form.fields)} />
        <h1>New specialist</h1>
      </header>
      <div className="detail-scroll">
        <div className="detail-body">
          <SpecialistForm
            form={form}
            problems={tried && 'problems' in told ? told.problems : {}}
            roster={roster}
            specialist={undefined}
          />
        </div>
      </div>
      {form.undo ? (
        <Discarded onUndo={form.undo} />
      ) : (
        <SaveBar
          what={form.fields.name.trim() || 'a new specialist'}
          problem={trouble}
          busy={busy}
          verb="Create"
          lead="Not created yet"
          discard={form.changed.length === 0 ? 'Cancel' : 'Discard'}
          onDiscard={() => {
            app.forgive(PLACE);
            setTried(false);
            if (form.changed.length === 0) app.goToSettings('specialists');
            else form.discard();
          }}
        />
      )}
    </form>
  );
}
