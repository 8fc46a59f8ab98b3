import { type ComponentProps, type ReactNode, useId } from 'react';
import './forms.css';

interface RowProps {
  label: string;
  /** What is wrong with it; it is told to a screen reader with the field. */
  problem?: string | undefined;
  hint?: ReactNode;
}

interface Named {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

/** A label, what it names, and below it what is wrong or worth knowing. */
export function Field({ label, problem, hint, children }: RowProps & { children: (named: Named) => ReactNode }) {
  const id = useId();
  const note = `${id}note`;
  const noted = problem !== undefined || hint !== undefined;
  return (
    <div className="form-row">
      <label htmlFor={id}>{label}</label>
      <div className="form-what">
        {children({
          id,
          'aria-describedby': noted ? note : undefined,
          'aria-invalid': problem === undefined ? undefined : true,
        })}
        {noted && (
          <div id={note} className="form-note">
            {problem !== undefined && <p className="error">{problem}</p>}
            {hint !== undefined && <p>{hint}</p>}
          </div>
        )}
      </div>
    </div>
  );
}

type InputProps = RowProps & { onValue: (value: string) => void } & Omit<ComponentProps<'input'>, 'onChange' | 'id'>;

export function TextField({ label, problem, hint, onValue, className = '', ...input }: InputProps) {
  return (
    <Field label={label} problem={problem} hint={hint}>
      {(named) => (
        <input
          autoComplete="off"
          {...input}
          {...named}
          className={`field ${className}`}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}

type AreaProps = RowProps & { onValue: (value: string) => void } & Omit<ComponentProps<'textarea'>, 'onChange' | 'id'>;

export function TextArea({ label, problem, hint, onValue, className = '', ...area }: AreaProps) {
  return (
    <Field label={label} problem={problem} hint={hint}>
      {(named) => (
        <textarea
          {...area}
          {...named}
          className={`field area ${className}`}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}
