import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../http.ts';
import { suite } from '../provider.suite.ts';
import { collect, request } from '../testing/collect.ts';
import { make, never } from '../testing/make.ts';
import { answering, fixture, readAs } from '../testing/reading.ts';
import { chatList, chatSaid, openaiError, openaiStream, openaiWhole } from '../testing/streams.ts';

suite({
  kind: 'azure',
  path: '/v1/chat/completions',
  keyHeader: ['api-key', (key) => key],
  stream: openaiStream,
  leading: 1,
  trailing: 2,
  whole: openaiWhole,
  error: openaiError,
  said: chatSaid,
  list: chatList,
  cannot: {
    reasoning: 'chat completions of OpenAI do not tell it',
    list: 'its models are named by hand',
    context: 'its models are named by hand',
  },
});

describe('chunks of Azure', () => {
  const read = async (name: string) => (await readAs('azure', [fixture(`azure/fixtures/${name}.txt`)])).parts;

  it('are read: an answer after what was found out about the question', async () => {
    expect(await read('answer')).toEqual([
      { type: 'start' },
      { type: 'delta', text: 'Grüße' },
      { type: 'delta', text: ', “你好” 🙂' },
      { type: 'usage', usage: { input: 13, output: 8 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('are read: a tool call, put together from its pieces', async () => {
    expect(await read('tool-call')).toEqual([
      { type: 'start' },
      { type: 'tool-call', id: 'call_DdmO9pD3', name: 'get_weather', input: '{"location":"Zürich"}' },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });

  it('are read: an answer that was filtered', async () => {
    expect(await read('filtered')).toEqual([
      { type: 'start' },
      { type: 'delta', text: 'So' },
      { type: 'finish', reason: 'filter' },
    ]);
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
    await collect(make('azure', baseUrl, { http }).chat(request(), never()));
    expect(asked.map((each) => each.url)).toEqual([url]);
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
    const ask = () => collect(provider.chat(request({ maxTokens: 9, temperature: 0.2 }), never()));
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
