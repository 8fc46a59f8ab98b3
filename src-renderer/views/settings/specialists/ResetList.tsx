import type { Roster, SpecialistDefinition } from '#shared/domain/summary.ts';
import { count } from '../../../ui/format.ts';
import { differences, fieldTitles, type SpecialistField } from './fields.ts';
import { colourNames, glyphNames } from './looks.ts';

interface ResetListProps {
  now: SpecialistDefinition;
  came: SpecialistDefinition;
  roster: Roster;
}

/** What a reset changes, field by field. */
export function ResetList({ now, came, roster }: ResetListProps) {
  return (
    <table className="reset">
      <thead>
        <tr>
          <td />
          <th scope="col">Now</th>
          <th scope="col">As it came</th>
        </tr>
      </thead>
      <tbody>
        {differences(now, came).map((field) => (
          <tr key={field}>
            <th scope="row">{sentence(fieldTitles[field])}</th>
            <td>{told(now, field, roster)}</td>
            <td>{told(came, field, roster)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function told(definition: SpecialistDefinition, field: SpecialistField, roster: Roster): string {
  const { look, model, persona } = definition;
  switch (field) {
    case 'colour':
      return colourNames[look.colour];
    case 'glyph':
      return glyphNames[look.glyph];
    case 'model':
      if (model === null) return 'automatic';
      return `${model.model} on ${roster.providers.find(({ id }) => id === model.provider)?.name ?? model.provider}`;
    case 'persona':
      return persona === '' ? 'none' : `${count(persona.length)} characters: ${beginning(persona)}`;
    case 'temperature':
    case 'maxTokens':
      return definition[field] === null ? 'the provider’s own' : String(definition[field]);
    default:
      return definition[field] || 'none';
  }
}

const beginning = (text: string) => (text.length > 90 ? `${text.slice(0, 88).trimEnd()}…` : text);
