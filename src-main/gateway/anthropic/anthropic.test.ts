import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { status, stream } from '../../providers/testing/server.ts';
import { openaiStream } from '../../providers/testing/streams.ts';
import { type Dialects, serveDialects, toolCallStream } from '../testing/dialects.ts';

let app: Dialects;
let client: Anthropic;
beforeAll(async () => {
  app = await serveDialects();
  client = new Anthropic({ baseURL: app.url, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => app.close());
beforeEach(() => {
  app.upstream.forget();
  app.upstream.requests.length = 0;
});

type Body = Anthropic.MessageCreateParamsNonStreaming;
const body = (model: string, more: object = {}): Body => ({
  model,
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Who are you?' }],
  ...more,
});
const ask = (model: string, more?: object) => client.messages.create(body(model, more));

/** What the official client throws. */
async function thrown(work: PromiseLike<unknown>): Promise<InstanceType<typeof Anthropic.APIError>> {
  const error = await Promise.resolve(work).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Anthropic.APIError);
  return error as InstanceType<typeof Anthropic.APIError>;
}

describe('the official @anthropic-ai/sdk client', () => {
  it('gets a whole answer of a specialist', async () => {
    const answer = await ask('apollo');
    expect(answer).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'apollo',
      content: [{ type: 'text', text: expect.stringMatching(/^This is a simulator/) }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { output_tokens: 12 },
    });
    expect(answer.id).toMatch(/^msg_/);
  });

  it('gets the same answer as a stream of events', async () => {
    const whole = await ask('sim/steady');
    const streamed = client.messages.stream(body('sim/steady'));
    const types: string[] = [];
    for await (const { type } of streamed) if (types.at(-1) !== type) types.push(type);
    expect(types).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const { content, stop_reason, usage } = await streamed.finalMessage();
    expect(content).toMatchObject(whole.content);
    expect(stop_reason).toBe('end_turn');
    expect(usage).toMatchObject({ ...whole.usage });
  });

  it('gets the reasoning when it asks for it, in a block before the text', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const { content } = await client.messages.stream(body('sim/thinker', { thinking })).finalMessage();
    expect(content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    const whole = (await ask('sim/thinker', { thinking })).content;
    expect(content).toMatchObject(whole);
    expect((await ask('sim/thinker')).content.map(({ type }) => type)).toEqual(['text']);
  });

  it('gets max_tokens as the reason where its limit cut the answer', async () => {
    expect((await ask('sim/steady', { max_tokens: 3 })).stop_reason).toBe('max_tokens');
  });

  it('has everything it asks for passed on', async () => {
    app.upstream.next(stream(openaiStream(['Yes.'])));
    await ask('up/m', {
      system: [
        { type: 'text', text: 'Be short.' },
        { type: 'text', text: 'Be kind.' },
      ],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Who?' }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: 'x' },
            { type: 'text', text: 'I.' },
          ],
        },
        { role: 'user', content: 'Really?' },
      ],
      stop_sequences: ['END'],
      temperature: 0.5,
      top_p: 0.9,
      top_k: 5,
      metadata: { user_id: 'ignored' },
      tools: [{ name: 'look', description: 'Looks.', input_schema: { type: 'object' } }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });
    expect(app.upstream.requests[0]!.body).toMatchObject({
      messages: [
        { role: 'system', content: 'Be short.\nBe kind.' },
        { role: 'user', content: 'Who?' },
        { role: 'assistant', content: 'I.' },
        { role: 'user', content: 'Really?' },
      ],
      max_tokens: 100,
      stop: ['END'],
      temperature: 0.5,
      top_p: 0.9,
      tools: [{ type: 'function', function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } } }],
      tool_choice: 'required',
      parallel_tool_calls: false,
    });
  });

  it('sends pictures to the provider', async () => {
    app.upstream.next(stream(openaiStream(['A cat.'])));
    const content = [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
      { type: 'image', source: { type: 'url', url: 'https://example.org/cat.png' } },
      { type: 'text', text: 'What is it?' },
    ];
    await ask('up/m', { messages: [{ role: 'user', content }] });
    expect(app.upstream.requests[0]!.body.messages![0]!.content).toEqual(
      expect.arrayContaining([
        { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
        { type: 'image_url', image_url: { url: 'https://example.org/cat.png' } },
      ]),
    );
  });

  it('leads a round trip of a tool: use, result, answer', async () => {
    app.upstream.next(stream(toolCallStream('weather', '{"town":"Rome"}')), stream(openaiStream(['It is warm.'])));
    const tools = [{ name: 'weather', input_schema: { type: 'object' } }];
    const called = await client.messages.stream(body('up/m', { tools })).finalMessage();
    expect(called.stop_reason).toBe('tool_use');
    expect(called.content).toMatchObject([
      { type: 'tool_use', id: 'call_1', name: 'weather', input: { town: 'Rome' } },
    ]);

    const result = { type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: '31 °C' }] };
    const messages = [
      { role: 'user', content: 'Is it warm in Rome?' },
      { role: 'assistant', content: called.content },
      { role: 'user', content: [result, { type: 'text', text: 'Go on.' }] },
    ];
    const answer = await ask('up/m', { tools, messages });
    expect(answer.content).toMatchObject([{ type: 'text', text: 'It is warm.' }]);
    expect(app.upstream.requests[1]!.body.messages).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_1', function: { name: 'weather', arguments: '{"town":"Rome"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '31 °C' },
      { role: 'user', content: 'Go on.' },
    ]);
  });

  it('lists specialists and models in its own form, at the path that other dialects have too', async () => {
    const names: string[] = [];
    for await (const { id, type, display_name } of client.models.list())
      if (type === 'model' && display_name === id) names.push(id);
    expect(names).toEqual(expect.arrayContaining(['apollo', 'sim/steady', 'up/m']));
    expect(await client.models.retrieve('apollo')).toMatchObject({ type: 'model', id: 'apollo' });
    expect(await thrown(client.models.retrieve('nobody'))).toMatchObject({ status: 404, type: 'not_found_error' });
    const other = (await (await fetch(`${app.url}/v1/models`)).json()) as object;
    expect(other).toMatchObject({ object: 'list' });
  });

  it('gets an estimate of the tokens of a question', async () => {
    const { input_tokens } = await client.messages.countTokens({
      model: 'apollo',
      system: 'x'.repeat(40),
      messages: [{ role: 'user', content: 'y'.repeat(360) }],
    });
    expect(input_tokens).toBe(100);
  });

  it.each<[string, object, string]>([
    ['no limit', { max_tokens: undefined }, 'max_tokens'],
    ['a tool of the server', { tools: [{ type: 'bash_20250124', name: 'bash', input_schema: {} }] }, 'tools[0].type'],
    ['a document', { messages: [{ role: 'user', content: [{ type: 'document' }] }] }, 'messages[0].content[0].type'],
    [
      'a result without its use',
      { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x' }] }] },
      'tool_result must follow',
    ],
  ])('is told where the mistake is: %s', async (_, more, place) => {
    const error = await thrown(ask('sim/steady', more));
    expect(error).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      requestID: expect.stringMatching(/^req_/),
    });
    expect(error.message).toContain(place);
  });

  it.each([
    [429, 429, 'rate_limit_error'],
    [500, 502, 'api_error'],
  ])('is told, stream or not, that the provider refused with %i', async (refused, told, type) => {
    app.upstream.next(status(refused), status(refused));
    expect(await thrown(ask('up/m'))).toMatchObject({ status: told, type });
    expect(await thrown(client.messages.stream(body('up/m')).finalMessage())).toMatchObject({ status: told, type });
  });

  it.each(['cut', 'reset'] as const)('throws when the provider breaks off in mid-stream (%s)', async (ending) => {
    app.upstream.next(stream(openaiStream(['One', 'two', 'three']).slice(0, 3), { ending }));
    const streamed = client.messages.stream(body('up/m'));
    let text = '';
    streamed.on('text', (more) => {
      text += more;
    });
    expect(await thrown(streamed.finalMessage())).toMatchObject({ type: 'api_error' });
    expect(text).toBe('Onetwo');
  });

  it('is told of a model that nobody has', async () => {
    const error = await thrown(ask('claude-unknown'));
    expect(error).toBeInstanceOf(Anthropic.NotFoundError);
    expect(error.type).toBe('not_found_error');
  });
});
