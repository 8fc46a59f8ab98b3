import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { type Fields, unsavedIn } from '../../../state/unsaved.ts';
import { useApp } from '../../../state/use.ts';

export interface Form<F extends string> {
  /** As they stand in the form. */
  fields: Readonly<Record<F, string>>;
  /** Those that are not as they are saved. */
  changed: readonly F[];
  set: (field: F, value: string) => void;
  discard: () => void;
  /** Takes the discard back; absent when there was none since something was typed. */
  undo: (() => void) | undefined;
  /** These are saved now. */
  saved: (sent: Readonly<Record<F, string>>) => void;
}

/** A form over what is saved: what was typed stays, also while what is saved changes elsewhere. */
export function useForm<F extends string>(form: string, saved: Readonly<Record<F, string>>): Form<F> {
  const { unsaved } = useApp();
  const typed = useStore(unsaved.store, (all) => unsavedIn(all, form));
  const { fields, changed } = useMemo(() => {
    const names = Object.keys(saved) as F[];
    const fields: Record<F, string> = { ...saved };
    for (const name of names) fields[name] = typed[name] ?? saved[name];
    return { fields, changed: names.filter((name) => fields[name] !== saved[name]) };
  }, [saved, typed]);
  useEffect(() => {
    const same = Object.keys(typed).filter((name) => typed[name] === saved[name as F]);
    if (same.length > 0) unsaved.write(form, Object.fromEntries(same.map((name) => [name, undefined])));
  }, [unsaved, form, saved, typed]);
  // Of this form only, and no longer than it is on screen.
  const [discarded, setDiscarded] = useState<{ form: string; typed: Fields } | null>(null);
  return {
    fields,
    changed,
    set: (field, value) => {
      setDiscarded(null);
      unsaved.write(form, { [field]: value === saved[field] ? undefined : value });
    },
    discard: () => {
      setDiscarded({ form, typed });
      unsaved.clear(form);
    },
    undo:
      discarded?.form === form && changed.length === 0
        ? () => {
            setDiscarded(null);
            unsaved.write(form, discarded.typed);
          }
        : undefined,
    saved: (sent) => unsaved.saved(form, sent),
  };
}
