import { type FormEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Roster, SpecialistDefinition, SpecialistInfo } from '#shared/domain/summary.ts';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Glyph } from '../../../ui/Sign.tsx';
import { Waiting } from '../forms/Empty.tsx';
import { focusFirstProblem } from '../forms/focus-first-problem.ts';
import { Discarded, SaveBar } from '../forms/SaveBar.tsx';
import { Back } from '../forms/Split.tsx';
import { saveKeys } from '../forms/save-keys.ts';
import { useForm } from '../forms/useForm.ts';
import { Actions } from './Actions.tsx';
import { fieldsOf, fieldTitles, formOf, lookIn, read, type SpecialistField } from './fields.ts';
import { SpecialistForm } from './SpecialistForm.tsx';

/** One specialist, once its definition is here. */
export function SpecialistDetail({ specialist, roster }: { specialist: SpecialistInfo; roster: Roster }) {
  // The roster says that something has changed, not what: the definition is asked for again.
  const { answer, problem, again } = useAnswer('specialists.get', { specialist: specialist.id }, specialist);
  const held = useRef(false);
  if (answer === undefined)
    return (
      <section
        className="detail"
        aria-label={specialist.name}
        tabIndex={-1}
        onFocus={() => {
          held.current = true;
        }}
      >
        <header className="split-head">
          <Back section="specialists" title="Specialists" />
          <Glyph look={specialist.look} />
          <h1>{specialist.name}</h1>
        </header>
        <div className="detail-body">
          {problem === undefined ? (
            <Waiting />
          ) : (
            <div className="row">
              <ProblemLine problem={problem} />
              <button type="button" className="button small" onClick={() => void again()}>
                Try again
              </button>
            </div>
          )}
        </div>
      </section>
    );
  return <Known specialist={specialist} roster={roster} again={again} hold={held.current} {...answer} />;
}

interface KnownProps {
  specialist: SpecialistInfo;
  roster: Roster;
  definition: SpecialistDefinition;
  shipped: SpecialistDefinition | null;
  again: () => Promise<void>;
  /** What stood in its place had the focus. */
  hold: boolean;
}

function Known({ specialist, roster, definition, shipped, again, hold }: KnownProps) {
  const app = useApp();
  const { id, origin } = specialist;
  const place = formOf(id);
  const trouble = useTrouble(place);
  const form = useForm<SpecialistField>(
    place,
    useMemo(() => ({ ...fieldsOf(definition) }), [definition]),
  );
  const connected = useConnected();
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const told = read(form.fields);
  const ref = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (hold && document.activeElement === document.body) ref.current?.focus({ preventScroll: true });
  }, [hold]);

  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy || !connected || form.changed.length === 0) return;
    setTried(true);
    if ('problems' in told) {
      focusFirstProblem(event.currentTarget);
      return;
    }
    setBusy(true);
    const sent = form.fields;
    const done = await app.act(place, 'specialists.change', { specialist: id, definition: told.definition });
    if (done !== undefined) {
      await again();
      form.saved(sent);
      setTried(false);
      app.say(`${told.definition.name} is saved.`);
    }
    setBusy(false);
  };
  return (
    <form
      ref={ref}
      className="detail"
      aria-label={definition.name}
      tabIndex={-1}
      noValidate
      onKeyDown={saveKeys}
      onSubmit={(event) => void save(event)}
    >
      <header className="split-head">
        <Back section="specialists" title="Specialists" />
        <Glyph look={lookIn(form.fields)} />
        <h1 title={definition.name}>{definition.name}</h1>
        {origin !== 'shipped' && <span className="tag">{origin === 'own' ? 'your own' : 'changed'}</span>}
        <span className="grow" />
        <Actions
          specialist={specialist}
          roster={roster}
          definition={definition}
          shown={'definition' in told ? told.definition : undefined}
          onUnfit={() => {
            setTried(true);
            if (ref.current !== null) focusFirstProblem(ref.current);
          }}
          shipped={shipped}
          unsaved={form.changed.length > 0}
          again={again}
        />
      </header>
      <div className="detail-scroll">
        <div className="detail-body">
          {trouble !== undefined && form.changed.length === 0 && (
            <ProblemLine problem={trouble} onDismiss={() => app.forgive(place)} />
          )}
          <SpecialistForm
            form={form}
            problems={tried && 'problems' in told ? told.problems : {}}
            roster={roster}
            specialist={specialist}
          />
          {specialist.primary.length > 0 && (
            <p className="text-3 small good-at">Best at {specialist.primary.map(({ title }) => title).join(', ')}.</p>
          )}
        </div>
      </div>
      {form.changed.length > 0 && (
        <SaveBar
          what={form.changed.map((field) => fieldTitles[field]).join(', ')}
          problem={trouble}
          busy={busy}
          onDiscard={() => {
            form.discard();
            app.forgive(place);
            setTried(false);
          }}
        />
      )}
      {form.undo && <Discarded onUndo={form.undo} />}
    </form>
  );
}
