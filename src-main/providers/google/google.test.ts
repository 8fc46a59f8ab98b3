import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reads } from '../fixtures.suite.ts';
import { foreign } from '../foreign.suite.ts';
import { suite } from '../provider.suite.ts';
import type { ProviderRefusal } from '../provider.ts';
import { collect, request } from '../testing/collect.ts';
import { byPackage } from '../testing/dialects.ts';
import { make, never } from '../testing/make.ts';
import { listAs } from '../testing/reading.ts';
import * as act from '../testing/server.ts';
import { googleError, googleStream, googleWhole } from '../testing/streams.ts';
import { everything, withTools } from '../testing/wishes.ts';

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
  cannot: { ...byPackage, 'end mark': 'the connection tells the end' },
});

describe('pieces of Gemini', () => {
  reads('google', {
    'an answer after some thought, with its figures': {
      file: 'google/fixtures/answer.txt',
      reasoning: ['**Comparing**', ' the two.'],
      text: ['Grüße', ', “你好” 🙂'],
      usage: { input: 9, output: 29, reasoning: 21 },
      finish: 'stop',
    },
    'tool calls, one of them without input': {
      file: 'google/fixtures/tool-call.txt',
      calls: [
        { id: expect.any(String), name: 'get_weather', input: '{"location":"Zürich"}' },
        { id: expect.any(String), name: 'now', input: '{}' },
      ],
      usage: { input: 9, output: 15 },
      finish: 'tool-calls',
    },
    'a question that is blocked': {
      file: 'google/fixtures/blocked.txt',
      usage: { input: 9, output: 0 },
      finish: 'filter',
    },
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
    await collect(provider, request(), never());
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
    await collect(provider, request({ model: 'gemini-2.5-odd', maxTokens: 9 }), never());
    await collect(provider, request({ model: 'gemini-2.5-odd', maxTokens: 9 }), never());
    await collect(provider, request({ model: 'gemini-1.5-pro', maxTokens: 9 }), never());
    expect(server.requests.slice(-4).map(({ body }) => body.generationConfig)).toEqual([
      { maxOutputTokens: 9, thinkingConfig: { includeThoughts: true } },
      { maxOutputTokens: 9 },
      { maxOutputTokens: 9 },
      { maxOutputTokens: 9 },
    ]);
  });

  it('say pictures, tools, tool calls and what the tools gave', async () => {
    server.next(act.stream(googleStream(['ok'])));
    await collect(make('google', server.url), request({ messages: withTools, options: everything }), never());
    const { body } = server.requests.at(-1)!;
    const contents = body.contents as { role: string; parts: unknown[] }[];
    expect(contents.map(({ role }) => role)).toEqual(['user', 'user', 'model', 'user', 'user']);
    expect(contents[1]!.parts[1]).toEqual({ inlineData: { mimeType: 'image/png', data: 'iVBORw0=' } });
    expect(contents[2]!.parts).toContainEqual(
      expect.objectContaining({ functionCall: expect.objectContaining({ name: 'weather', args: { city: 'Zürich' } }) }),
    );
    expect(JSON.stringify(contents[3]!.parts)).toMatch(/functionResponse.*weather.*rain/);
    expect(body.generationConfig).toMatchObject({ topP: 0.9, seed: 7, stopSequences: ['END', '\n'] });
    expect(JSON.stringify(body.tools)).toContain('"weather"');
    expect(JSON.stringify(body.toolConfig)).toContain('"now"');
  });

  it('make embeddings', async () => {
    server.next(act.json({ embeddings: [{ values: [0.1] }, { values: [0.2] }] }));
    const made = await make('google', server.url).embed!({ model: 'gemini-embedding-001', texts: ['a', 'b'] }, never());
    expect(made).toEqual({ vectors: [[0.1], [0.2]], tokens: undefined });
    const { path, headers, body } = server.requests.at(-1)!;
    expect(path).toBe('/v1beta/models/gemini-embedding-001:batchEmbedContents');
    expect(headers['x-goog-api-key']).toBe('a-test-key');
    const model = 'models/gemini-embedding-001';
    expect(body).toEqual({ requests: ['a', 'b'].map((text) => ({ model, content: { parts: [{ text }] } })) });
  });

  it('tell a wrong key as such, though Google calls it a wrong request', async () => {
    const message = 'API key not valid. Please pass a valid API key.';
    server.next(act.json([{ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }], 400));
    const { error } = await collect(make('google', server.url), request(), never());
    expect((error as ProviderRefusal).problem.message).toBe(`Test Service does not accept the key: ${message}`);
  });

  it('tell too many of them as such when it is told in the stream', async () => {
    server.next(act.stream(['data: {"error":{"code":429,"message":"Quota.","status":"RESOURCE_EXHAUSTED"}}\n\n']));
    const { error } = await collect(make('google', server.url), request(), never());
    expect(error).toMatchObject({ problem: { code: 'PROVIDER_RATE_LIMITED' }, retryable: true });
  });
});

foreign({
  kind: 'google',
  dialect: 'Gemini',
  path: '/v1beta',
  // It gives a reason of its own, which Gemini has not.
  afterTools: 'other',
  lists: false,
});
