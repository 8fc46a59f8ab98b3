import { useEffect, useRef } from 'react';
import { pressed } from './shortcuts.ts';

interface NameFieldProps {
  label: string;
  value: string;
  className: string;
  maxLength: number;
  /** Called once; without a name when the old one stays. */
  onDone: (name?: string) => void;
}

/** A name that is changed where it stands. Enter and leaving the field keep the new one, Escape the old one. */
export function NameField({ label, value, className, maxLength, onDone }: NameFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => field.current?.select(), []);
  const finish = (name?: string) => {
    if (done.current) return;
    done.current = true;
    onDone(name?.trim());
  };
  return (
    <input
      ref={field}
      className={`field ${className}`}
      aria-label={label}
      defaultValue={value}
      maxLength={maxLength}
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (pressed(event, 'keep')) finish(event.currentTarget.value);
        if (!pressed(event, 'leave')) return;
        event.preventDefault();
        event.stopPropagation();
        finish();
      }}
    />
  );
}
