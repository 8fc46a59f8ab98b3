import { expect, it } from 'vitest';
import { providerKinds } from '#shared/domain/providers.ts';
import { chatModels } from './models.ts';

const order = (kind: string, ...ids: string[]) =>
  chatModels(
    kind,
    ids.map((id) => ({ id })),
  ).map(({ id }) => id);

it.each([
  ['openai', ['davinci-002', 'gpt-4o', 'gpt-5-mini', 'gpt-5.1'], ['gpt-5.1', 'gpt-5-mini', 'gpt-4o']],
  ['openai-responses', ['gpt-4o', 'gpt-5'], ['gpt-5', 'gpt-4o']],
  ['anthropic', ['claude-opus-4-1', 'claude-sonnet-4-5'], ['claude-sonnet-4-5', 'claude-opus-4-1']],
  [
    'google',
    ['gemini-2.5-pro', 'gemini-2.5-flash-image', 'gemini-2.5-flash-lite', 'gemini-2.5-flash', 'veo-3.0'],
    ['gemini-2.5-flash', 'gemini-2.5-flash-lite', 'gemini-2.5-pro'],
  ],
  [
    'mistral',
    ['codestral-latest', 'mistral-ocr-latest', 'mistral-medium-latest', 'open-mistral-nemo'],
    ['mistral-medium-latest', 'codestral-latest', 'open-mistral-nemo'],
  ],
  [
    'groq',
    ['whisper-large-v3', 'meta-llama/llama-guard-4-12b', 'llama-3.1-8b-instant', 'openai/gpt-oss-120b'],
    ['openai/gpt-oss-120b', 'llama-3.1-8b-instant'],
  ],
  ['openrouter', ['a/b', 'openrouter/auto'], ['openrouter/auto', 'a/b']],
  ['bedrock', ['z', 'a'], ['z', 'a']],
])('of %s those that chat, a good one first', (kind, listed, expected) => {
  expect(order(kind, ...listed)).toEqual(expected);
});

it('keeps the order of the provider among those of which none is preferred', () => {
  for (const kind of providerKinds) expect(order(kind, 'unknown-b', 'unknown-a')).toEqual(['unknown-b', 'unknown-a']);
});
