import { expect, test } from 'vitest';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import { modelRows } from './model-rows.ts';

const provider = (id: string, models: string[], enabled = true) =>
  ({ id, name: `${id} place`, enabled, models: models.map((each) => ({ id: each })) }) as ProviderInfo;
const near = provider('near', ['mistral-small', 'llama-3', 'small']);
const far = provider('far', ['gpt-5', 'gpt-5-mini', 'o3']);

const found = (query: string, providers = [near, far], value = '') =>
  modelRows(providers, query, value, 'Automatic: the best at hand').groups.flatMap(({ rows }) =>
    rows.map(({ key }) => key),
  );

test('the best match comes first, whichever provider has it', () => {
  expect(found('gpt-5-m')).toEqual(['far gpt-5-mini']);
  expect(found('mini')).toEqual(['far gpt-5-mini']);
  expect(found('small')).toEqual(['near mistral-small', 'near small']);
  expect(found('o3')[0]).toBe('far o3');
  expect(found('gpt far')).toEqual(['far gpt-5', 'far gpt-5-mini']);
  expect(found('nothing like it')).toEqual([]);
});

test('the hidden id of a provider is not looked into, and one that is off offers nothing', () => {
  expect(found('zz', [{ ...near, id: 'zz' }])).toEqual([]);
  expect(found('', [provider('near', ['a'], false), far])).toEqual(['far gpt-5', 'far gpt-5-mini', 'far o3']);
});

test('the way back to the best at hand is found by its words', () => {
  const automatic = (query: string) => modelRows([near], query, '', 'Automatic: the best at hand').automatic;
  expect(automatic('')).toBe(true);
  expect(automatic('best')).toBe(true);
  expect(automatic('llama')).toBe(false);
  expect(automatic('math')).toBe(false);
});

test('of many only some are shown, the chosen one always, and how many more there are is told', () => {
  const many = provider(
    'many',
    Array.from({ length: 1200 }, (_, index) => `m-${index}`),
  );
  const all = modelRows([many], '', 'many m-1100', '');
  expect(all.groups[0]?.rows).toHaveLength(50);
  expect(all.groups[0]?.rows.at(-1)?.key).toBe('many m-1100');
  expect(all.more).toBe(1150);
  expect(modelRows([many], 'm-119', '', '')).toMatchObject({ more: 0 });
});
