import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reads } from '../fixtures.suite.ts';
import { foreign } from '../foreign.suite.ts';
import { suite } from '../provider.suite.ts';
import { collect, request, textOf } from '../testing/collect.ts';
import { responses } from '../testing/dialects.ts';
import { make, never } from '../testing/make.ts';
import * as act from '../testing/server.ts';
import { responsesStream } from '../testing/streams.ts';
import { everything, schema, withTools } from '../testing/wishes.ts';

suite({ ...responses, kind: 'openai-responses' });

describe('responses events', () => {
  reads('openai-responses', {
    'an answer with its figures': {
      file: 'openai/fixtures/responses-answer.txt',
      text: ['Grüße', ', “你好” 🙂'],
      usage: { input: 37, output: 11 },
      finish: 'stop',
    },
    'a summary of reasoning and a tool call': {
      file: 'openai/fixtures/responses-tool-call.txt',
      reasoning: ['**Looking', '** at the sky.'],
      calls: [{ id: 'call_oPiI0xSR', name: 'get_weather', input: '{"location":"Zürich"}' }],
      usage: { input: 61, output: 148, reasoning: 128 },
      finish: 'tool-calls',
    },
    'a refusal of the model is its answer, filtered; an unknown event is left out': {
      file: 'openai/fixtures/responses-refusal.txt',
      text: ["I'm sorry, ", 'I cannot help with that.'],
      usage: { input: 9, output: 8 },
      finish: 'filter',
    },
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
    const { parts } = await collect(make('openai-responses', `${server.url}/v1/responses`), asked, never());
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
    const asked = request({ model: 'gpt-5-mini' });
    const { parts } = await collect(make('openai-responses', `${server.url}/v1`), asked, never());
    expect(textOf(parts)).toBe('ok');
    expect(server.requests.slice(-2).map(({ body }) => body.reasoning)).toEqual([{ summary: 'auto' }, {}]);
  });

  it('say pictures, tool calls, what the tools gave, and all that the package has a word for', async () => {
    server.next(act.stream(responsesStream(['ok'])));
    const asked = request({ messages: withTools, options: { ...everything, stop: [] } });
    const { parts } = await collect(make('openai-responses', `${server.url}/v1`), asked, never());
    const { body } = server.requests.at(-1)!;
    expect((body.input as { type?: string; role?: string }[]).map(({ type, role }) => type ?? role)).toEqual([
      'system',
      'user',
      'user',
      'assistant',
      'function_call',
      'function_call',
      'function_call_output',
      'function_call_output',
      'user',
    ]);
    expect(body.input).toContainEqual({
      role: 'user',
      content: [
        { type: 'input_text', text: 'What is on these?' },
        { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0=' },
        { type: 'input_image', image_url: 'https://example.com/cat.jpg' },
      ],
    });
    expect(body.input).toContainEqual({
      type: 'function_call',
      call_id: 'c1',
      name: 'weather',
      arguments: '{"city":"Zürich"}',
    });
    expect(body.input).toContainEqual({ type: 'function_call_output', call_id: 'c1', output: 'rain' });
    expect(body).toMatchObject({
      top_p: 0.9,
      tools: [
        { type: 'function', name: 'weather', description: 'Tells it.', parameters: schema },
        { type: 'function', name: 'now' },
      ],
      tool_choice: { type: 'function', name: 'now' },
      parallel_tool_calls: false,
      text: { format: { type: 'json_schema', name: 'answer', schema } },
    });
    const warnings = parts.flatMap((part) => (part.type === 'warning' ? [part.message] : []));
    for (const wish of ['seed', 'frequencyPenalty', 'presencePenalty'])
      expect(warnings).toContain(`Test Service: ${wish} is not supported.`);
  });

  it('tell an answer that failed', async () => {
    const failed = { type: 'response.failed', response: { error: { code: 'server_error', message: 'It broke.' } } };
    server.next(act.stream([...responsesStream(['Yes']).slice(0, 4), `data: ${JSON.stringify(failed)}\n\n`]));
    const { parts } = await collect(make('openai-responses', `${server.url}/v1`), request(), never());
    expect(textOf(parts)).toBe('Yes');
    expect(parts.at(-1)).toMatchObject({ problem: { message: 'Test Service reported an error: It broke.' } });
  });
});

foreign({ kind: 'openai-responses', dialect: 'responses', path: '/v1', afterTools: 'tool-calls', lists: true });
