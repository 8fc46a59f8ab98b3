import { describe, expect, it } from 'vitest';
import { type Get, localServiceName, localServices } from './local-services.ts';

type Answers = Record<string, unknown>;

const ollama: Answers = { '/api/version': { version: '0.12.3' }, '/api/tags': { models: [{ name: 'qwen3:8b' }] } };
const lmStudio: Answers = {
  '/api/v0/models': { object: 'list', data: [{ id: 'qwen3-8b', object: 'model', type: 'llm' }] },
  '/v1/models': { object: 'list', data: [{ id: 'qwen3-8b', object: 'model', owned_by: 'organization_owner' }] },
};
const llamaCpp: Answers = {
  '/health': { status: 'ok' },
  '/v1/models': { object: 'list', data: [{ id: 'qwen3.gguf', object: 'model', owned_by: 'llamacpp' }] },
  // It answers for Ollama's clients as well.
  '/api/tags': { models: [{ name: 'qwen3.gguf' }] },
};
const bytes = (text: string) => ({
  read: async (take: (bytes: Uint8Array) => unknown) => void take(new TextEncoder().encode(text)),
});

/** Everything on this computer is the same program, which answers so. */
function get(answer: (path: string) => { status?: number; text: string } | undefined): Get & { asked: string[] } {
  const asked: string[] = [];
  return Object.assign(
    async ({ url }: { url: string }) => {
      asked.push(url);
      const found = answer(new URL(url).pathname);
      return { status: found?.status ?? (found ? 200 : 404), body: bytes(found?.text ?? '{"error":"not found"}') };
    },
    { asked },
  );
}
const program = (answers: Answers) =>
  get((path) => (path in answers ? { text: JSON.stringify(answers[path]) } : undefined));
const running = async (through: Get) => {
  const services = localServices(through, {});
  const offers = await Promise.all(services.map((each) => each.look(new AbortController().signal)));
  return services.filter((_, index) => offers[index] !== null).map(({ id }) => id);
};

describe('AI services on this computer', () => {
  it.each([
    ['found-ollama', ollama],
    ['found-lm-studio', lmStudio],
    ['found-llama-cpp', llamaCpp],
  ])('%s is known by the shape of its answers, and taken for no other', async (id, answers) => {
    expect(await running(program(answers))).toEqual([id]);
  });

  it('tell another offer when their models are others', async () => {
    const [service] = localServices(program(ollama), {});
    const more = { models: [{ name: 'qwen3:8b' }, { name: 'gemma3:4b' }] };
    const [later] = localServices(program({ ...ollama, '/api/tags': more }), {});
    const { signal } = new AbortController();
    expect(await service!.look(signal)).toBe(await service!.look(signal));
    expect(await later!.look(signal)).not.toBe(await service!.look(signal));
  });

  it('are known without any model, but for llama.cpp, which never is without', async () => {
    expect(await running(program({ ...ollama, '/api/tags': { models: [] } }))).toEqual(['found-ollama']);
    expect(await running(program({ '/api/v0/models': { data: [] } }))).toEqual(['found-lm-studio']);
    expect(await running(program({ ...llamaCpp, '/v1/models': { data: [] } }))).toEqual([]);
  });

  it.each<[string, Get]>([
    ['a web page', get(() => ({ text: '<!doctype html><title>Welcome</title>' }))],
    ['one that answers everything with the same JSON', get(() => ({ text: '{"status":"ok","version":"1.0"}' }))],
    ['a list of something else', program({ '/api/tags': { models: [] }, '/v1/models': { data: [{ id: 'x' }] } })],
    ['broken JSON', get(() => ({ text: '{"version":' }))],
    ['the right answer with a refusal', get((path) => ({ status: 401, text: JSON.stringify(ollama[path] ?? {}) }))],
    ['a redirection', get(() => ({ status: 302, text: '' }))],
    ['one that is still loading', program({ ...llamaCpp, '/health': { error: { message: 'Loading model' } } })],
    ['nothing at all', async () => Promise.reject(new Error('ECONNREFUSED'))],
  ])('are none of these: %s', async (_, through) => {
    expect(await running(through)).toEqual([]);
  });

  it('are not read further than their list of models can be long', async () => {
    let read = 0;
    const endless: Get = async () => ({
      status: 200,
      body: {
        read: async (take) => {
          do read += 64 * 1024;
          while (take(new Uint8Array(64 * 1024).fill(0x20)) !== false);
        },
      },
    });
    expect(await running(endless)).toEqual([]);
    expect(read).toBeLessThan(5 * 1024 * 1024);
  });

  it('are asked at their own ports, or where the configuration says', async () => {
    const nothing = get(() => undefined);
    await running(nothing);
    expect(new Set(nothing.asked.map((url) => new URL(url).host))).toEqual(
      new Set(['127.0.0.1:11434', '127.0.0.1:1234', '127.0.0.1:8080']),
    );
    const [moved] = localServices(nothing, { ollama: 'http://127.0.0.1:9999/' });
    expect(moved).toMatchObject({ id: 'found-ollama', name: 'Ollama', baseUrl: 'http://127.0.0.1:9999/v1' });
  });

  it('have names by which they are told when they do not run', () => {
    expect(localServiceName('found-lm-studio')).toBe('LM Studio');
    expect(localServiceName('my-ollama')).toBeUndefined();
  });
});
