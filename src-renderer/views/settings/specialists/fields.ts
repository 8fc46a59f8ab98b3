import { SpecialistDefinition, type SpecialistInfo } from '#shared/domain/summary.ts';
import { type Look, looks } from '#shared/domain/things.ts';

/** A definition as it is typed: numbers as text, empty for the provider's own; the model as `modelKey` writes it. */
export interface SpecialistFields {
  name: string;
  role: string;
  persona: string;
  colour: string;
  glyph: string;
  model: string;
  temperature: string;
  maxTokens: string;
}
export type SpecialistField = keyof SpecialistFields;
type Problems = Partial<Record<SpecialistField, string>>;

export const LONGEST_PERSONA = 20_000;

/** The name of a specialist's form. */
export const formOf = (specialist: string): string => `specialist/${specialist}`;

/** Titles of the fields, for a sentence about them. */
export const fieldTitles: Readonly<Record<SpecialistField, string>> = {
  name: 'name',
  role: 'role',
  persona: 'persona',
  colour: 'colour',
  glyph: 'glyph',
  model: 'model',
  temperature: 'temperature',
  maxTokens: 'max tokens',
};

type Model = SpecialistDefinition['model'];

/** Ids of providers have no space. Empty: the best at hand. */
export const modelKey = (model: Model): string => (model === null ? '' : `${model.provider} ${model.model}`);

export function modelOf(key: string): Model {
  const space = key.indexOf(' ');
  return space < 0 ? null : { provider: key.slice(0, space), model: key.slice(space + 1) };
}

export const fieldsOf = (definition: SpecialistDefinition): SpecialistFields => ({
  name: definition.name,
  role: definition.role,
  persona: definition.persona,
  colour: definition.look.colour,
  glyph: definition.look.glyph,
  model: modelKey(definition.model),
  temperature: definition.temperature === null ? '' : String(definition.temperature),
  maxTokens: definition.maxTokens === null ? '' : String(definition.maxTokens),
});

/** The look that stands in a form. */
export const lookIn = ({ colour, glyph }: SpecialistFields): Look => ({ colour: named(colour), glyph: named(glyph) });

const named = (text: string) => looks.find((each) => each === text) ?? looks[0];

/** What the form says, or what has to be mended before it can be saved, by field. */
export function read(fields: SpecialistFields): { definition: SpecialistDefinition } | { problems: Problems } {
  const problems: Problems = {};
  const name = fields.name.trim();
  const role = fields.role.trim();
  if (name === '') problems.name = 'Give it a name.';
  else if (name.length > 60) problems.name = 'At most 60 characters.';
  if (role.length > 300) problems.role = 'At most 300 characters.';
  if (fields.persona.length > LONGEST_PERSONA) problems.persona = 'At most 20,000 characters.';
  const temperature = numberIn(fields.temperature);
  if (temperature !== null && !(temperature >= 0 && temperature <= 2))
    problems.temperature = 'A number from 0 to 2, or nothing.';
  const maxTokens = numberIn(fields.maxTokens);
  if (maxTokens !== null && !(Number.isInteger(maxTokens) && maxTokens > 0 && maxTokens <= 1_000_000))
    problems.maxTokens = 'A whole number from 1 to 1,000,000, or nothing.';
  if (Object.keys(problems).length > 0) return { problems };
  const { persona } = fields;
  const definition = {
    name,
    role,
    persona,
    look: lookIn(fields),
    temperature,
    maxTokens,
    model: modelOf(fields.model),
  };
  return { definition: SpecialistDefinition.parse(definition) };
}

/** Null for nothing, NaN for what is no number. A decimal comma is one, too. */
function numberIn(text: string): number | null {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return null;
  return /^\d*\.?\d+$|^\d+\.$/.test(plain) ? Number(plain) : Number.NaN;
}

/** Where two definitions differ, in the order of the form. */
export function differences(now: SpecialistDefinition, came: SpecialistDefinition): SpecialistField[] {
  const [a, b] = [fieldsOf(now), fieldsOf(came)];
  return (Object.keys(fieldTitles) as SpecialistField[]).filter((field) => a[field] !== b[field]);
}

/** A look that nobody has: the glyph that is used least, in the colour that is used least. */
export function freeLook(specialists: readonly SpecialistInfo[]): Look {
  const times = (which: keyof Look, name: string) => specialists.filter(({ look }) => look[which] === name).length;
  const least = (which: keyof Look, among: readonly Look[typeof which][]) =>
    among.reduce((best, each) => (times(which, each) < times(which, best) ? each : best));
  const colour = least('colour', looks);
  const free = looks.filter((glyph) => !specialists.some(({ look }) => look.colour === colour && look.glyph === glyph));
  return { colour, glyph: least('glyph', free.length === 0 ? looks : free) };
}

export const newDefinition = (specialists: readonly SpecialistInfo[]): SpecialistDefinition => ({
  name: '',
  role: '',
  persona: '',
  look: freeLook(specialists),
  temperature: null,
  maxTokens: null,
  model: null,
});

/** The name of a copy: the first number that is free, within the length of a name. */
export function copyName(name: string, specialists: readonly SpecialistInfo[]): string {
  const base = name.replace(/ \d+$/, '').slice(0, 54);
  for (let number = 2; ; number++) {
    const copy = `${base} ${number}`;
    if (!specialists.some((each) => each.name === copy)) return copy;
  }
}
