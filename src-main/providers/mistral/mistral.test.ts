import { describe, expect, it } from 'vitest';
import { reads } from '../fixtures.suite.ts';
import { suite } from '../provider.suite.ts';
import { chatCompletions } from '../testing/dialects.ts';
import { listAs } from '../testing/reading.ts';
import { mistralStream } from '../testing/streams.ts';

suite({ ...chatCompletions, kind: 'mistral', stream: mistralStream, trailing: 1 });

describe('chunks of Mistral', () => {
  reads('mistral', {
    'an answer after some thought': {
      file: 'mistral/fixtures/answer.txt',
      reasoning: ['Nine is', ' more.'],
      text: ['Grüße', ', “你好” 🙂'],
      usage: { input: 13, output: 8 },
      finish: 'stop',
    },
    'a tool call': {
      file: 'mistral/fixtures/tool-call.txt',
      calls: [{ id: '9rE2vXkQ1', name: 'get_weather', input: '{"location":"Zürich"}' }],
      usage: { input: 13, output: 8 },
      finish: 'tool-calls',
    },
  });

  it('come from models that are listed with context and features, those that chat', async () => {
    const capabilities = { completion_chat: true, function_calling: true, vision: false, fine_tuning: false };
    const list = [
      { id: 'mistral-large-latest', capabilities, max_context_length: 131_072, aliases: [] },
      { id: 'mistral-embed', capabilities: { ...capabilities, completion_chat: false }, max_context_length: 8192 },
    ];
    expect(await listAs('mistral', { object: 'list', data: list })).toEqual([
      { id: 'mistral-large-latest', contextWindow: 131_072, features: ['tools'] },
    ]);
  });
});
