import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Automatic, ProviderInfo } from '#shared/domain/summary.ts';
import { bind } from './binding.ts';
import { shippedSpecialists } from './specialists.ts';

const specialists = shippedSpecialists();
const named = (id: string) => specialists.find((each) => each.id === id)!;
const choosing = (id: string, provider: string, model: string) => {
  const found = named(id);
  return { ...found, definition: { ...found.definition, model: { provider, model } } };
};
const info = (id: string, more: Partial<ProviderInfo> = {}): ProviderInfo => ({
  id,
  kind: 'openai-compatible',
  name: id,
  baseUrl: null,
  offline: false,
  local: false,
  origin: 'user',
  enabled: true,
  key: 'none',
  state: 'ready',
  problem: null,
  models: [{ id: `${id}-model` }],
  fixedModels: false,
  ...more,
});
const offline = (...models: string[]) =>
  info('offline', { offline: true, local: true, models: models.map((id) => ({ id })) });
const all = ['recall', 'summary', 'analysis', 'data'];

const anyInfo: fc.Arbitrary<ProviderInfo> = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    local: fc.boolean(),
    enabled: fc.boolean(),
    state: fc.constantFrom('unknown' as const, 'ready' as const, 'unreachable' as const, 'refused' as const),
    models: fc.array(fc.constantFrom({ id: 'm' }, { id: 'n' }), { maxLength: 2 }),
  })
  .map(({ id, ...more }) => info(id, more));
const providers = fc
  .tuple(fc.uniqueArray(anyInfo, { selector: ({ id }) => id }), fc.subarray(all), fc.boolean())
  .map(([others, models, first]) => (first ? [offline(...models), ...others] : [...others, offline(...models)]));
const anybody = fc.constantFrom(...specialists);
const automatic = fc.constantFrom<Automatic>('any', 'local');

describe('the model that a specialist works with', () => {
  it('is one that its provider lists, of a provider that is switched on and was not found to be away', () => {
    fc.assert(
      fc.property(anybody, providers, automatic, (who, infos, where) => {
        const binding = bind(who, infos, where);
        if (binding === null) return;
        const at = infos.find(({ id }) => id === binding.provider)!;
        expect(at.enabled).toBe(true);
        expect(['ready', 'unknown']).toContain(at.state);
        expect(at.models.map(({ id }) => id)).toContain(binding.model);
        if (where === 'local') expect(at.local).toBe(true);
      }),
    );
  });

  it('is one of a language model whenever one answers where it may look, but for Engram', () => {
    fc.assert(
      fc.property(anybody, providers, automatic, (who, infos, where) => {
        const first = infos.find((each) => {
          const fits = each.enabled && !each.offline && each.state === 'ready' && each.models.length > 0;
          return fits && (where === 'any' || each.local);
        });
        fc.pre(first !== undefined);
        const recalls = infos.some((each) => each.offline && each.models.some(({ id }) => id === 'recall'));
        const expected = who.id === 'engram' && recalls ? 'offline' : first!.id;
        expect(bind(who, infos, where)?.provider).toBe(expected);
      }),
    );
  });

  it('is that of a provider which somebody connected rather than of one that was found before', () => {
    const infos = [info('found-ollama', { origin: 'found', local: true }), info('cloud')];
    expect(bind(named('apollo'), infos, 'any')?.provider).toBe('cloud');
    expect(bind(named('apollo'), infos, 'local')?.provider).toBe('found-ollama');
  });

  it('is exactly the chosen one, wherever and in whatever state it is, as long as its provider is there and on', () => {
    fc.assert(
      fc.property(anybody, providers, automatic, fc.constantFrom('a', 'b', 'gone'), (who, infos, where, provider) => {
        const on = infos.some(({ id, enabled }) => id === provider && enabled);
        const expected = on ? { provider, model: 'big' } : null;
        expect(bind(choosing(who.id, provider, 'big'), infos, where)).toEqual(expected);
      }),
    );
  });

  it.each([
    ['engram', 'recall'],
    ['sophia', 'summary'],
    ['noesis', 'data'],
    ['terma', 'analysis'],
  ])('is, for %s without a language model, the offline model %s, if there is such a one', (id, model) => {
    expect(bind(named(id), [offline(...all)], 'any')).toEqual({ provider: 'offline', model });
    expect(bind(named(id), [offline(...all), info('cloud')], 'local')).toEqual({ provider: 'offline', model });
    expect(bind(named(id), [offline(...all.filter((each) => each !== model))], 'any')).toBeNull();
  });

  it('is none for everybody else without a language model', () => {
    const bound = specialists.filter((who) => bind(who, [offline(...all)], 'any') !== null).map(({ id }) => id);
    expect(bound.sort()).toEqual(['engram', 'noesis', 'sophia', 'terma']);
  });
});
