import { expect, test } from 'vitest';
import type { SpecialistInfo } from '#shared/domain/summary.ts';
import { destinations } from './destinations.ts';

const rows = ['Tone of the error texts', 'Retry loop', 'Office rota', 'Notes'].map((title, index) => ({
  id: String(index),
  title,
}));
const specialists = ['Apollo', 'Rhetor'].map((name) => ({ id: name, name })) as SpecialistInfo[];
const none = { rows, specialists, visited: [], current: null, query: '' };
const ids = (wanted: Partial<Parameters<typeof destinations>[0]>) =>
  destinations({ ...none, ...wanted }).sessions.map(({ id }) => id);

test('without a word the newest come first, and everybody can be asked', () => {
  expect(ids({})).toEqual(['0', '1', '2', '3']);
  expect(destinations(none).specialists.map(({ id }) => id)).toEqual(['Apollo', 'Rhetor']);
});

test('the session before this one is the first, this one the last: there and back by Enter', () => {
  expect(ids({ visited: ['3', '2'], current: '3' })).toEqual(['2', '0', '1', '3']);
  expect(ids({ visited: ['2', '3'], current: '2' })).toEqual(['3', '0', '1', '2']);
});

test('from another view the session that was last on screen is the first', () => {
  expect(ids({ visited: ['3', '2'], current: null })).toEqual(['3', '2', '0', '1']);
});

test('what is typed leaves those with its letters in order, words before letters apart', () => {
  expect(ids({ query: 'ro' })).toEqual(['2', '0', '1']);
  expect(ids({ query: 'xyz' })).toEqual([]);
});

test('who matches better comes first, sessions when both match as well', () => {
  expect(destinations({ ...none, query: 'apo' }).specialistsFirst).toBe(true);
  expect(destinations({ ...none, query: 'r' }).specialistsFirst).toBe(false);
  expect(destinations({ ...none, query: '' }).specialistsFirst).toBe(false);
});
