import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wishOf as anthropicWish } from './anthropic/request.ts';
import { MessagesBody } from './anthropic/schema.ts';
import { wishOf as openAiWish } from './openai/request.ts';
import { ChatBody } from './openai/schema.ts';
import { RequestProblem, readBody } from './request-problem.ts';
import { type Dialects, serveDialects } from './testing/dialects.ts';

/** Mostly what belongs there, sometimes anything. */
const or = <T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: right }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) });
const some = (fields: Record<string, fc.Arbitrary<unknown>>, always: string[] = []) =>
  fc.record(fields, { requiredKeys: always });
const id = fc.constantFrom('call_1', 'call_2', '__proto__', '');
const text = some({ type: or(fc.constant('text')), text: or(fc.string()) }, ['type', 'text']);
const list = (item: fc.Arbitrary<unknown>, maxLength = 4) => or(fc.array(item, { maxLength }));
const content = (...blocks: fc.Arbitrary<unknown>[]) => or(fc.oneof(fc.string(), list(fc.oneof(text, ...blocks))));

const image = some(
  {
    type: fc.constant('image_url'),
    image_url: or(
      some({ url: or(fc.constantFrom('data:image/png;base64,AA==', 'https://a.b/c', 'data:,x', 'x')) }, ['url']),
    ),
  },
  ['type', 'image_url'],
);
const call = some(
  { id: or(id), type: or(fc.constant('function')), function: or(fc.constant({ name: 'f', arguments: '{}' })) },
  ['id', 'function'],
);
const chatBody = some(
  {
    model: or(fc.constant('sim/steady')),
    messages: list(
      some(
        {
          role: or(fc.constantFrom('system', 'developer', 'user', 'assistant', 'tool')),
          content: content(image),
          tool_calls: list(call, 2),
          tool_call_id: or(id),
        },
        ['role', 'content'],
      ),
    ),
    stream: or(fc.boolean()),
    stop: or(fc.oneof(fc.string(), fc.array(fc.string()))),
    n: or(fc.constant(1)),
    max_tokens: or(fc.integer({ min: 1 })),
    temperature: or(fc.double({ min: 0, max: 2, noNaN: true })),
    tools: list(fc.constant({ type: 'function', function: { name: 'f' } })),
    tool_choice: or(fc.constantFrom('auto', 'required', { type: 'function', function: { name: 'f' } })),
    response_format: or(fc.constantFrom({ type: 'text' }, { type: 'json_object' })),
    logit_bias: or(fc.constant({})),
    modalities: or(fc.constant(['text'])),
  },
  ['model', 'messages'],
);

const source = fc.constantFrom(
  { type: 'base64', media_type: 'image/png', data: 'AA' },
  { type: 'url', url: 'https://a.b' },
);
const messagesBody = some(
  {
    model: or(fc.constant('sim/steady')),
    max_tokens: or(fc.constant(20)),
    messages: list(
      some(
        {
          role: or(fc.constantFrom('user', 'assistant', 'system')),
          content: content(
            some({ type: fc.constant('image'), source: or(source) }, ['type']),
            some({ type: fc.constant('tool_use'), id: or(id), name: or(fc.constant('f')), input: fc.jsonValue() }, [
              'type',
            ]),
            some({ type: fc.constant('tool_result'), tool_use_id: or(id), content: content() }, ['type']),
            fc.constant({ type: 'thinking', thinking: '', signature: '' }),
          ),
        },
        ['role', 'content'],
      ),
    ),
    system: content(),
    stream: or(fc.boolean()),
    tools: list(fc.constant({ name: 'f', input_schema: {} })),
    tool_choice: or(fc.constantFrom({ type: 'auto' }, { type: 'none' }, { type: 'tool', name: 'f' })),
    thinking: or(fc.constant({ type: 'enabled', budget_tokens: 1024 })),
    output_config: or(fc.constant({ effort: 'low' })),
  },
  ['model', 'max_tokens', 'messages'],
);

const to = { provider: 'sim', model: 'steady' };
const dialects = {
  openai: { body: chatBody, read: (body: unknown) => openAiWish(readBody(ChatBody, body), to) },
  anthropic: { body: messagesBody, read: (body: unknown) => anthropicWish(readBody(MessagesBody, body), to) },
};

describe.each(['openai', 'anthropic'] as const)('a body of %s', (dialect) => {
  const { body, read } = dialects[dialect];

  it('is a wish, or is met by where it is wrong, whatever it holds', () => {
    const seen = { wishes: 0, problems: 0 };
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: body }, { weight: 1, arbitrary: fc.jsonValue() }), (value) => {
        try {
          const { messages } = read(value);
          seen.wishes++;
          expect(messages.length).toBeGreaterThan(0);
          for (const message of messages) expect(typeof message.text).toBe('string');
        } catch (error) {
          if (!(error instanceof RequestProblem)) throw error;
          seen.problems++;
        }
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.wishes, seen.problems)).toBeGreaterThan(20);
  });
});

describe('the addresses of the dialects', () => {
  let app: Dialects;
  beforeAll(async () => {
    app = await serveDialects();
  });
  afterAll(() => app.close());

  const addresses = ['/v1/chat/completions', '/v1/embeddings', '/v1/messages', '/v1/messages/count_tokens'];
  const post = (path: string, body: string | Uint8Array) =>
    fetch(app.url + path, { method: 'POST', body: body as string, headers: { 'content-type': 'application/json' } });

  it('answer any JSON with an answer or with whose mistake it is, never with one of their own', async () => {
    const bodies = fc.oneof(chatBody, messagesBody, fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...addresses), bodies, async (path, body) => {
        const answer = await post(path, JSON.stringify(body));
        const text = await answer.text();
        expect([200, 400, 404]).toContain(answer.status);
        if (answer.status !== 200) expect(JSON.parse(text)).toHaveProperty('error.message');
      }),
      { numRuns: 300 },
    );
  });

  it.each(addresses)('answer what is no JSON with 400 (%s)', async (path) => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const bodies = ['', '{', 'null', '[]', deep, '{"__proto__":1}', new Uint8Array([0xff, 0xfe, 0x00])];
    for (const body of bodies) expect((await post(path, body)).status).toBe(400);
  });
});
