import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reads } from '../fixtures.suite.ts';
import { foreign } from '../foreign.suite.ts';
import { suite } from '../provider.suite.ts';
import { type ChatRequest, ProviderRefusal } from '../provider.ts';
import { collect, request, textOf } from '../testing/collect.ts';
import { chatCompletions } from '../testing/dialects.ts';
import { make, never } from '../testing/make.ts';
import { readAnswer } from '../testing/reading.ts';
import * as act from '../testing/server.ts';
import { openaiStream } from '../testing/streams.ts';
import { everything, schema, withTools } from '../testing/wishes.ts';
import { openaiDialect } from './openai.ts';

for (const kind of ['openai', 'openai-compatible', 'openrouter'] as const) suite({ ...chatCompletions, kind });

describe('chat completion chunks', () => {
  const dialect = openaiDialect('openai-compatible');
  const events = (...chunks: unknown[]) =>
    readAnswer(
      dialect,
      chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`),
    );
  const says = (content: unknown, rest = {}) => ({ choices: [{ delta: { content }, finish_reason: null, ...rest }] });

  reads('openai-compatible', {
    'an answer with its figures': {
      file: 'openai/fixtures/answer.txt',
      text: ['Grüße', ', “你好” 🙂', '\n\n'],
      usage: { input: 19, output: 10, reasoning: 4 },
      finish: 'stop',
    },
    'tool calls, put together from their pieces': {
      file: 'openai/fixtures/tool-calls.txt',
      calls: [
        { id: 'call_DdmO9pD3', name: 'get_weather', input: '{"location":"Zürich"}' },
        { id: 'call_Ab2', name: 'now', input: '{}' },
      ],
      finish: 'tool-calls',
    },
    'reasoning under either of its names': {
      file: 'openai/fixtures/reasoning.txt',
      reasoning: ['Nine is', ' more.'],
      text: ['9.11 is less.'],
      usage: { input: 9, output: 30 },
      finish: 'length',
    },
    'a refusal of the model is its answer, filtered': {
      file: 'openai/fixtures/refusal.txt',
      text: ["I'm sorry, I cannot", ' help with that.'],
      finish: 'filter',
    },
  });

  it('are read: content as a list of typed pieces', () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] },
      { type: 'text', text: 'Yes.' },
    ];
    expect(events(says(content), says(null, { finish_reason: 'stop' })).parts.slice(1, 3)).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'delta', text: 'Yes.' },
    ]);
  });

  it('are read: tool calls that all have the same index, or no id', () => {
    const calls = (...tool_calls: object[]) => ({ choices: [{ delta: { tool_calls } }] });
    const call = (id: string | undefined, name: string) => ({ index: 0, id, function: { name, arguments: '{"a":1}' } });
    const called = (...chunks: object[]) =>
      events(...chunks, '[DONE]').parts.flatMap((part) => (part.type === 'tool-call' ? [[part.id, part.name]] : []));
    expect(called(calls(call('x', 'one')), calls(call('y', 'two')))).toEqual([
      ['x', 'one'],
      ['y', 'two'],
    ]);
    expect(called(calls(call(undefined, 'one'), { ...call(undefined, 'two'), index: 1 }))).toEqual([
      ['call_0', 'one'],
      ['call_1', 'two'],
    ]);
  });

  it('are whole at the end mark even when no reason to finish was told', () => {
    expect(events(says('Yes.'), '[DONE]').parts.at(-1)).toEqual({ type: 'finish', reason: 'other' });
    expect(events(says('Yes.')).parts.at(-1)).toMatchObject({ type: 'error', problem: { code: 'PROVIDER_BROKE_OFF' } });
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool_calls', 'tool-calls'],
    ['content_filter', 'filter'],
    ['constructor', 'other'],
  ])('finish with %s as %s', (reason, expected) => {
    const { parts } = events(says('Yes.'), says('', { finish_reason: reason }), '[DONE]');
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: expected });
    expect(parts.filter(({ type }) => type === 'warning')).toHaveLength(expected === 'other' ? 1 : 0);
  });

  it.each([
    ['an object', { error: { message: 'Out of memory.', type: 'server_error', code: 500 } }, true],
    ['a text', { error: 'Out of memory.' }, false],
    ['the chunk itself', { object: 'error', message: 'Out of memory.', code: 400 }, false],
  ])('tell an error as %s', (_, chunk, retryable) => {
    const { error } = events(chunk);
    expect((error as ProviderRefusal).problem.message).toBe('Test Service reported an error: Out of memory.');
    expect((error as ProviderRefusal).retryable).toBe(retryable);
    expect(events(says('Yes.'), chunk).parts.at(-1)).toMatchObject({
      type: 'error',
      problem: { code: 'PROVIDER_FAILED' },
    });
  });

  it.each([
    ['content', says(7)],
    ['choices', { choices: 'none' }],
    ['a choice', { choices: [7] }],
    ['a delta', { choices: [{ delta: [] }] }],
    ['reasoning', { choices: [{ delta: { reasoning: {} } }] }],
    ['tool calls', { choices: [{ delta: { tool_calls: {} } }] }],
    ['a finish reason', says('', { finish_reason: 1 })],
  ])('are garbled when %s has the wrong type', (_, chunk) => {
    expect((events(chunk).error as ProviderRefusal).problem.code).toBe('PROVIDER_GARBLED');
  });

  it('may hold events that mean nothing to us', () => {
    const { parts } = events(
      { choices: [], prompt_filter_results: [] },
      { hello: 1 },
      says('Yes.'),
      { hello: 2 },
      '[DONE]',
    );
    expect(parts.map(({ type }) => type)).toEqual(['start', 'warning', 'delta', 'finish']);
  });

  it('do not fill the memory with a tool call that has no end', () => {
    const piece = {
      choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: 'x'.repeat(1_000_000) } }] } }],
    };
    const { error } = events(...new Array(10).fill(piece));
    expect((error as ProviderRefusal).problem.message).toMatch(/tool calls of more than 8 MB/);
  });
});

describe('requests for chat completions', () => {
  let server: act.TestServer;
  beforeAll(async () => {
    server = await act.startTestServer();
  });
  afterAll(() => server.close());

  it('say system, messages, temperature, limit and that figures are wanted', async () => {
    server.always(act.stream(openaiStream(['ok'])));
    const asked = request({ temperature: 0.2, maxTokens: 9 });
    await collect(make('openai', `${server.url}/v1/`), asked, never());
    expect(server.requests.at(-1)!.body).toEqual({
      model: 'test-model',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'My secret question' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.2,
      max_completion_tokens: 9,
    });
    await collect(make('openai-compatible', `${server.url}/v1/chat/completions`), asked, never());
    const { path, body } = server.requests.at(-1)!;
    expect(path).toBe('/v1/chat/completions');
    expect(body.max_tokens).toBe(9);
    expect(body).not.toHaveProperty('max_completion_tokens');
  });

  it('join messages of the same role, as some models want the roles in turns', async () => {
    server.next(act.stream(openaiStream(['ok'])));
    const messages = ['One?', 'Two?'].map((text) => ({ role: 'user' as const, text }));
    await collect(make('openai', `${server.url}/v1`), request({ system: undefined, messages }), never());
    expect(server.requests.at(-1)!.body.messages).toEqual([{ role: 'user', content: 'One?\n\nTwo?' }]);
  });

  it.each([
    ['400', act.status(400, {}, 'Unrecognized request argument supplied: stream_options')],
    ['422', act.json({ detail: [{ loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }] }, 422)],
  ])('leave stream_options out for a server that refuses them with %s, from then on', async (_, refusing) => {
    const provider = make('openai-compatible', `${server.url}/v1`);
    const before = server.requests.length;
    server.next(refusing, act.stream(openaiStream(['ok'])), act.stream(openaiStream(['ok'])));
    expect(textOf((await collect(provider, request(), never())).parts)).toBe('ok');
    expect(textOf((await collect(provider, request(), never())).parts)).toBe('ok');
    const asked = server.requests.slice(before).map(({ body }) => 'stream_options' in body);
    expect(asked).toEqual([true, false, false]);
  });

  it('leave the temperature out for a model that takes none, say so, and send it to others', async () => {
    const message = "Unsupported value: 'temperature' does not support 0.2 with this model.";
    const provider = make('openai', `${server.url}/v1`);
    const before = server.requests.length;
    server.next(act.status(400, {}, message), ...['a', 'b', 'c'].map((text) => act.stream(openaiStream([text]))));
    const ask = async (model: string) =>
      (await collect(provider, request({ model, temperature: 0.2 }), never())).parts[1];
    const warning = { type: 'warning', message: 'Test Service: temperature is not supported by this model.' };
    expect([await ask('gpt-5'), await ask('gpt-5')]).toEqual([warning, warning]);
    expect(await ask('gpt-4o')).toEqual({ type: 'delta', text: 'c' });
    const asked = server.requests.slice(before).map(({ body }) => body.temperature);
    expect(asked).toEqual([0.2, undefined, undefined, 0.2]);
  });

  const asking = async (change: Partial<ChatRequest>, kind: 'openai' | 'openrouter' = 'openai') => {
    server.next(act.stream(openaiStream(['ok'])));
    const { parts } = await collect(make(kind, `${server.url}/v1`), request(change), never());
    return { body: server.requests.at(-1)!.body, parts };
  };

  it('say pictures, tool calls and what the tools gave', async () => {
    const { body } = await asking({ system: undefined, messages: withTools });
    expect(body.messages).toEqual([
      { role: 'user', content: 'First.\n\nSecond.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is on these?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0=' } },
          { type: 'image_url', image_url: { url: 'https://example.com/cat.jpg' } },
        ],
      },
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Zürich"}' } },
          { id: 'c2', type: 'function', function: { name: 'now', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'rain' },
      { role: 'tool', tool_call_id: 'c2', content: '' },
      { role: 'user', content: 'And?' },
    ]);
  });

  it('say tools and all else that programs wish for', async () => {
    const { body, parts } = await asking({ options: everything });
    expect(body).toMatchObject({
      top_p: 0.9,
      stop: ['END', '\n'],
      seed: 7,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      reasoning_effort: 'low',
      tools: [
        { type: 'function', function: { name: 'weather', description: 'Tells it.', parameters: schema } },
        { type: 'function', function: { name: 'now', parameters: { type: 'object' } } },
      ],
      tool_choice: { type: 'function', function: { name: 'now' } },
      parallel_tool_calls: false,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
    });
    expect(parts.filter(({ type }) => type === 'warning')).toEqual([]);
    expect((await asking({ options: { json: {}, toolChoice: 'auto', stop: [] } })).body).toEqual({
      ...(await asking({})).body,
      response_format: { type: 'json_object' },
    });
  });

  it('leave out what a model does not take, one by one, and say so', async () => {
    const refusing = (field: string) =>
      act.status(400, {}, `Unsupported parameter: '${field}' is not supported with this model.`);
    server.next(refusing('top_p'), refusing('presence_penalty'));
    const { body, parts } = await asking({ options: { topP: 0.9, presencePenalty: 1, seed: 7 } });
    expect(body).toMatchObject({ seed: 7 });
    expect(body).not.toHaveProperty('top_p');
    expect(parts.slice(1, 3)).toEqual(
      ['top_p', 'presence_penalty'].map((field) => ({
        type: 'warning',
        message: `Test Service: ${field} is not supported by this model.`,
      })),
    );
  });

  it('tell an account without credit from too many requests', async () => {
    server.next(act.json({ error: { message: 'You exceeded your current quota.', type: 'insufficient_quota' } }, 429));
    const { error } = await collect(make('openai', `${server.url}/v1`), request(), never());
    expect((error as ProviderRefusal).problem.code).toBe('PROVIDER_REFUSED');
    expect((error as ProviderRefusal).retryable).toBe(false);
  });

  it('tell an organisation that may not stream as such', async () => {
    const message = 'Your organization must be verified to stream this model.';
    server.next(
      act.json({ error: { message, type: 'invalid_request_error', param: 'stream', code: 'unsupported_value' } }, 400),
    );
    const { error } = await collect(make('openai', `${server.url}/v1`), request(), never());
    expect((error as ProviderRefusal).problem.code).toBe('PROVIDER_CANNOT_STREAM');
  });

  it('never tell more than a short piece of what the server says', async () => {
    server.next(act.status(400, {}, `Bad\u0007 request\n${'word '.repeat(500)}`));
    const { error } = await collect(make('openai', `${server.url}/v1`), request(), never());
    const { message } = (error as ProviderRefusal).problem;
    expect(message).toMatch(/^Test Service refused the request with status 400: Bad request word /);
    expect(message.length).toBeLessThan(240);
  });
});

describe('embeddings of OpenAI', () => {
  let server: act.TestServer;
  beforeAll(async () => {
    server = await act.startTestServer();
  });
  afterAll(() => server.close());
  const embed = (kind: 'openai' | 'openai-compatible' | 'openrouter' = 'openai', texts = ['One.', 'Two.']) =>
    make(kind, `${server.url}/v1`).embed!({ model: 'test-embed', texts, dimensions: 2 }, never());

  it.each(['openai', 'openai-compatible', 'openrouter'] as const)(
    'are asked of %s, and come in order',
    async (kind) => {
      const data = [
        { index: 1, embedding: [0.3, 0.4] },
        { index: 0, embedding: [0.1, 0.2] },
      ];
      server.next(act.json({ object: 'list', data, usage: { prompt_tokens: 4, total_tokens: 4 } }));
      const vectors = [
        [0.1, 0.2],
        [0.3, 0.4],
      ];
      expect(await embed(kind)).toEqual({ vectors, tokens: 4 });
      const { path, headers, body } = server.requests.at(-1)!;
      expect([path, headers.authorization]).toEqual(['/v1/embeddings', 'Bearer a-test-key']);
      expect(body).toEqual({ model: 'test-embed', input: ['One.', 'Two.'], dimensions: 2, encoding_format: 'float' });
    },
  );

  it('are asked in as many requests as it takes', async () => {
    for (const length of [2048, 52])
      server.next(act.json({ data: Array(length).fill({ embedding: [length] }), usage: { prompt_tokens: length } }));
    const { vectors, tokens } = await embed('openai', Array(2100).fill('text'));
    expect([vectors.length, vectors[0], vectors.at(-1), tokens]).toEqual([2100, [2048], [52], 2100]);
  });

  it.each([
    ['a wrong key', act.status(401), 'PROVIDER_REFUSED'],
    ['too many requests', act.status(429, { 'retry-after': '3' }), 'PROVIDER_RATE_LIMITED'],
    ['a web page', act.html(), 'PROVIDER_GARBLED'],
    ['fewer than were asked for', act.json({ data: [{ index: 0, embedding: [1] }] }), 'PROVIDER_GARBLED'],
    ['no answer', act.hangUp, 'PROVIDER_UNREACHABLE'],
  ])('refuse %s as answers do', async (_, answer, code) => {
    server.next(answer);
    const error = await embed().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProviderRefusal);
    expect((error as ProviderRefusal).problem.code).toBe(code);
  });
});

foreign({ kind: 'openai-compatible', dialect: 'OpenAI', path: '/v1', afterTools: 'tool-calls', lists: true });
