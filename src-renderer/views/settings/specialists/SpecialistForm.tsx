import type { Roster, SpecialistInfo } from '#shared/domain/summary.ts';
import { count } from '../../../ui/format.ts';
import { TextArea, TextField } from '../forms/Field.tsx';
import type { Form } from '../forms/useForm.ts';
import { LONGEST_PERSONA, lookIn, type SpecialistField } from './fields.ts';
import { LookPicker } from './LookPicker.tsx';
import { ModelChoice } from './ModelChoice.tsx';

interface SpecialistFormProps {
  form: Form<SpecialistField>;
  problems: Partial<Record<SpecialistField, string>>;
  roster: Roster;
  /** Absent for one that is not made yet. */
  specialist: SpecialistInfo | undefined;
}

/** Everything of a specialist that can be changed. */
export function SpecialistForm({ form, problems, roster, specialist }: SpecialistFormProps) {
  const { fields, set } = form;
  const look = lookIn(fields);
  const twins = roster.specialists.filter(
    (each) => each.id !== specialist?.id && each.look.colour === look.colour && each.look.glyph === look.glyph,
  );
  return (
    <div className="form">
      <TextField label="Name" value={fields.name} onValue={(value) => set('name', value)} problem={problems.name} />
      <TextField
        label="Role"
        placeholder="What it is good at, in a few words"
        value={fields.role}
        onValue={(value) => set('role', value)}
        problem={problems.role}
      />
      <LookPicker look={look} name={fields.name} twins={twins} onChange={set} />
      <ModelChoice
        value={fields.model}
        roster={roster}
        specialist={specialist}
        onValue={(value) => set('model', value)}
      />
      <TextArea
        label="Persona"
        className="persona"
        rows={8}
        placeholder="You are somebody who …"
        value={fields.persona}
        onValue={(value) => set('persona', value)}
        problem={problems.persona}
        hint={
          <span className="row">
            <span className="grow">Told to the model before every conversation.</span>
            <span>
              {count(fields.persona.length)} of {count(LONGEST_PERSONA)} characters
            </span>
          </span>
        }
      />
      <TextField
        label="Temperature"
        className="field-figure"
        inputMode="decimal"
        placeholder="provider’s own"
        value={fields.temperature}
        onValue={(value) => set('temperature', value)}
        problem={problems.temperature}
        hint="0 keeps to the likeliest words, 2 is free. Empty: the provider’s own."
      />
      <TextField
        label="Max tokens"
        className="field-figure"
        inputMode="numeric"
        placeholder="provider’s own"
        value={fields.maxTokens}
        onValue={(value) => set('maxTokens', value)}
        problem={problems.maxTokens}
        hint="Of one answer. Empty: the provider’s own."
      />
    </div>
  );
}
