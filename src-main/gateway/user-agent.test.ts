import { expect, it } from 'vitest';
import { clientOf } from './user-agent.ts';

it.each([
  ['OpenAI/JS 7.57.0', 'OpenAI/JS', '7.57.0'],
  ['curl/8.5.0', 'curl', '8.5.0'],
  ['ai/7.0.1 ai-sdk/openai/4.0.2 runtime/node.js/24', 'ai', '7.0.1'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', 'Mozilla', '5.0'],
  ['AsyncOpenAI/Python 1.2.3', 'AsyncOpenAI/Python', '1.2.3'],
  ['node', 'node', ''],
  ['', 'unknown', ''],
  [undefined, 'unknown', ''],
])('%s names %s, version %s', (userAgent, name, version) => {
  expect(clientOf(userAgent)).toEqual({ name, version });
});
