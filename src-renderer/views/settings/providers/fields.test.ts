import { expect, test } from 'vitest';
import { changeOf, namedModels, otherHost, problemsOf } from './fields.ts';

test('only what was changed is sent, without spaces around it', () => {
  const fields = { name: ' Mine ', baseUrl: 'http://a/v1', key: ' sk ', models: 'a\n\nb, a' };
  expect(changeOf(fields, ['name'])).toEqual({ name: 'Mine' });
  expect(changeOf(fields, ['key', 'models'])).toEqual({ key: 'sk', models: ['a', 'b'] });
  expect(changeOf(fields, [])).toEqual({});
});

test('models are named one per line or between commas, each once', () => {
  expect(namedModels(' gpt-5 ,gpt-5-mini\n\ngpt-5\n')).toEqual(['gpt-5', 'gpt-5-mini']);
  expect(namedModels(' \n')).toEqual([]);
});

test('another host is another scheme, name or port; a path is none, and neither is half an address', () => {
  expect(otherHost('https://a.example/v1', 'https://b.example/v1')).toBe(true);
  expect(otherHost('http://127.0.0.1:1/v1', 'http://127.0.0.1:2/v1')).toBe(true);
  expect(otherHost('https://a.example/v1', 'http://a.example/v1')).toBe(true);
  expect(otherHost('https://a.example/v1', 'https://a.example/v2')).toBe(false);
  expect(otherHost('https://a.example/v1', 'https:/')).toBe(false);
});

test('spaces are no key: they do not delete the one that is kept', () => {
  const fields = { name: 'Mine', baseUrl: 'http://a/v1', key: '  ', models: '' };
  const provider = { kind: 'openai-compatible', baseUrl: 'http://a/v1', key: 'stored' } as const;
  expect(problemsOf(fields, provider)).toEqual({ key: 'Give a key, or keep the old one.' });
  expect(problemsOf(fields, { ...provider, key: 'none' })).toEqual({ key: 'Give a key, or leave it empty.' });
  expect(problemsOf({ ...fields, key: '' }, provider)).toEqual({});
});
