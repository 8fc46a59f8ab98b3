import { describe, expect, it } from 'vitest';
import { reads } from '../fixtures.suite.ts';
import type { HttpRequest } from '../http.ts';
import { suite } from '../provider.suite.ts';
import { byPackage, chatCompletions } from '../testing/dialects.ts';
import { make, never } from '../testing/make.ts';
import { answering, listAs } from '../testing/reading.ts';
import { mistralStream } from '../testing/streams.ts';

suite({ ...chatCompletions, kind: 'mistral', cannot: byPackage, stream: mistralStream, trailing: 1 });

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

it('makes embeddings, of the length that is wished for', async () => {
  const asked: HttpRequest[] = [];
  const http = (each: HttpRequest) => {
    asked.push(each);
    return answering([JSON.stringify({ data: [{ index: 0, embedding: [0.5] }], usage: { prompt_tokens: 3 } })])(each);
  };
  const request = { model: 'mistral-embed', texts: ['a'], dimensions: 1 };
  const made = await make('mistral', 'https://api.mistral.ai/v1', { http }).embed!(request, never());
  expect(made).toEqual({ vectors: [[0.5]], tokens: 3 });
  expect(asked[0]).toMatchObject({
    url: 'https://api.mistral.ai/v1/embeddings',
    headers: { authorization: 'Bearer a-test-key' },
  });
  expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({ input: ['a'], output_dimension: 1 });
});
