import { type ReactNode, useId } from 'react';
import type { SpecialistInfo } from '#shared/domain/summary.ts';
import { type Look, looks } from '#shared/domain/things.ts';
import { Glyph } from '../../../ui/Sign.tsx';
import { namesOf } from '../providers/models/used.ts';
import { colourNames, glyphNames } from './looks.ts';

interface LookPickerProps {
  look: Look;
  name: string;
  /** Others who look exactly like this. */
  twins: readonly SpecialistInfo[];
  onChange: (which: keyof Look, value: string) => void;
}

/** Colour and glyph, and what they look like beside the name. */
export function LookPicker({ look, name, twins, onChange }: LookPickerProps) {
  return (
    <div className="form-row">
      <span className="form-label">Look</span>
      <div className="form-what look">
        <p className="look-preview" data-sp={look.colour}>
          <span className="look-tile">
            <Glyph look={look} />
          </span>
          <b className="cut">{name.trim() || 'No name yet'}</b>
          {twins.length > 0 && <span className="text-3 small cut">{namesOf(twins)} looks like this, too</span>}
        </p>
        <Choice legend="Colour" value={look.colour} names={colourNames} onChange={(value) => onChange('colour', value)}>
          {(each) => <span className="look-colour" data-sp={each} />}
        </Choice>
        <Choice legend="Glyph" value={look.glyph} names={glyphNames} onChange={(value) => onChange('glyph', value)}>
          {(each) => <Glyph look={{ colour: look.colour, glyph: each }} />}
        </Choice>
      </div>
    </div>
  );
}

type Name = (typeof looks)[number];

interface ChoiceProps {
  legend: string;
  value: Name;
  names: Readonly<Record<Name, string>>;
  onChange: (value: Name) => void;
  children: (each: Name) => ReactNode;
}

/** One of the 18, by arrow keys or a click. */
function Choice({ legend, value, names, onChange, children }: ChoiceProps) {
  const group = useId();
  return (
    <fieldset className="look-choice">
      <legend className="unseen">{legend}</legend>
      {looks.map((each) => (
        <label key={each} className="look-one" title={names[each]}>
          <input
            type="radio"
            className="unseen"
            name={group}
            value={each}
            checked={each === value}
            aria-label={names[each]}
            onChange={() => onChange(each)}
          />
          {children(each)}
        </label>
      ))}
    </fieldset>
  );
}
