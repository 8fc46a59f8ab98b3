import { type ReactNode, useState } from 'react';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import { TextArea, TextField } from '../forms/Field.tsx';
import type { Form } from '../forms/useForm.ts';
import { ByHand } from './ByHand.tsx';
import type { ProviderField } from './fields.ts';
import { KeyField } from './KeyField.tsx';
import { keyWanted, kindTitle, namesModels } from './words.ts';

interface ProviderFormProps {
  provider: ProviderInfo;
  form: Form<ProviderField>;
  /** Another number closes the field for another key. */
  settled: number;
  problems: Partial<Record<ProviderField, string>>;
  /** What is wrong with the key, or why it is asked for again. */
  keyProblem: string | undefined;
}

/** What is known of a provider. What is found stays where it is found; what is declared is changed elsewhere. */
export function ProviderForm({ provider, form, settled, problems, keyProblem }: ProviderFormProps) {
  const { origin, kind, name, baseUrl, offline, fixedModels, models, key } = provider;
  const { fields, set } = form;
  const [naming, setNaming] = useState(false);
  const own = origin === 'user' || origin === 'found';
  // Not before it could be asked.
  const mayName = own && models.length === 0 && (key !== 'none' || keyWanted(kind) !== 'yes');
  const byHand = fixedModels || naming || fields.models !== '';
  if (offline) return null;
  return (
    <div className="form">
      {own ? (
        <TextField label="Name" value={fields.name} onValue={(value) => set('name', value)} problem={problems.name} />
      ) : (
        <Plain label="Name">{name}</Plain>
      )}
      <Plain label="Kind">{kindTitle(kind)}</Plain>
      {origin === 'user' ? (
        <TextField
          label="Base URL"
          className="mono"
          inputMode="url"
          spellCheck={false}
          value={fields.baseUrl}
          onValue={(value) => set('baseUrl', value)}
          problem={problems.baseUrl}
        />
      ) : (
        baseUrl !== null && (
          <Plain label="Base URL">
            <span className="mono">{baseUrl}</span>
          </Plain>
        )
      )}
      <KeyField key={settled} provider={provider} form={form} problem={keyProblem} />
      {mayName && !byHand && <ByHand onName={() => setNaming(true)} />}
      {own && byHand && (
        <TextArea
          label="Models"
          className="mono"
          autoFocus={naming}
          rows={3}
          spellCheck={false}
          value={fields.models}
          onValue={(value) => set('models', value)}
          problem={problems.models}
          hint={namesModels(kind) ? 'One per line.' : 'One per line. With none here it is asked for its models.'}
        />
      )}
    </div>
  );
}

function Plain({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="form-row">
      <span className="form-label">{label}</span>
      <div className="form-plain">{children}</div>
    </div>
  );
}
