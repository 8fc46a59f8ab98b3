import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foreign } from '../foreign.suite.ts';
import { suite } from '../provider.suite.ts';
import type { ChatMessage, ProviderRefusal } from '../provider.ts';
import { collect, request, textOf } from '../testing/collect.ts';
import { make, never } from '../testing/make.ts';
import { fixture, listAs, readAnswer } from '../testing/reading.ts';
import * as act from '../testing/server.ts';
import { anthropicError, anthropicStream, anthropicWhole } from '../testing/streams.ts';
import { everything, schema, withTools } from '../testing/wishes.ts';
import { anthropicDialect } from './anthropic.ts';

suite({
  kind: 'anthropic',
  path: '/v1/messages',
  keyHeader: ['x-api-key', (key) => key],
  stream: anthropicStream,
  leading: 3,
  trailing: 1,
  said: ({ messages = [] }) => messages.map(({ content }) => content),
  whole: anthropicWhole,
  error: anthropicError,
  list: (models) => ({
    data: models.map(({ id, contextWindow }) => ({ type: 'model', id, max_input_tokens: contextWindow })),
    has_more: false,
  }),
});

it('tells the longest answer and the features of its models as well', async () => {
  const can = (supported: boolean) => ({ supported });
  const models = [
    {
      id: 'claude-sonnet-4-5',
      max_input_tokens: 200_000,
      max_tokens: 64_000,
      capabilities: { image_input: can(true), thinking: { ...can(true), types: {} }, batch: can(true) },
    },
    { id: 'claude-old', max_input_tokens: null, max_tokens: null, capabilities: null },
  ];
  expect(await listAs('anthropic', { data: models, has_more: false })).toEqual([
    { id: 'claude-sonnet-4-5', contextWindow: 200_000, maxOutput: 64_000, features: ['vision', 'reasoning'] },
    { id: 'claude-old' },
  ]);
});

describe('messages events', () => {
  const read = (name: string) => readAnswer(anthropicDialect, [fixture(`anthropic/fixtures/${name}.txt`)]).parts;
  const event = (data: { type: string }) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
  const [start, , , ...rest] = anthropicStream(['Yes.']);

  it('are read: an answer with its figures, what came from the cache among them', () => {
    expect(read('answer')).toEqual([
      { type: 'start' },
      { type: 'usage', usage: { input: 30, output: 1 } },
      { type: 'delta', text: 'Grüße' },
      { type: 'delta', text: ', “你好” 🙂' },
      { type: 'usage', usage: { output: 15 } },
      { type: 'finish', reason: 'stop' },
    ]);
  });

  it('are read: tool use, put together from its pieces', () => {
    expect(read('tool-use')).toEqual([
      { type: 'start' },
      { type: 'usage', usage: { input: 472, output: 2 } },
      { type: 'delta', text: 'I look.' },
      { type: 'usage', usage: { output: 89 } },
      {
        type: 'tool-call',
        id: 'toolu_01T1x1fJ34qAmk2tNTrN7Up6',
        name: 'get_weather',
        input: '{"location": "Zürich"}',
      },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });

  it('are read: thinking apart from text, and an unknown event as one warning', () => {
    expect(read('thinking').filter(({ type }) => type !== 'usage')).toEqual([
      { type: 'start' },
      { type: 'reasoning', text: 'Let me solve' },
      { type: 'reasoning', text: ' this.' },
      { type: 'warning', message: 'Test Service sent an event of the unknown type future_event.' },
      { type: 'delta', text: 'It is 21.' },
      { type: 'finish', reason: 'length' },
    ]);
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['tool_use', 'tool-calls'],
    ['refusal', 'filter'],
    ['toString', 'other'],
  ])('finish with %s as %s', (reason, expected) => {
    const events = anthropicStream(['Yes.']).map((each) => each.replace('end_turn', reason));
    expect(readAnswer(anthropicDialect, events).parts.at(-1)).toEqual({ type: 'finish', reason: expected });
  });

  it('are whole at the end mark even when no reason to finish was told', () => {
    const { parts } = readAnswer(anthropicDialect, anthropicStream(['Yes.'], { finish: null }));
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'other' });
  });

  it.each([
    ['overloaded_error', true],
    ['api_error', true],
    ['rate_limit_error', true],
    ['invalid_request_error', false],
  ])('tell the error %s before the start, worth another try: %s', (type, retryable) => {
    const { error } = readAnswer(anthropicDialect, [
      start!,
      event({ type: 'error', error: { type, message: 'No.' } } as never),
    ]);
    expect((error as ProviderRefusal).retryable).toBe(retryable);
  });

  it.each([
    ['a delta', { type: 'content_block_delta', index: 0 }],
    ['the text of a delta', { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 7 } }],
    ['a block', { type: 'content_block_start', index: 0, content_block: 'text' }],
    ['a message', { type: 'message_start' }],
    ['a stop reason', { type: 'message_delta', delta: { stop_reason: 7 } }],
  ])('are garbled when %s has the wrong type', (_, data) => {
    const { error } = readAnswer(anthropicDialect, [event(data), ...rest]);
    expect((error as ProviderRefusal).problem.code).toBe('PROVIDER_GARBLED');
  });

  it('are told by their name when the data says no type', () => {
    const events = anthropicStream(['Yes.']).map((each) =>
      each.replace(/"type":"(content_block_delta|message_stop)",?/, ''),
    );
    const { parts } = readAnswer(anthropicDialect, events);
    expect(textOf(parts)).toBe('Yes.');
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });
});

describe('requests for messages', () => {
  let server: act.TestServer;
  beforeAll(async () => {
    server = await act.startTestServer();
    server.always(act.stream(anthropicStream(['ok'])));
  });
  afterAll(() => server.close());

  it('say version, system, messages, temperature and a limit', async () => {
    await collect(make('anthropic', server.url), request({ temperature: 0.2 }), never());
    const { headers, body } = server.requests.at(-1)!;
    expect(headers['anthropic-version']).toBe('2023-06-01');
    expect(body).toEqual({
      model: 'test-model',
      messages: [{ role: 'user', content: 'My secret question' }],
      max_tokens: 4096,
      stream: true,
      system: 'Be brief.',
      temperature: 0.2,
    });
    await collect(make('anthropic', server.url), request({ maxTokens: 9, system: undefined }), never());
    expect(server.requests.at(-1)!.body.max_tokens).toBe(9);
    expect(server.requests.at(-1)!.body).not.toHaveProperty('system');
  });

  it.each(['', '/', '/v1', '/v1/', '/v1/messages'])(
    'go to the same place when the address ends in "%s"',
    async (end) => {
      await collect(make('anthropic', `${server.url}${end}`), request(), never());
      expect(server.requests.at(-1)!.path).toBe('/v1/messages');
    },
  );

  it('say pictures, tool calls and what the tools gave, in turns', async () => {
    await collect(make('anthropic', server.url), request({ messages: withTools }), never());
    expect(server.requests.at(-1)!.body.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'First.\n\nSecond.' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0=' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/cat.jpg' } },
          { type: 'text', text: 'What is on these?' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Zürich' } },
          { type: 'tool_use', id: 'c2', name: 'now', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: 'rain' },
          { type: 'tool_result', tool_use_id: 'c2', content: '' },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  it('say tools and what else can be said, and name what is left out', async () => {
    const { parts } = await collect(make('anthropic', server.url), request({ options: everything }), never());
    const { body } = server.requests.at(-1)!;
    expect(body).toEqual({
      model: 'test-model',
      messages: [{ role: 'user', content: 'My secret question' }],
      max_tokens: 4096,
      stream: true,
      system: 'Be brief.',
      top_p: 0.9,
      stop_sequences: ['END'],
      tools: [
        { name: 'weather', description: 'Tells it.', input_schema: schema },
        { name: 'now', input_schema: { type: 'object' } },
      ],
      tool_choice: { type: 'tool', name: 'now', disable_parallel_tool_use: true },
    });
    const left = ['seed', 'frequency_penalty', 'presence_penalty', 'response_format', 'reasoning_effort'];
    expect(parts.slice(1, 7)).toEqual(
      [...left, 'stop at white space'].map((wish) => ({
        type: 'warning',
        message: `Test Service: ${wish} is not supported by this model.`,
      })),
    );
  });

  it.each([
    ['auto', { type: 'auto' }],
    ['required', { type: 'any' }],
    ['none', { type: 'none' }],
    [undefined, undefined],
  ] as const)('say the choice among tools %s', async (toolChoice, expected) => {
    const tools = [{ name: 'now', parameters: { type: 'object' } }];
    const options = toolChoice === undefined ? { tools } : { tools, toolChoice };
    await collect(make('anthropic', server.url), request({ options }), never());
    expect(server.requests.at(-1)!.body.tool_choice).toEqual(expected);
  });

  const begun: ChatMessage[] = [
    { role: 'user', text: 'Count.' },
    { role: 'assistant', text: '' },
    { role: 'assistant', text: 'One, two,\n\n' },
  ];

  it('continue an answer from its beginning, without white space at its end and without empty messages', async () => {
    server.next(act.stream(anthropicStream(['\n', '\n', ' three'])));
    const { parts } = await collect(
      make('anthropic', server.url),
      request({ messages: begun, prefill: true }),
      never(),
    );
    expect(server.requests.at(-1)!.body.messages).toEqual([
      { role: 'user', content: 'Count.' },
      { role: 'assistant', content: 'One, two,' },
    ]);
    // The white space that was cut off is not given a second time.
    expect(textOf(parts)).toBe(' three');
  });

  const refusal =
    'This model does not support assistant message prefill. The conversation must end with a user message.';

  it('leave out what a model repeats that had to be asked in words', async () => {
    const told: ChatMessage[] = [{ role: 'assistant', text: 'One, two, three, four' }];
    const ask = async (...pieces: string[]) => {
      server.next(act.status(400, {}, refusal), act.stream(anthropicStream(pieces)));
      return (await collect(make('anthropic', server.url), request({ messages: told, prefill: true }), never())).parts;
    };
    expect(textOf(await ask('three', ', four', ', five'))).toBe(', five');
    const held = await ask('three');
    expect(textOf(held)).toBe('three');
    expect(held.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  it('ask in words where a model takes no beginning', async () => {
    server.next(act.status(400, {}, refusal), act.stream(anthropicStream(['three'])));
    const { parts } = await collect(
      make('anthropic', server.url),
      request({ messages: begun, prefill: true }),
      never(),
    );
    expect(textOf(parts)).toBe('three');
    expect(server.requests.at(-1)!.body.messages?.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });
});

foreign({ kind: 'anthropic', dialect: 'Anthropic', path: '', afterTools: 'tool-calls', lists: false });
