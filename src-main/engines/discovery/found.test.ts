import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Discovery, listing, ollama } from './testing/discovery.ts';
import { diskForEach } from './testing/disk.ts';

const disk = diskForEach();
let app: Discovery;
beforeEach(async () => {
  app = await started();
});

async function started() {
  const made = new Discovery({ log: disk.log, services: [ollama] });
  made.hosts.set('http://127.0.0.1:11434', ['qwen3:8b']);
  return made.start();
}
async function choose(provider: string) {
  const { definition } = app.casting.get('apollo');
  const model = { provider, model: 'qwen3:8b' };
  await app.casting.change('apollo', { ...definition, model }, app.row());
}

describe('a service that was found on this computer', () => {
  it('is a provider with its models while it runs', async () => {
    expect(app.provider('found-ollama')).toBeUndefined();
    await app.found.seen(ollama, 'one model');
    expect(app.provider('found-ollama')).toMatchObject({
      kind: 'openai-compatible',
      name: 'Ollama',
      baseUrl: 'http://127.0.0.1:11434/v1',
      origin: 'found',
      local: true,
      enabled: true,
      state: 'ready',
      models: [{ id: 'qwen3:8b' }],
    });
    expect(app.specialist('apollo')?.binding).toMatchObject({ provider: 'found-ollama', model: 'qwen3:8b' });
    await app.found.seen(ollama, null);
    expect(app.provider('found-ollama')).toBeUndefined();
    expect(() => app.roster.resolve({ provider: 'found-ollama', model: 'qwen3:8b' })).toThrow(
      'Ollama does not run on this computer now.',
    );
  });

  it('is asked for its models again, and told of, only when it offers something else', async () => {
    await app.found.seen(ollama, 'one model');
    let told = 0;
    app.roster.changed.on(() => told++);
    await app.found.seen(ollama, 'one model');
    expect(told).toBe(0);
    expect(app.asked).toHaveLength(1);
    app.hosts.set('http://127.0.0.1:11434', ['qwen3:8b', 'gemma3:4b']);
    await app.found.seen(ollama, 'two models');
    expect(app.provider('found-ollama')?.models).toHaveLength(2);
    expect(told).toBe(1);
  });

  it('stays as unreachable while a specialist is to use it, also after a new start', async () => {
    await app.found.seen(ollama, 'one model');
    await choose('found-ollama');
    await app.found.seen(ollama, null);
    const away = { state: 'unreachable', problem: { message: 'Ollama does not answer at 127.0.0.1:11434.' } };
    expect(app.provider('found-ollama')).toMatchObject(away);
    expect(app.specialist('apollo')?.binding?.provider).toBe('found-ollama');

    await disk.restart();
    app = await started();
    expect(app.provider('found-ollama')?.state).toBe('unknown');
    await app.found.seen(ollama, null);
    expect(app.provider('found-ollama')).toMatchObject(away);
    await app.casting.remove('apollo', app.row());
    expect(app.provider('found-ollama')).toBeUndefined();
  });

  it('is left out when the user has connected its address, by whatever name, unless a specialist is to use it', async () => {
    await app.found.seen(ollama, 'one model');
    app.hosts.set('http://localhost:11434', ['qwen3:8b']);
    await app.connect('My Ollama', 'http://localhost:11434/v1');
    expect(app.provider('found-ollama')).toBeUndefined();
    await choose('found-ollama');
    expect(app.provider('found-ollama')).toBeDefined();
    await choose('my-ollama');
    expect(app.provider('found-ollama')).toBeUndefined();
    await app.registry.remove('my-ollama', app.row());
    expect(app.provider('found-ollama')).toBeDefined();
  });

  it('keeps what the user says of it: its name, its key, its models', async () => {
    await app.found.seen(ollama, 'one model');
    await app.registry.change('found-ollama', { name: 'Home', models: ['mine'], key: 'canary-key' }, app.row());
    expect(app.looks).toBe(1);
    await app.found.seen(ollama, null);
    await app.found.seen(ollama, 'one model');
    expect(app.provider('found-ollama')).toMatchObject({ name: 'Home', models: [{ id: 'mine' }], key: 'stored' });
    await app.registry.change('found-ollama', { models: [] }, app.row());
    await vi.waitFor(() => expect(app.provider('found-ollama')?.models).toEqual([{ id: 'qwen3:8b' }]));
    expect(app.asked.at(-1)).toEqual({ baseUrl: 'http://127.0.0.1:11434/v1', key: 'canary-key' });
  });

  it('stays where it was found, and cannot be removed', async () => {
    await app.found.seen(ollama, 'one model');
    const move = { baseUrl: 'https://ai.example/v1' };
    await expect(app.registry.change('found-ollama', move, app.row())).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(app.registry.remove('found-ollama', app.row())).rejects.toMatchObject({
      message: 'Ollama was found on this computer.',
      next: 'Switch it off if you do not want to use it.',
    });
  });

  it('gets no key that was entered for it at another port', async () => {
    await app.found.seen(ollama, 'one model');
    await app.registry.change('found-ollama', { key: 'canary-key' }, app.row());
    await disk.restart();
    const moved = { ...ollama, baseUrl: 'http://127.0.0.1:9999/v1' };
    app = new Discovery({ log: disk.log, services: [moved], secrets: app.secrets });
    await app.start();
    await app.found.seen(moved, 'one model');
    expect(app.asked.at(-1)).toEqual({ baseUrl: moved.baseUrl, key: undefined });
  });

  it('is shown, and not asked, while it is switched off', async () => {
    await app.found.seen(ollama, 'one model');
    await app.registry.change('found-ollama', { enabled: false }, app.row());
    expect(app.found.mayLookFor('found-ollama')).toBe(false);
    expect(app.provider('found-ollama')).toMatchObject({ enabled: false });
    expect(app.specialist('apollo')?.binding).toBeNull();

    await disk.restart();
    app = await started();
    expect(app.provider('found-ollama')).toMatchObject({ enabled: false, origin: 'found' });
    expect(app.asked).toEqual([]);
    await app.registry.change('found-ollama', { enabled: true }, app.row());
    expect([app.looks, app.provider('found-ollama')?.enabled]).toEqual([1, true]);
    await app.found.seen(ollama, null);
    expect(app.provider('found-ollama')).toBeUndefined();
  });

  it('leaves alone one of the same id in the configuration', async () => {
    app.providers.add(listing('found-ollama', ['x']), { origin: 'config' });
    await app.found.seen(ollama, null);
    expect(app.provider('found-ollama')?.origin).toBe('config');
  });
});
