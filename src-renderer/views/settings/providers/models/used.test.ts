import { expect, test } from 'vitest';
import type { SpecialistInfo } from '#shared/domain/summary.ts';
import { matches, namesOf, ordered, toldOf, usersOf, whatChanges } from './used.ts';

const someone = (name: string, model?: string) =>
  ({ name, binding: model === undefined ? null : { provider: 'p', model } }) as SpecialistInfo;

test('a model is used by whoever answers with it, of that provider only', () => {
  const all = [someone('Apollo', 'a'), someone('Metis', 'b'), someone('Numa')];
  expect(usersOf(all, 'p', 'a').map(({ name }) => name)).toEqual(['Apollo']);
  expect(usersOf(all, 'other', 'a')).toEqual([]);
});

test('a few are named, many are counted', () => {
  const names = (...all: string[]) => namesOf(all.map((name) => someone(name)));
  expect(names()).toBe('');
  expect(names('A')).toBe('A');
  expect(names('A', 'B', 'C', 'D')).toBe('A, B, C and D');
  expect(names('A', 'B', 'C', 'D', 'E')).toBe('A, B, C and 2 more');
});

test('a removal tells who needs another model, and who finds one by itself', () => {
  const chosen = { ...someone('Metis', 'a'), chosen: { provider: 'p', model: 'a' } };
  const automatic = { ...someone('Numa', 'a'), chosen: null };
  expect(whatChanges([])).toBe('No specialist uses it now.');
  expect(whatChanges([chosen, automatic])).toBe(
    'Metis needs another model then. Numa looks for the next best at hand.',
  );
});

test('models that are used come first, the others stay in the order of their provider', () => {
  const models = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
  expect(ordered(models, new Set(['c'])).map(({ id }) => id)).toEqual(['c', 'a', 'b', 'd']);
});

test('what a provider tells of no model has no column', () => {
  expect(toldOf({ offline: false, models: [{ id: 'a' }] })).toEqual({ context: false, features: false });
  expect(toldOf({ offline: false, models: [{ id: 'a' }, { id: 'b', contextWindow: 8, streams: false }] })).toEqual({
    context: true,
    features: true,
  });
});

test('a search finds all its words, in the name or the features', () => {
  const model = { id: 'qwen3-235b', features: ['tools' as const] };
  expect(matches(model, '')).toBe(true);
  expect(matches(model, 'QWEN tool')).toBe(true);
  expect(matches(model, 'qwen vision')).toBe(false);
});
