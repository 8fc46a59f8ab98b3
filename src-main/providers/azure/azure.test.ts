import { describe, expect, it } from 'vitest';
import { reads } from '../fixtures.suite.ts';
import type { HttpRequest } from '../http.ts';
import { suite } from '../provider.suite.ts';
import { collect, request } from '../testing/collect.ts';
import { byPackage, chatCompletions } from '../testing/dialects.ts';
import { make, never } from '../testing/make.ts';
import { answering, fixture } from '../testing/reading.ts';

suite({
  ...chatCompletions,
  kind: 'azure',
  keyHeader: ['api-key', (key) => key],
  cannot: {
    ...byPackage,
    reasoning: 'chat completions of OpenAI do not tell it',
    list: 'its models are named by hand',
    context: 'its models are named by hand',
  },
});

describe('chunks of Azure', () => {
  reads('azure', {
    'an answer after what was found out about the question': {
      file: 'azure/fixtures/answer.txt',
      text: ['Grüße', ', “你好” 🙂'],
      usage: { input: 13, output: 8 },
      finish: 'stop',
    },
    'a tool call, put together from its pieces': {
      file: 'azure/fixtures/tool-call.txt',
      calls: [{ id: 'call_DdmO9pD3', name: 'get_weather', input: '{"location":"Zürich"}' }],
      finish: 'tool-calls',
    },
    'an answer that was filtered': {
      file: 'azure/fixtures/filtered.txt',
      text: ['So'],
      finish: 'filter',
    },
  });
});

describe('requests to Azure', () => {
  it.each([
    ['https://me.openai.azure.com', 'https://me.openai.azure.com/openai/v1/chat/completions'],
    ['https://me.openai.azure.com/openai/', 'https://me.openai.azure.com/openai/v1/chat/completions'],
    ['https://me.openai.azure.com/openai/v1', 'https://me.openai.azure.com/openai/v1/chat/completions'],
    ['https://me.services.ai.azure.com', 'https://me.services.ai.azure.com/openai/v1/chat/completions'],
    ['https://gateway.example.com/azure', 'https://gateway.example.com/azure/chat/completions'],
  ])('go from %s to the right place', async (baseUrl, url) => {
    const asked: HttpRequest[] = [];
    const http = (each: HttpRequest) => {
      asked.push(each);
      return answering(['data: [DONE]'])(each);
    };
    await collect(make('azure', baseUrl, { http }), request(), never());
    expect(asked.map((each) => each.url)).toEqual([url]);
  });

  it('make embeddings with the key in its own header', async () => {
    const asked: HttpRequest[] = [];
    const http = (each: HttpRequest) => {
      asked.push(each);
      return answering([JSON.stringify({ data: [{ index: 0, embedding: [0.5] }] })])(each);
    };
    const provider = make('azure', 'https://me.openai.azure.com', { http });
    expect(await provider.embed!({ model: 'mine', texts: ['a'] }, never())).toMatchObject({ vectors: [[0.5]] });
    expect(asked[0]).toMatchObject({
      url: 'https://me.openai.azure.com/openai/v1/embeddings',
      headers: { 'api-key': 'a-test-key' },
    });
  });

  it('do without what a model that reasons does not take, and say so', async () => {
    const asked: unknown[] = [];
    const complaints = [
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "Unsupported value: 'temperature' does not support 0.2 with this model.",
    ];
    const http = async (each: HttpRequest) => {
      asked.push(JSON.parse(each.body ?? ''));
      const message = complaints.shift();
      if (message === undefined) return answering([fixture('azure/fixtures/answer.txt')])(each);
      return { ...(await answering([JSON.stringify({ error: { message } })])(each)), status: 400 };
    };
    const provider = make('azure', 'http://127.0.0.1', { http });
    const ask = () => collect(provider, request({ maxTokens: 9, temperature: 0.2 }), never());
    const { parts } = await ask();
    expect(parts[1]).toMatchObject({ type: 'warning' });
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    await ask();
    expect(asked).toMatchObject([
      { max_tokens: 9, temperature: 0.2 },
      { max_completion_tokens: 9, temperature: 0.2 },
      { max_completion_tokens: 9 },
      { max_completion_tokens: 9 },
    ]);
    expect(asked.slice(2).every((body) => !JSON.stringify(body).includes('temperature'))).toBe(true);
  });
});
