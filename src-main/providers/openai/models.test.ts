import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { make, never } from '../testing/make.ts';
import { listAs } from '../testing/reading.ts';
import * as act from '../testing/server.ts';

describe('a list of models in the form of OpenAI', () => {
  it('tells at OpenRouter context, longest answer and features, of those that answer in text', async () => {
    const models = [
      {
        id: 'openai/gpt-5-mini',
        context_length: 400_000,
        architecture: { input_modalities: ['text', 'image', 'file'], output_modalities: ['text'] },
        top_provider: { context_length: 400_000, max_completion_tokens: 128_000, is_moderated: true },
        supported_parameters: ['max_tokens', 'reasoning', 'tools'],
      },
      {
        id: 'some/plain-model',
        context_length: 8192,
        architecture: { input_modalities: ['text'], output_modalities: ['text'] },
        top_provider: { max_completion_tokens: null },
        supported_parameters: ['temperature'],
      },
      { id: 'some/painter', architecture: { input_modalities: ['text'], output_modalities: ['image'] } },
    ];
    expect(await listAs('openrouter', { data: models })).toEqual([
      {
        id: 'openai/gpt-5-mini',
        contextWindow: 400_000,
        maxOutput: 128_000,
        features: ['tools', 'vision', 'reasoning'],
      },
      { id: 'some/plain-model', contextWindow: 8192, features: [] },
    ]);
  });

  it('tells at OpenAI nothing but their names', async () => {
    const models = [{ id: 'gpt-5-mini', object: 'model', created: 1_754_425_777, owned_by: 'system' }];
    expect(await listAs('openai', { object: 'list', data: models })).toEqual([{ id: 'gpt-5-mini' }]);
    expect(await listAs('openai-responses', { object: 'list', data: models })).toEqual([{ id: 'gpt-5-mini' }]);
  });
});

describe('what a local server tells at addresses of its own', () => {
  let server: act.TestServer;
  beforeAll(async () => {
    server = await act.startTestServer();
  });
  afterEach(() => {
    server.requests.length = 0;
  });
  afterAll(() => server.close());

  const list = (...ids: string[]) => act.json({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) });

  /** Gives the list, and no answer to anything else. */
  const onlyList: act.Act = (received, response) =>
    received.path === '/v1/models' ? list('one')(received, response) : undefined;

  /** Answers by the path; what is not there is not found. */
  function serve(places: Record<string, act.Act>) {
    server.always((received, response) => (places[received.path] ?? act.status(404))(received, response));
    return make('openai-compatible', `${server.url}/v1`).models(never());
  }

  it('is at Ollama context and capabilities, model by model; one that only embeds is left out', async () => {
    const shown: Record<string, unknown> = {
      'qwen3:8b': {
        capabilities: ['completion', 'tools', 'thinking'],
        model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 40_960 },
      },
      'gemma3:4b': {
        capabilities: ['completion', 'vision'],
        model_info: { 'general.architecture': 'gemma3', 'gemma3.context_length': 131_072 },
      },
      'nomic-embed-text:latest': { capabilities: ['embedding'], model_info: { 'general.architecture': 'nomic-bert' } },
    };
    const ids = [...Object.keys(shown), 'gone:latest'];
    const found = await serve({
      '/v1/models': list(...ids),
      '/api/tags': act.json({ models: ids.map((name) => ({ name, model: name, digest: '0a8c26691023', size: 1 })) }),
      '/api/show': ({ body }, response) => {
        const info = shown[body.model ?? ''];
        (info === undefined ? act.status(404) : act.json(info))({ body } as act.Received, response);
      },
    });
    expect(found).toEqual([
      { id: 'qwen3:8b', contextWindow: 40_960, features: ['tools', 'reasoning'] },
      { id: 'gemma3:4b', contextWindow: 131_072, features: ['vision'] },
      { id: 'gone:latest' },
    ]);
  });

  it('is at LM Studio context, kind and tools; a loaded model has the context that it was loaded with', async () => {
    const found = await serve({
      '/v1/models': list('qwen/qwen3-14b', 'qwen2-vl-7b', 'phi-4', 'text-embedding-nomic'),
      '/api/v0/models': act.json({
        object: 'list',
        data: [
          { id: 'qwen/qwen3-14b', type: 'llm', max_context_length: 32_768, capabilities: ['tool_use'] },
          { id: 'qwen2-vl-7b', type: 'vlm', max_context_length: 131_072, loaded_context_length: 8192 },
          { id: 'phi-4', type: 'llm', max_context_length: 16_384 },
          { id: 'text-embedding-nomic', type: 'embeddings', max_context_length: 2048 },
        ],
      }),
    });
    expect(found).toEqual([
      { id: 'qwen/qwen3-14b', contextWindow: 32_768, features: ['tools'] },
      { id: 'qwen2-vl-7b', contextWindow: 8192, features: ['vision'] },
      { id: 'phi-4', contextWindow: 16_384 },
    ]);
  });

  it('is at llama.cpp the context that it was started with, and what the model can perceive', async () => {
    const found = await serve({
      '/v1/models': act.json({ data: [{ id: 'model.gguf', meta: { n_ctx_train: 131_072, n_params: 1 } }] }),
      '/props': act.json({
        default_generation_settings: { n_ctx: 8192 },
        total_slots: 1,
        modalities: { vision: true, audio: false },
      }),
    });
    expect(found).toEqual([{ id: 'model.gguf', contextWindow: 8192, features: ['vision'] }]);
  });

  it.each([
    ['nothing', {}],
    ['a page everywhere', { '/api/tags': act.html(), '/api/v0/models': act.html(), '/props': act.html() }],
    ['other things', { '/api/tags': act.json([]), '/api/v0/models': act.json({ data: 7 }), '/props': act.json({}) }],
    ['no answer', { '/api/tags': act.hangUp, '/api/v0/models': act.hangUp, '/props': act.hangUp }],
  ])('changes nothing when there is %s', async (_, places) => {
    expect(await serve({ '/v1/models': list('one', 'two'), ...places })).toEqual([{ id: 'one' }, { id: 'two' }]);
  });

  it('is waited for three seconds and no longer', async () => {
    const clock = fakeClock();
    server.always(onlyList);
    const asked = make('openai-compatible', `${server.url}/v1`, { clock }).models(never());
    await expect.poll(() => server.requests.length).toBe(4);
    clock.advance(3000);
    expect(await asked).toEqual([{ id: 'one' }]);
    expect(clock.timers).toBe(0);
  });

  it('is not waited for by one who leaves', async () => {
    server.always(onlyList);
    const leave = new AbortController();
    const asked = make('openai-compatible', `${server.url}/v1`).models(leave.signal);
    await expect.poll(() => server.requests.length).toBe(4);
    leave.abort(new Error('left'));
    await expect(asked).rejects.toThrow('left');
  });

  it('is asked of sixty models at the most', async () => {
    const ids = Array.from({ length: 200 }, (_, n) => `model-${n}`);
    await serve({
      '/v1/models': list(...ids),
      '/api/tags': act.json({ models: [] }),
      '/api/show': act.json({ model_info: {} }),
    });
    expect(server.requests.filter(({ path }) => path === '/api/show')).toHaveLength(60);
  });

  it('is not asked of OpenAI, nor where the list told it all', async () => {
    server.always(list('one'));
    await make('openai', `${server.url}/v1`).models(never());
    server.always(act.json({ data: [{ id: 'one', supported_parameters: ['tools'] }] }));
    await make('openai-compatible', `${server.url}/v1`).models(never());
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/models', '/v1/models']);
  });
});
