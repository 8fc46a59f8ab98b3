import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { embed, generateText, jsonSchema, type LanguageModel, stepCountIs, streamText, tool } from 'ai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { json, stream } from '../providers/testing/server.ts';
import { openaiStream } from '../providers/testing/streams.ts';
import { type Dialects, serveDialects, toolCallStream } from './testing/dialects.ts';

Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

let app: Dialects;
beforeAll(async () => {
  app = await serveDialects();
});
afterAll(() => app.close());
beforeEach(() => {
  app.upstream.forget();
  app.upstream.requests.length = 0;
});

const apiKey = 'any';
const packages: Record<string, (id: string) => LanguageModel> = {
  '@ai-sdk/openai': (id) => createOpenAI({ baseURL: `${app.url}/v1`, apiKey }).chat(id),
  '@ai-sdk/openai-compatible': (id) =>
    createOpenAICompatible({ name: 'choragus', baseURL: `${app.url}/v1`, apiKey, includeUsage: true })(id),
  '@ai-sdk/anthropic': (id) => createAnthropic({ baseURL: `${app.url}/v1`, apiKey })(id),
};
const once = { maxRetries: 0, maxOutputTokens: 200, onError() {} };

describe.each(Object.keys(packages))('the AI SDK by %s', (name) => {
  const model = (id: string) => packages[name]!(id);

  it('streams an answer with its usage and finish', async () => {
    const result = streamText({ model: model('apollo'), prompt: 'Who are you?', ...once });
    let text = '';
    for await (const piece of result.textStream) text += piece;
    expect(text).toMatch(/^This is a simulator/);
    expect(await result.finishReason).toBe('stop');
    expect((await result.usage).outputTokens).toBe(12);
    const whole = await generateText({ model: model('apollo'), prompt: 'Who are you?', maxRetries: 0 });
    expect(whole.text).toBe(text);
  });

  it('runs a tool and goes on', async () => {
    app.upstream.next(stream(toolCallStream('weather', '{"town":"Rome"}')), stream(openaiStream(['It is warm.'])));
    const towns: string[] = [];
    const weather = tool({
      inputSchema: jsonSchema<{ town: string }>({ type: 'object', properties: { town: { type: 'string' } } }),
      execute: async ({ town }) => {
        towns.push(town);
        return '31 °C';
      },
    });
    const result = streamText({
      model: model('up/m'),
      prompt: 'Is it warm in Rome?',
      tools: { weather },
      stopWhen: stepCountIs(3),
      ...once,
    });
    expect(await result.text).toBe('It is warm.');
    expect(towns).toEqual(['Rome']);
    expect(app.upstream.requests[1]!.body.messages!.at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'call_1' });
  });

  it('sends pictures', async () => {
    app.upstream.next(stream(openaiStream(['A dot.'])));
    const data = Buffer.from('iVBORw0KGgo=', 'base64');
    await generateText({
      model: model('up/m'),
      messages: [{ role: 'user', content: [{ type: 'file', data, mediaType: 'image/png' }] }],
      maxRetries: 0,
    });
    expect(JSON.stringify(app.upstream.requests[0]!.body)).toContain('data:image/png;base64,iVBORw0KGgo=');
  });

  it('is told of a break in mid-stream as an error', async () => {
    app.upstream.next(stream(openaiStream(['One', 'two']).slice(0, 3), { ending: 'cut' }));
    const errors: unknown[] = [];
    const result = streamText({
      model: model('up/m'),
      prompt: 'Go.',
      maxRetries: 0,
      onError: ({ error }) => void errors.push(error),
    });
    let text = '';
    for await (const part of result.fullStream) if (part.type === 'text-delta') text += part.text;
    expect(text).toBe('Onetwo');
    expect(errors).toHaveLength(1);
  });

  it('throws for a model that nobody has', async () => {
    const asked = generateText({ model: model('nobody'), prompt: 'Go.', maxRetries: 0 });
    await expect(asked).rejects.toMatchObject({ statusCode: 404 });
  });
});

describe('the AI SDK', () => {
  it('gets embeddings', async () => {
    const data = [{ object: 'embedding', index: 0, embedding: [1, 2] }];
    app.upstream.next(json({ object: 'list', data, usage: { prompt_tokens: 1, total_tokens: 1 } }));
    const model = createOpenAI({ baseURL: `${app.url}/v1`, apiKey }).embedding('up/m');
    expect((await embed({ model, value: 'a' })).embedding).toEqual([1, 2]);
  });
});
