import { expect, test } from 'vitest';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import { about, standing } from './words.ts';

const provider = (given: Partial<ProviderInfo>): ProviderInfo => ({
  id: 'p',
  kind: 'openai-compatible',
  name: 'Mine',
  baseUrl: 'http://127.0.0.1:1/v1',
  offline: false,
  local: true,
  origin: 'user',
  enabled: true,
  key: 'none',
  state: 'ready',
  problem: null,
  models: [{ id: 'a' }],
  fixedModels: false,
  ...given,
});

test('how a provider stands is said by what helps most: off, a locked key, a missing key, then what it answered', () => {
  const word = (given: Partial<ProviderInfo>) => standing(provider(given)).word;
  expect(word({})).toBe('ready');
  expect(word({ enabled: false, state: 'refused' })).toBe('off');
  expect(word({ key: 'locked', state: 'unknown' })).toBe('key locked');
  expect(word({ kind: 'anthropic', state: 'refused' })).toBe('needs a key');
  expect(word({ kind: 'anthropic', key: 'stored', state: 'refused' })).toBe('refused');
  expect(word({ state: 'refused' })).toBe('refused');
  expect(word({ state: 'unreachable' })).toBe('not reachable');
  expect(word({ state: 'unknown' })).toBe('not asked yet');
});

test('one whose models are named by hand is not called ready before it has answered a test', () => {
  const answer = { model: 'a', firstTokenMs: 1, tokensPerSecond: null, buffered: false };
  const named = provider({ fixedModels: true });
  expect(standing(named).word).toBe('not tested');
  expect(standing(named, { models: null, answer, problem: null }).word).toBe('ready');
  expect(standing(named, { models: null, answer: null, problem: { message: 'No.' } }).word).toBe('test failed');
  expect(standing(provider({ fixedModels: true, enabled: false })).word).toBe('off');
  expect(about(named)).toBe('OpenAI-compatible, 1 model named by hand');
});

test('the second line names the kind unless the name does, the models, and where the key is', () => {
  expect(about(provider({}))).toBe('OpenAI-compatible, 1 model');
  expect(about(provider({ kind: 'mistral', name: 'Mistral', key: 'stored' }))).toBe('1 model, key kept here');
  expect(about(provider({ origin: 'found', models: [] }))).toBe('found on this computer');
  expect(about(provider({ kind: 'simulator', key: 'environment' }))).toBe(
    'simulator, 1 model, key from the environment',
  );
  expect(about(provider({ kind: 'mistral', name: 'Mistral', models: [] }))).toBe('no models yet');
  expect(about(provider({ offline: true, models: [{ id: 'recall' }, { id: 'summary' }] }))).toBe('recall, summary');
});
