import type { Field } from './operations.ts';
import { Prose } from './Prose.tsx';

interface FieldRowProps {
  field: Field;
  value: string;
  fault: string | undefined;
  /** What an answer before told for it. */
  known: string | undefined;
  onValue: (value: string) => void;
}

const places = { path: 'in the path', query: 'in the query', header: 'header', body: '' };

/** One value of a request; empty is absent. */
export function FieldRow({ field, value, fault, known, onValue }: FieldRowProps) {
  const { name, kind, place, required, description, fallback } = field;
  const id = `field-${name}`;
  const notes = [required ? 'needed' : '', places[place]].filter((each) => each !== '');
  const common = {
    id,
    value,
    'aria-invalid': fault !== undefined,
    'aria-describedby': `${id}-about`,
    'aria-required': required,
    onChange: ({ target }: { target: { value: string } }) => onValue(target.value),
  };
  return (
    <div className="api-field">
      <label htmlFor={id}>
        <span className="mono">{name}</span>
        <span className="text-3 small">{notes.join(', ')}</span>
      </label>
      {kind === 'boolean' ? (
        <select className="field" {...common}>
          <option value="">{fallback === '' ? 'not sent' : `not sent: ${fallback}`}</option>
          <option value="true">true</option>
          <option value="false">false</option>
        </select>
      ) : kind === 'long' || kind === 'json' ? (
        <textarea className={kind === 'json' ? 'field mono' : 'field'} rows={kind === 'json' ? 2 : 3} {...common} />
      ) : (
        <input
          className="field"
          list={known === undefined ? undefined : `${id}-known`}
          autoComplete="off"
          spellCheck={false}
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          placeholder={fallback === '' ? '' : fallback}
          {...common}
        />
      )}
      {known !== undefined && (
        <datalist id={`${id}-known`}>
          <option value={known} />
        </datalist>
      )}
      <div id={`${id}-about`} className="api-about small">
        {fault !== undefined && <b className="error">{fault} </b>}
        <Prose text={description} />
      </div>
    </div>
  );
}
