import { describe, expect, it } from 'vitest';
import { looks } from '#shared/domain/things.ts';
import { chatModels } from './models.ts';
import { Discovery, listing, refused } from './testing/discovery.ts';

/** Nothing is stored here. */
const log = { append: () => Promise.reject(new Error('not asked for here')), read: async () => [] };
const roster = (overrides = {}) => new Discovery({ log, overrides });

describe('the roster', () => {
  it('has the eighteen specialists, each with what it is for', () => {
    const { specialists } = roster().roster.view();
    expect(specialists).toHaveLength(18);
    expect(specialists.find(({ id }) => id === 'apollo')).toMatchObject({
      name: 'Apollo',
      primary: [{ id: 'code-analysis', title: 'Code analysis' }, {}, {}],
    });
  });

  it('gives every shipped specialist the look of its own name', () => {
    const { specialists } = roster().roster.view();
    expect(specialists.map(({ look }) => look)).toEqual(looks.map((look) => ({ colour: look, glyph: look })));
    expect(specialists.every(({ origin, chosen }) => origin === 'shipped' && chosen === null)).toBe(true);
  });

  it('binds Engram to recall and Sophia to summary where there is no model, and says that the others need one', async () => {
    const made = roster();
    await made.providers.checkAll();
    expect(made.specialist('engram')?.binding).toMatchObject({ provider: 'offline', model: 'recall', offline: true });
    expect(made.specialist('sophia')?.binding).toMatchObject({ model: 'summary' });
    expect(made.roster.view().specialists.filter(({ binding }) => binding === null)).toHaveLength(14);
    expect(() => made.roster.resolve({ specialist: 'apollo' })).toThrow('Apollo needs a model.');
  });

  it('binds everybody but Engram, who alone knows the other sessions, to the first provider that answers', async () => {
    const made = roster();
    made.providers.add(listing('dead', refused()), { origin: 'user' });
    made.providers.add(listing('local', ['text-embed-small', 'qwen3']), { origin: 'user' });
    await made.providers.checkAll();
    expect(made.specialist('apollo')?.binding).toMatchObject({
      provider: 'local',
      providerName: 'LOCAL',
      model: 'qwen3',
    });
    expect(made.specialist('sophia')?.binding).toMatchObject({ provider: 'local' });
    expect(made.specialist('engram')?.binding).toMatchObject({ model: 'recall' });
    expect(made.roster.view().providers.find(({ id }) => id === 'dead')).toMatchObject({
      state: 'refused',
      problem: { message: 'The key is wrong.', next: 'Enter another.' },
    });
  });

  it('keeps a binding that somebody chose, with its persona and limits', () => {
    const made = roster({
      metis: { provider: 'local', model: 'big', persona: 'Break it.', temperature: 0.1, maxTokens: 7 },
    });
    made.providers.add(listing('local', ['small', 'big']), { origin: 'config' });
    expect(made.roster.resolve({ specialist: 'metis' })).toMatchObject({
      speaker: { specialist: 'metis', name: 'Metis', provider: 'local', model: 'big' },
      system: 'Break it.',
      temperature: 0.1,
      maxTokens: 7,
    });
  });

  it('lets a plain model be picked, without a persona', () => {
    const made = roster();
    made.providers.add(listing('local', ['qwen3']), { origin: 'user' });
    const { speaker, system } = made.roster.resolve({ provider: 'local', model: 'qwen3' });
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
    expect(() => roster().roster.resolve({ specialist: 'zeus' })).toThrow('no specialist zeus');
    expect(() => roster().roster.resolve({ provider: 'x', model: 'y' })).toThrow('no provider x');
  });

  it('shows which models cannot stream', () => {
    const made = roster();
    made.providers.add(listing('local', []), { origin: 'config', models: ['a', 'b'] });
    made.providers.cannotStream('local', 'b');
    expect(made.providers.streams('local', 'b')).toBe(false);
    expect(made.roster.view().providers.find(({ id }) => id === 'local')?.models).toEqual([
      { id: 'a' },
      { id: 'b', streams: false },
    ]);
  });

  it('never shows the invented times, success rates and costs', () => {
    for (const specialist of roster().roster.view().specialists)
      expect(Object.keys(specialist).sort()).toEqual([
        'binding',
        'chosen',
        'id',
        'look',
        'name',
        'origin',
        'primary',
        'role',
      ]);
  });
});

describe('models of a provider', () => {
  it('leaves out what cannot chat and puts a good default first', () => {
    const list = ['text-embedding-3-small', 'gpt-4o', 'whisper-1', 'gpt-5.2', 'dall-e-3'].map((id) => ({ id }));
    expect(chatModels('openai', list).map(({ id }) => id)).toEqual(['gpt-5.2', 'gpt-4o']);
    expect(chatModels('openai-compatible', [{ id: 'b' }, { id: 'a' }]).map(({ id }) => id)).toEqual(['b', 'a']);
  });
});
