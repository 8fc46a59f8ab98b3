import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suite } from '../provider.suite.ts';
import type { ProviderRefusal } from '../provider.ts';
import { collect, expectOrder, request, textOf } from '../testing/collect.ts';
import { make, never } from '../testing/make.ts';
import { fixture, readAs } from '../testing/reading.ts';
import * as act from '../testing/server.ts';
import { chatList, responsesError, responsesSaid, responsesStream, responsesWhole } from '../testing/streams.ts';

suite({
  kind: 'openai-responses',
  path: '/v1/responses',
  keyHeader: ['authorization', (key) => `Bearer ${key}`],
  stream: responsesStream,
  leading: 3,
  trailing: 0,
  whole: responsesWhole,
  error: responsesError,
  said: responsesSaid,
  list: chatList,
  cannot: { 'late figures': 'its finish has them, and is its end' },
});

describe('responses events', () => {
  const read = async (name: string) =>
    (await readAs('openai-responses', [fixture(`openai/fixtures/${name}.txt`)])).parts;

  it('are read: an answer with its figures', async () => {
    expect(await read('responses-answer')).toEqual([
      { type: 'start' },
      { type: 'delta', text: 'Grüße' },
      { type: 'delta', text: ', “你好” 🙂' },
      { type: 'usage', usage: { input: 37, output: 11 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('are read: a summary of reasoning and a tool call', async () => {
    expect(await read('responses-tool-call')).toEqual([
      { type: 'start' },
      { type: 'reasoning', text: '**Looking' },
      { type: 'reasoning', text: '** at the sky.' },
      { type: 'tool-call', id: 'call_oPiI0xSR', name: 'get_weather', input: '{"location":"Zürich"}' },
      { type: 'usage', usage: { input: 61, output: 148, reasoning: 128 } },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });

  it('are read: a refusal of the model is its answer, filtered; an unknown event is left out', async () => {
    expect(await read('responses-refusal')).toEqual([
      { type: 'start' },
      { type: 'delta', text: "I'm sorry, " },
      { type: 'delta', text: 'I cannot help with that.' },
      { type: 'usage', usage: { input: 9, output: 8 } },
      { type: 'finish', reason: 'filter' },
    ]);
  });
});

describe('requests for responses', () => {
  let server: act.TestServer;
  beforeAll(async () => {
    server = await act.startTestServer();
  });
  afterAll(() => server.close());

  it('let nothing be stored, and want a summary of the reasoning', async () => {
    server.next(act.stream(responsesStream(['ok'])));
    const asked = request({ model: 'gpt-5-mini', maxTokens: 9, temperature: 0.2 });
    const { parts } = await collect(make('openai-responses', `${server.url}/v1/responses`).chat(asked, never()));
    expect(server.requests.at(-1)).toMatchObject({
      path: '/v1/responses',
      body: { model: 'gpt-5-mini', store: false, reasoning: { summary: 'auto' }, max_output_tokens: 9 },
    });
    expect(parts[1]).toEqual({
      type: 'warning',
      message: 'Test Service: temperature is not supported for reasoning models.',
    });
  });

  it('do without the summary for an organisation that may not read it', async () => {
    const message = 'Your organization must be verified to generate reasoning summaries.';
    server.next(
      act.json({ error: { message, type: 'invalid_request_error', param: 'reasoning.summary', code: null } }, 400),
      act.stream(responsesStream(['ok'])),
    );
    const chat = make('openai-responses', `${server.url}/v1`).chat(request({ model: 'gpt-5-mini' }), never());
    expect(textOf((await collect(chat)).parts)).toBe('ok');
    expect(server.requests.slice(-2).map(({ body }) => body.reasoning)).toEqual([{ summary: 'auto' }, {}]);
  });

  it('tell an answer that failed', async () => {
    const failed = { type: 'response.failed', response: { error: { code: 'server_error', message: 'It broke.' } } };
    server.next(act.stream([...responsesStream(['Yes']).slice(0, 4), `data: ${JSON.stringify(failed)}\n\n`]));
    const { parts } = await collect(make('openai-responses', `${server.url}/v1`).chat(request(), never()));
    expect(textOf(parts)).toBe('Yes');
    expect(parts.at(-1)).toMatchObject({ problem: { message: 'Test Service reported an error: It broke.' } });
  });
});

describe('a foreign server in the dialect of responses', () => {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });
  let baseUrl: string;
  beforeAll(async () => {
    mock.onMessage('hello', { content: 'Hello, world.', reasoning: 'They greet.' }, { chunkSize: 4 });
    mock.onMessage('limit', { error: { message: 'Slow down.', type: 'rate_limit_error' }, status: 429, retryAfter: 7 });
    mock.onMessage(
      'cut',
      { content: 'This will be cut off soon.' },
      { chunkSize: 4, truncateAfterChunks: 5, streamingProfile: { ttft: 5, tps: 200 } },
    );
    mock.onMessage('tool', { toolCalls: [{ name: 'get_weather', arguments: '{"city":"Zürich"}' }] });
    baseUrl = `${await mock.start()}/v1`;
  });
  afterAll(() => mock.stop());

  const ask = (text: string, stream = true) =>
    collect(make('openai-responses', baseUrl).chat(request({ messages: [{ role: 'user', text }], stream }), never()));

  it('streams and gives whole answers', async () => {
    const { parts, error } = await ask('hello');
    expect(error).toBeUndefined();
    expectOrder(parts);
    expect(textOf(parts)).toBe('Hello, world.');
    expect(parts.filter(({ type }) => type === 'delta').length).toBeGreaterThan(2);
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    const whole = (await ask('hello', false)).parts;
    expect(whole[0]).toEqual({ type: 'start', buffered: true });
    expect(textOf(whole)).toBe('Hello, world.');
  });

  it('calls tools', async () => {
    const { parts } = await ask('tool');
    expect(parts).toContainEqual(
      expect.objectContaining({ type: 'tool-call', name: 'get_weather', input: '{"city":"Zürich"}' }),
    );
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' });
  });

  it('limits the rate', async () => {
    const { error } = await ask('limit');
    expect((error as ProviderRefusal).problem.code).toBe('PROVIDER_RATE_LIMITED');
    expect((error as ProviderRefusal).retryAfterMs).toBe(7000);
  });

  it('breaks off', async () => {
    const { parts, error } = await ask('cut');
    const told = error ?? parts.at(-1);
    expect('This will be cut off soon.').toMatch(new RegExp(`^${textOf(parts)}`));
    expect(told).toMatchObject({ problem: { code: 'PROVIDER_BROKE_OFF' } });
  });

  it('lists its models', async () => {
    expect((await make('openai-responses', baseUrl).models(never())).length).toBeGreaterThan(0);
  });
});
