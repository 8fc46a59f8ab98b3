import { useId } from 'react';
import './segments.css';

interface SegmentsProps<Value extends string> {
  label: string;
  options: readonly { value: Value; label: string }[];
  value: Value;
  onValue: (value: Value) => void;
}

/** One of a few, all of them in sight; the arrow keys choose. */
export function Segments<Value extends string>({ label, options, value, onValue }: SegmentsProps<Value>) {
  const name = useId();
  return (
    <div className="segments" role="radiogroup" aria-label={label}>
      {options.map((each) => (
        <label key={each.value}>
          <input
            type="radio"
            name={name}
            value={each.value}
            checked={each.value === value}
            onChange={() => onValue(each.value)}
          />
          <span data-text={each.label}>{each.label}</span>
        </label>
      ))}
    </div>
  );
}
