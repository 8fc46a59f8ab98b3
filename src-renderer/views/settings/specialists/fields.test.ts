import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpecialistDefinition, type SpecialistInfo } from '#shared/domain/summary.ts';
import { looks } from '#shared/domain/things.ts';
import { copyName, differences, fieldsOf, freeLook, read } from './fields.ts';

const definition: SpecialistDefinition = {
  name: 'Apollo',
  role: 'Programs',
  persona: 'You are Apollo.',
  look: { colour: 'apollo', glyph: 'apollo' },
  temperature: null,
  maxTokens: null,
  model: null,
};
const problemsOf = (change: object) => {
  const told = read({ ...fieldsOf(definition), ...change });
  return 'problems' in told ? told.problems : undefined;
};

test('a definition that was put into the form is read back as it was', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 60 })
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const look = fc.constantFrom(...looks);
  const definitions = fc.record({
    name,
    role: fc.string({ maxLength: 300 }).map((text) => text.trim()),
    persona: fc.string(),
    look: fc.record({ colour: look, glyph: look }),
    temperature: fc.option(fc.integer({ min: 0, max: 200 }).map((hundredth) => hundredth / 100)),
    maxTokens: fc.option(fc.integer({ min: 1, max: 1_000_000 })),
    model: fc.option(fc.record({ provider: fc.stringMatching(/^[\w.-]{1,20}$/), model: fc.string({ minLength: 1 }) })),
  });
  fc.assert(
    fc.property(definitions, (each) => {
      expect(read(fieldsOf(each))).toEqual({ definition: SpecialistDefinition.parse(each) });
    }),
  );
});

test('what cannot be saved is said at its field, and a decimal comma can', () => {
  expect(problemsOf({ name: ' ' })).toEqual({ name: 'Give it a name.' });
  expect(problemsOf({ temperature: '2.1', maxTokens: '1.5' })).toEqual({
    temperature: 'A number from 0 to 2, or nothing.',
    maxTokens: 'A whole number from 1 to 1,000,000, or nothing.',
  });
  expect(Object.keys(problemsOf({ temperature: 'warm', persona: 'x'.repeat(20_001) }) ?? {})).toEqual([
    'persona',
    'temperature',
  ]);
  expect(read({ ...fieldsOf(definition), temperature: '0,7' })).toMatchObject({ definition: { temperature: 0.7 } });
});

test('a reset names what it changes', () => {
  const now = { ...definition, persona: 'You are somebody.', look: { colour: 'metis', glyph: 'apollo' } as const };
  expect(differences(now, definition)).toEqual(['persona', 'colour']);
  expect(differences(definition, definition)).toEqual([]);
});

test('a new specialist gets a look that nobody has', () => {
  const shipped = looks.map((each) => ({ look: { colour: each, glyph: each } }) as SpecialistInfo);
  const free = freeLook(shipped);
  expect(free.colour).not.toBe(free.glyph);
  const next = freeLook([...shipped, { look: free } as SpecialistInfo]);
  expect(next).not.toEqual(free);
});

test('a copy gets the next free number, and no copy of a copy of a name', () => {
  const all = ['Apollo', 'Apollo 2'].map((name) => ({ name }) as SpecialistInfo);
  expect(copyName('Apollo', all)).toBe('Apollo 3');
  expect(copyName('Apollo 2', all)).toBe('Apollo 3');
  expect(copyName('x'.repeat(60), [])).toHaveLength(56);
});
