import { LLMock } from '@copilotkit/aimock';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suite } from '../provider.suite.ts';
import type { ProviderRefusal } from '../provider.ts';
import { collect, expectOrder, request, textOf } from '../testing/collect.ts';
import { make, never } from '../testing/make.ts';
import { fixture, listAs, readAs } from '../testing/reading.ts';
import * as act from '../testing/server.ts';
import { googleError, googleStream, googleWhole } from '../testing/streams.ts';

suite({
  kind: 'google',
  path: '/v1/models/test-model:streamGenerateContent?alt=sse',
  keyHeader: ['x-goog-api-key', (key) => key],
  stream: googleStream,
  leading: 1,
  trailing: 0,
  whole: googleWhole,
  error: googleError,
  said: ({ contents }) => (contents as { parts: { text: string }[] }[]).map(({ parts }) => parts[0]?.text),
  list: (models) => ({
    models: models.map(({ id, contextWindow }) => ({
      name: `models/${id}`,
      inputTokenLimit: contextWindow,
      supportedGenerationMethods: ['generateContent', 'countTokens'],
    })),
  }),
  cannot: { 'end mark': 'the connection tells the end' },
});

describe('pieces of Gemini', () => {
  const read = async (name: string) => (await readAs('google', [fixture(`google/fixtures/${name}.txt`)])).parts;

  it('are read: an answer after some thought, with its figures', async () => {
    expect(await read('answer')).toEqual([
      { type: 'start' },
      { type: 'reasoning', text: '**Comparing**' },
      { type: 'reasoning', text: ' the two.' },
      { type: 'delta', text: 'Grüße' },
      { type: 'delta', text: ', “你好” 🙂' },
      { type: 'usage', usage: { input: 9, output: 29, reasoning: 21 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('are read: tool calls, one of them without input', async () => {
    expect(await read('tool-call')).toEqual([
      { type: 'start' },
      { type: 'tool-call', id: expect.any(String), name: 'get_weather', input: '{"location":"Zürich"}' },
      { type: 'tool-call', id: expect.any(String), name: 'now', input: '{}' },
      { type: 'usage', usage: { input: 9, output: 15 } },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });

  it('are read: a question that is blocked', async () => {
    expect(await read('blocked')).toEqual([
      { type: 'start' },
      { type: 'usage', usage: { input: 9, output: 0 } },
      { type: 'finish', reason: 'filter' },
    ]);
  });

  it('come from models that are listed with context and longest answer, those that chat', async () => {
    const gemini = { inputTokenLimit: 1_048_576, outputTokenLimit: 65_536, thinking: true };
    const list = [
      { name: 'models/gemini-2.5-flash', ...gemini, supportedGenerationMethods: ['generateContent', 'countTokens'] },
      { name: 'models/embedding-001', inputTokenLimit: 2048, supportedGenerationMethods: ['embedContent'] },
    ];
    expect(await listAs('google', { models: list })).toEqual([
      { id: 'gemini-2.5-flash', contextWindow: 1_048_576, maxOutput: 65_536, features: ['reasoning'] },
    ]);
  });
});

describe('requests to Google', () => {
  let server: act.TestServer;
  beforeAll(async () => {
    server = await act.startTestServer();
  });
  afterAll(() => server.close());

  it('go to the version that is usual when the address names none', async () => {
    server.next(act.stream(googleStream(['ok'])), act.json({ models: [] }));
    const provider = make('google', `${server.url}/`);
    await collect(provider.chat(request(), never()));
    await provider.models(never());
    expect(server.requests.slice(-2).map(({ path }) => path)).toEqual([
      '/v1beta/models/test-model:streamGenerateContent?alt=sse',
      '/v1beta/models?pageSize=1000',
    ]);
  });

  it('ask a model that thinks for its thoughts, and from then on not when it will not tell them', async () => {
    server.next(
      act.status(400, {}, 'Thinking is not enabled for this model.'),
      ...Array.from({ length: 3 }, () => act.stream(googleStream(['ok']))),
    );
    const provider = make('google', server.url);
    await collect(provider.chat(request({ model: 'gemini-2.5-odd', maxTokens: 9 }), never()));
    await collect(provider.chat(request({ model: 'gemini-2.5-odd', maxTokens: 9 }), never()));
    await collect(provider.chat(request({ model: 'gemini-1.5-pro', maxTokens: 9 }), never()));
    expect(server.requests.slice(-4).map(({ body }) => body.generationConfig)).toEqual([
      { maxOutputTokens: 9, thinkingConfig: { includeThoughts: true } },
      { maxOutputTokens: 9 },
      { maxOutputTokens: 9 },
      { maxOutputTokens: 9 },
    ]);
  });

  it('tell a wrong key as such, though Google calls it a wrong request', async () => {
    const message = 'API key not valid. Please pass a valid API key.';
    server.next(act.json([{ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }], 400));
    const { error } = await collect(make('google', server.url).chat(request(), never()));
    expect((error as ProviderRefusal).problem.message).toBe(`Test Service does not accept the key: ${message}`);
  });

  it('tell too many of them as such when it is told in the stream', async () => {
    server.next(act.stream(['data: {"error":{"code":429,"message":"Quota.","status":"RESOURCE_EXHAUSTED"}}\n\n']));
    const { error } = await collect(make('google', server.url).chat(request(), never()));
    expect(error).toMatchObject({ problem: { code: 'PROVIDER_RATE_LIMITED' }, retryable: true });
  });
});

describe('a foreign server in the dialect of Gemini', () => {
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
    baseUrl = `${await mock.start()}/v1beta`;
  });
  afterAll(() => mock.stop());

  const ask = (text: string, stream = true) =>
    collect(make('google', baseUrl).chat(request({ messages: [{ role: 'user', text }], stream }), never()));

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
    // This server gives a reason of its own, which Gemini has not.
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'other' });
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
});
