import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { json, status, stream } from '../../providers/testing/server.ts';
import { openaiStream } from '../../providers/testing/streams.ts';
import { type Dialects, serveDialects, toolCallStream } from '../testing/dialects.ts';

let app: Dialects;
let client: OpenAI;
beforeAll(async () => {
  app = await serveDialects();
  client = new OpenAI({ baseURL: `${app.url}/v1`, apiKey: 'any', maxRetries: 0 });
});
afterAll(() => app.close());
beforeEach(() => {
  app.upstream.forget();
  app.upstream.requests.length = 0;
});

const question = [{ role: 'user' as const, content: 'Who are you?' }];
const ask = (model: string, more: object = {}) =>
  client.chat.completions.create({ model, messages: question, ...more });
const askStream = (model: string, more: object = {}) =>
  client.chat.completions.create({ model, messages: question, ...more, stream: true });

/** All chunks, and what was thrown after them. */
async function read<T>(chunks: AsyncIterable<T>): Promise<{ chunks: T[]; error: unknown }> {
  const all: T[] = [];
  try {
    for await (const chunk of chunks) all.push(chunk);
  } catch (error) {
    return { chunks: all, error };
  }
  return { chunks: all, error: null };
}

/** What the official client throws. */
async function thrown(work: PromiseLike<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error = await Promise.resolve(work).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OpenAI.APIError);
  return error as InstanceType<typeof OpenAI.APIError>;
}

describe('the official openai client', () => {
  it('gets a whole answer of a specialist, under the name that it asked for', async () => {
    const answer = await ask('Apollo-AI');
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'Apollo-AI',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', refusal: null } }],
    });
    expect(answer.id).toMatch(/^chatcmpl-/);
    expect(answer.choices[0]!.message.content).toMatch(/^This is a simulator/);
    const { prompt_tokens, completion_tokens, total_tokens } = answer.usage!;
    expect(completion_tokens).toBe(12);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
  });

  it('gets the same answer as a stream: role, pieces, finish, usage', async () => {
    const whole = await ask('sim/steady');
    const { chunks, error } = await read(await askStream('sim/steady', { stream_options: { include_usage: true } }));
    expect(error).toBeNull();
    expect(chunks[0]!.choices[0]!.delta).toEqual({ role: 'assistant', content: '' });
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(
      whole.choices[0]!.message.content,
    );
    expect(chunks.filter(({ choices }) => choices[0]?.delta.content).length).toBe(12);
    expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe('stop');
    expect(chunks.at(-2)!.usage).toBeNull();
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
    expect(new Set(chunks.map(({ id, model }) => `${id} ${model}`)).size).toBe(1);
  });

  it('gets no usage in the stream when it did not ask for it', async () => {
    const { chunks } = await read(await askStream('sim/steady'));
    expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe('stop');
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
  });

  it('gets reasoning beside the answer', async () => {
    const { chunks } = await read(await askStream('sim/thinker'));
    const said = chunks.map(({ choices }) => choices[0]!.delta as { reasoning_content?: string });
    expect(said.some(({ reasoning_content }) => reasoning_content)).toBe(true);
    const whole = (await ask('sim/thinker')).choices[0]!.message as { reasoning_content?: string };
    expect(said.map(({ reasoning_content = '' }) => reasoning_content).join('')).toBe(whole.reasoning_content);
  });

  it('gets length as the reason where its limit cut the answer', async () => {
    expect((await ask('sim/steady', { max_tokens: 3 })).choices[0]!.finish_reason).toBe('length');
    expect((await ask('sim/steady', { max_completion_tokens: 3 })).usage!.completion_tokens).toBe(3);
  });

  it('has everything it asks for passed on: texts, stop, limits, format, tools', async () => {
    app.upstream.next(stream(openaiStream(['Yes.'])));
    const tool = { name: 'look', description: 'Looks.', parameters: { type: 'object', properties: {} } };
    const schema = { name: 'answer', schema: { type: 'object' }, strict: true };
    await ask('up/m', {
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'developer', content: 'Be kind.' },
        ...question,
        { role: 'assistant', content: [{ type: 'text', text: 'Nobody.' }] },
        { role: 'user', content: [{ type: 'text', text: 'Really?' }] },
      ],
      stop: ['END'],
      seed: 7,
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      max_tokens: 50,
      parallel_tool_calls: false,
      tools: [{ type: 'function', function: tool }],
      tool_choice: { type: 'function', function: { name: 'look' } },
      response_format: { type: 'json_schema', json_schema: schema },
      user: 'ignored',
    });
    expect(app.upstream.requests[0]!.body).toMatchObject({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be short.\n\nBe kind.' },
        { role: 'user', content: 'Who are you?' },
        { role: 'assistant', content: 'Nobody.' },
        { role: 'user', content: 'Really?' },
      ],
      stop: ['END'],
      seed: 7,
      temperature: 0.5,
      top_p: 0.9,
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      max_tokens: 50,
      parallel_tool_calls: false,
      tools: [{ type: 'function', function: tool }],
      tool_choice: { type: 'function', function: { name: 'look' } },
      response_format: { type: 'json_schema', json_schema: schema },
    });
  });

  it('sends pictures to the provider', async () => {
    app.upstream.next(stream(openaiStream(['A cat.'])));
    const content = [
      { type: 'text', text: 'What is it?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
      { type: 'image_url', image_url: { url: 'https://example.org/cat.png' } },
    ];
    await ask('up/m', { messages: [{ role: 'user', content }] });
    expect(app.upstream.requests[0]!.body.messages![0]!.content).toMatchObject(content);
  });

  it('leads a round trip of a tool: call, result, answer', async () => {
    app.upstream.next(stream(toolCallStream('weather', '{"town":"Rome"}')), stream(openaiStream(['It is warm.'])));
    const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];
    const { chunks } = await read(await askStream('up/m', { tools }));
    const call = chunks.flatMap(({ choices }) => choices[0]!.delta.tool_calls ?? [])[0]!;
    expect(call).toEqual({
      index: 0,
      id: 'call_1',
      type: 'function',
      function: { name: 'weather', arguments: '{"town":"Rome"}' },
    });
    expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe('tool_calls');

    const { index: _, ...told } = call;
    const messages = [
      ...question,
      { role: 'assistant', content: null, tool_calls: [told] },
      { role: 'tool', tool_call_id: 'call_1', content: '31 °C' },
    ];
    const answer = await ask('up/m', { messages, tools });
    expect(answer.choices[0]!.message.content).toBe('It is warm.');
    expect(app.upstream.requests[1]!.body.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', tool_calls: [told] },
      { role: 'tool', tool_call_id: 'call_1', content: '31 °C' },
    ]);
  });

  it('gets the calls of a whole answer, and no content with them', async () => {
    app.upstream.next(stream(toolCallStream('weather', '{}')));
    const { message, finish_reason } = (await ask('up/m')).choices[0]!;
    expect(message.content).toBeNull();
    expect(message.tool_calls).toEqual([
      { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } },
    ]);
    expect(finish_reason).toBe('tool_calls');
  });

  it('lists specialists and models', async () => {
    const names: string[] = [];
    for await (const { id, object } of client.models.list()) if (object === 'model') names.push(id);
    expect(names).toEqual(expect.arrayContaining(['apollo', 'sim/steady', 'up/m', 'offline/recall']));
    expect(await client.models.retrieve('up/m')).toMatchObject({ id: 'up/m', object: 'model' });
    expect(await thrown(client.models.retrieve('nobody'))).toMatchObject({ status: 404, code: 'model_not_found' });
  });

  it('is told in its own terms of a model that nobody has', async () => {
    const error = await thrown(ask('appolo'));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
      type: 'invalid_request_error',
    });
    expect(error.message).toContain('Did you mean apollo?');
  });

  it.each<[string, object, string]>([
    ['several answers', { n: 2 }, 'n'],
    ['log probabilities', { logprobs: true }, 'logprobs'],
    ['sound', { modalities: ['text', 'audio'] }, 'modalities[1]'],
    ['a wrong role', { messages: [{ role: 'god', content: '' }] }, 'messages[0].role'],
    ['no messages', { messages: [] }, 'messages'],
    ['no question', { messages: [{ role: 'system', content: 'Be.' }] }, 'messages'],
    [
      'a wrong part',
      { messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] },
      'messages[0].content[0].type',
    ],
    [
      'no picture',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'ftp://cat' } }] }] },
      'messages[0].content[0].image_url.url',
    ],
    [
      'a result without its call',
      { messages: [...question, { role: 'tool', tool_call_id: 'x', content: '' }] },
      'messages[1].tool_call_id',
    ],
    ['a temperature out of bounds', { temperature: 3 }, 'temperature'],
  ])('is told where the mistake is: %s', async (_, more, param) => {
    const error = await thrown(ask('sim/steady', more));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ type: 'invalid_request_error', param });
  });

  it.each([
    [429, 429, 'rate_limit_exceeded'],
    [500, 502, 'provider_failed'],
    [401, 502, 'provider_refused'],
  ])('is told, stream or not, that the provider refused with %i', async (refused, told, code) => {
    app.upstream.next(status(refused), status(refused));
    expect(await thrown(ask('up/m'))).toMatchObject({ status: told, code });
    expect(await thrown(askStream('up/m'))).toMatchObject({ status: told, code });
  });

  it('does not ask again for what the provider refuses for good, but does after a failure', async () => {
    const patient = new OpenAI({ baseURL: `${app.url}/v1`, apiKey: 'any', maxRetries: 1 });
    app.upstream.next(status(401));
    await thrown(patient.chat.completions.create({ model: 'up/m', messages: question }));
    expect(app.upstream.requests).toHaveLength(1);
    app.upstream.next(status(500), stream(openaiStream(['Here.'])));
    const answer = await patient.chat.completions.create({ model: 'up/m', messages: question });
    expect(answer.choices[0]!.message.content).toBe('Here.');
  });

  it.each(['cut', 'reset'] as const)('throws when the provider breaks off in mid-stream (%s)', async (ending) => {
    app.upstream.next(stream(openaiStream(['One', 'two', 'three']).slice(0, 3), { ending }));
    const { chunks, error } = await read(await askStream('up/m'));
    expect(chunks.map(({ choices }) => choices[0]!.delta.content).join('')).toBe('Onetwo');
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ code: 'provider_broke_off' });
  });

  it('throws when the provider breaks off before a whole answer is there', async () => {
    app.upstream.next(stream(openaiStream(['One', 'two']).slice(0, 2), { ending: 'cut' }));
    expect(await thrown(ask('up/m'))).toMatchObject({ status: 502, code: 'provider_broke_off' });
  });

  it.each(['float', 'base64'] as const)('gets embeddings (%s)', async (encoding_format) => {
    const embedding = [0.25, -1.5, 3];
    app.upstream.next(
      json({
        object: 'list',
        data: [
          { object: 'embedding', index: 1, embedding: [0, 0, 0] },
          { object: 'embedding', index: 0, embedding },
        ],
        usage: { prompt_tokens: 5, total_tokens: 5 },
      }),
    );
    const { data, usage, model } = await client.embeddings.create({
      model: 'up/m',
      input: ['a', 'b'],
      encoding_format,
    });
    const told = data[0]!.embedding as unknown;
    expect(encoding_format === 'float' ? told : floats(told as string)).toEqual(embedding);
    expect({ usage, model }).toEqual({ usage: { prompt_tokens: 5, total_tokens: 5 }, model: 'up/m' });
  });

  it('is told that a provider makes no embeddings, and that lists of tokens are not read', async () => {
    expect(await thrown(client.embeddings.create({ model: 'sim/steady', input: 'a' }))).toMatchObject({ status: 400 });
    const tokens = client.embeddings.create({ model: 'up/m', input: [1, 2, 3] });
    expect(await thrown(tokens)).toMatchObject({ status: 400, param: 'input[0]' });
  });
});

const floats = (base64: string): number[] => {
  const bytes = Buffer.from(base64, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
};
