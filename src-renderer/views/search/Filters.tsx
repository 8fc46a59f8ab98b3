import { type ReactNode, useId } from 'react';
import { useStore } from 'zustand';
import { sessionOf } from '../../state/route.ts';
import { type Asked, type Span, spans } from '../../state/search.ts';
import { useApp, useRoster } from '../../state/use.ts';
import { Segments } from '../../ui/Segments.tsx';
import { Sign } from '../../ui/Sign.tsx';

interface FiltersProps {
  asked: Asked;
  onAsk: (change: Partial<Asked>) => void;
}

const orders = [
  { value: 'best', label: 'Best' },
  { value: 'newest', label: 'Newest' },
] as const;

const spanNames: Record<Span, string> = {
  any: 'Any time',
  today: 'Today',
  week: 'Last 7 days',
  month: 'Last 30 days',
  year: 'Last year',
};

/** Who said it, when and where; what is chosen stands out. */
export function Filters({ asked, onAsk }: FiltersProps) {
  const roster = useRoster();
  const current = useStore(useApp().route, sessionOf);
  const specialists = roster?.specialists ?? [];
  const known = asked.specialist === null || specialists.some(({ id }) => id === asked.specialist);
  return (
    // The arrow keys belong to these while one of them has the focus.
    <fieldset className="search-filters" aria-label="Filters" onKeyDown={(event) => event.stopPropagation()}>
      <Choice
        label="Who"
        chosen={asked.role !== null || asked.specialist !== null}
        value={asked.specialist === null ? (asked.role ?? '') : `by ${asked.specialist}`}
        onValue={(value) =>
          onAsk(
            value.startsWith('by ')
              ? { role: null, specialist: value.slice(3) }
              : { role: value === '' ? null : (value as 'message' | 'answer'), specialist: null },
          )
        }
      >
        <option value="">Anybody</option>
        <option value="message">You</option>
        <option value="answer">Answers</option>
        <optgroup label="Answers of">
          {specialists.map(({ id, name }) => (
            <option key={id} value={`by ${id}`}>
              {name}
            </option>
          ))}
          {!known && <option value={`by ${asked.specialist}`}>{asked.specialist}</option>}
        </optgroup>
      </Choice>
      <Choice
        label="Time"
        chosen={asked.span !== 'any'}
        value={asked.span}
        onValue={(value) => onAsk({ span: value as Span })}
      >
        {spans.map((span) => (
          <option key={span} value={span}>
            {spanNames[span]}
          </option>
        ))}
      </Choice>
      <Toggle
        label="This session"
        pressed={asked.session !== null}
        disabled={current === null}
        onPressed={(pressed) => onAsk({ session: pressed ? current : null })}
      />
      <Toggle label="Trash too" pressed={asked.trashed} onPressed={(trashed) => onAsk({ trashed })} />
      <span className="grow" />
      <Segments label="Order" options={orders} value={asked.order} onValue={(order) => onAsk({ order })} />
    </fieldset>
  );
}

interface ChoiceProps {
  label: string;
  chosen: boolean;
  value: string;
  onValue: (value: string) => void;
  children: ReactNode;
}

function Choice({ label, chosen, value, onValue, children }: ChoiceProps) {
  const id = useId();
  return (
    <span className="search-choice" data-chosen={chosen}>
      <label className="unseen" htmlFor={id}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => onValue(event.target.value)}>
        {children}
      </select>
      <Sign name="down" dense />
    </span>
  );
}

interface ToggleProps {
  label: string;
  pressed: boolean;
  disabled?: boolean;
  onPressed: (pressed: boolean) => void;
}

function Toggle({ label, pressed, disabled = false, onPressed }: ToggleProps) {
  if (disabled && !pressed) return null;
  return (
    <button type="button" className="search-toggle" aria-pressed={pressed} onClick={() => onPressed(!pressed)}>
      <span data-text={label}>{label}</span>
    </button>
  );
}
