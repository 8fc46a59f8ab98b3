import { describe, expect, it } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import type { ModelInfo } from '#shared/domain/summary.ts';
import { type Provider, ProviderRefusal } from '../../providers/provider.ts';
import { chatModels } from './models.ts';
import { Roster } from './roster.ts';
import { shippedSpecialists } from './specialists.ts';

const fake = (id: string, models: string[] | ProviderRefusal, offline = false): Provider => ({
  id,
  name: id.toUpperCase(),
  kind: offline ? 'offline' : 'openai-compatible',
  baseUrl: null,
  offline,
  prefill: false,
  chat: () => {
    throw new Error('not asked for here');
  },
  models: async (): Promise<ModelInfo[]> => {
    if (models instanceof ProviderRefusal) throw models;
    return models.map((model) => ({ id: model }));
  },
});

const roster = (overrides = {}) => {
  const made = new Roster({ specialists: shippedSpecialists(overrides), timeout: (ms) => AbortSignal.timeout(ms) });
  made.add(fake('offline', ['recall', 'summary'], true), 'built-in');
  return made;
};
const of = (made: Roster, id: string) => made.view().specialists.find((each) => each.id === id);
const refused = new ProviderRefusal(new Problem('PROVIDER_REFUSED', 'The key is wrong.', 'Enter another.'), false);

describe('the roster', () => {
  it('has the eighteen specialists, each with what it is for', () => {
    const { specialists } = roster().view();
    expect(specialists).toHaveLength(18);
    expect(specialists.find(({ id }) => id === 'apollo')).toMatchObject({
      name: 'Apollo',
      primary: [{ id: 'code-analysis', title: 'Code analysis' }, {}, {}],
    });
  });

  it('binds Engram to recall and Sophia to summary where there is no model, and says that the others need one', async () => {
    const made = roster();
    await made.checkAll();
    expect(of(made, 'engram')?.binding).toMatchObject({ provider: 'offline', model: 'recall', offline: true });
    expect(of(made, 'sophia')?.binding).toMatchObject({ model: 'summary' });
    expect(made.view().specialists.filter(({ binding }) => binding === null)).toHaveLength(16);
    expect(() => made.resolve({ specialist: 'apollo' })).toThrow('Apollo needs a model.');
  });

  it('binds everybody but Engram, who alone knows the other sessions, to the first provider that answers', async () => {
    const made = roster();
    made.add(fake('dead', refused), 'user');
    made.add(fake('local', ['text-embed-small', 'qwen3']), 'user');
    await made.checkAll();
    expect(of(made, 'apollo')?.binding).toMatchObject({ provider: 'local', providerName: 'LOCAL', model: 'qwen3' });
    expect(of(made, 'sophia')?.binding).toMatchObject({ provider: 'local' });
    expect(of(made, 'engram')?.binding).toMatchObject({ model: 'recall' });
    expect(made.view().providers.find(({ id }) => id === 'dead')).toMatchObject({
      state: 'refused',
      problem: { message: 'The key is wrong.', next: 'Enter another.' },
    });
  });

  it('keeps a binding that somebody chose, with its persona and limits', () => {
    const made = roster({
      metis: { provider: 'local', model: 'big', persona: 'Break it.', temperature: 0.1, maxTokens: 7 },
    });
    made.add(fake('local', ['small', 'big']), 'config');
    expect(made.resolve({ specialist: 'metis' })).toMatchObject({
      speaker: { specialist: 'metis', name: 'Metis', provider: 'local', model: 'big' },
      system: 'Break it.',
      temperature: 0.1,
      maxTokens: 7,
    });
  });

  it('lets a plain model be picked, without a persona', () => {
    const made = roster();
    made.add(fake('local', ['qwen3']), 'user');
    const { speaker, system } = made.resolve({ provider: 'local', model: 'qwen3' });
    expect(speaker).toEqual({
      name: 'qwen3',
      provider: 'local',
      providerName: 'LOCAL',
      model: 'qwen3',
      offline: false,
    });
    expect(system).toBeUndefined();
  });

  it('says when there is no such specialist or provider', () => {
    expect(() => roster().resolve({ specialist: 'zeus' })).toThrow('no specialist zeus');
    expect(() => roster().resolve({ provider: 'x', model: 'y' })).toThrow('no provider x');
  });

  it('shows which models cannot stream', () => {
    const made = roster();
    made.add(fake('local', []), 'config', ['a', 'b']);
    made.cannotStream('local', 'b');
    expect(made.streams('local', 'b')).toBe(false);
    expect(made.view().providers.find(({ id }) => id === 'local')?.models).toEqual([
      { id: 'a' },
      { id: 'b', streams: false },
    ]);
  });

  it('removes only what the user connected', () => {
    const made = roster();
    made.add(fake('local', []), 'config', ['a']);
    expect(() => made.mustBeRemovable('local')).toThrow('configuration file');
    expect(() => made.mustBeRemovable('offline')).toThrow('app itself');
  });

  it('never shows the invented times, success rates and costs', () => {
    for (const specialist of roster().view().specialists)
      expect(Object.keys(specialist).sort()).toEqual(['binding', 'id', 'name', 'primary', 'role']);
  });
});

describe('models of a provider', () => {
  it('leaves out what cannot chat and puts a good default first', () => {
    const list = ['text-embedding-3-small', 'gpt-4o', 'whisper-1', 'gpt-5.2', 'dall-e-3'].map((id) => ({ id }));
    expect(chatModels('openai', list).map(({ id }) => id)).toEqual(['gpt-5.2', 'gpt-4o']);
    expect(chatModels('openai-compatible', [{ id: 'b' }, { id: 'a' }]).map(({ id }) => id)).toEqual(['b', 'a']);
  });
});
