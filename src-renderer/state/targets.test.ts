import { expect, test } from 'vitest';
import type { Roster } from '#shared/domain/summary.ts';
import { commonBinding, defaultTarget, nameOf, onlyOffline, sameTarget } from './targets.ts';

const offline = { provider: 'offline', providerName: 'Offline models', model: 'summary', offline: true };
const online = { provider: 'p', providerName: 'Ollama', model: 'qwen3', offline: false };
const specialist = (id: string, binding: Roster['specialists'][number]['binding']) => ({
  id,
  name: id.toUpperCase(),
  role: '',
  look: { colour: 'numa', glyph: 'terma' } as const,
  primary: [],
  origin: 'own' as const,
  chosen: null,
  binding,
});
const provider = (id: string, isOffline: boolean, enabled = true) => ({
  id,
  kind: 'x',
  name: id,
  baseUrl: null,
  offline: isOffline,
  local: true,
  enabled,
  key: 'none' as const,
  origin: 'user' as const,
  state: 'ready' as const,
  problem: null,
  models: [{ id: 'qwen3' }],
  fixedModels: false,
});
const bare: Roster = {
  specialists: [specialist('apollo', null), specialist('sophia', offline)],
  providers: [provider('offline', true)],
  automatic: 'any',
};
const rich: Roster = {
  specialists: [specialist('sophia', offline), specialist('apollo', online)],
  providers: [provider('offline', true), provider('p', false)],
  automatic: 'any',
};

test('a specialist without a binding needs a model, one that is gone is unknown', () => {
  expect(nameOf(bare, { specialist: 'apollo' })).toMatchObject({ name: 'APOLLO', state: 'needs-model' });
  expect(nameOf(bare, { specialist: 'nobody' })).toMatchObject({ name: 'nobody', state: 'unknown' });
  expect(nameOf(bare, { provider: 'p', model: 'm' })).toMatchObject({ name: 'm', state: 'unknown' });
});

test('a binding is told as model and provider, an offline one as what it is', () => {
  expect(nameOf(rich, { specialist: 'apollo' }).detail).toBe('qwen3 on Ollama');
  expect(nameOf(rich, { specialist: 'sophia' })).toMatchObject({ detail: 'offline model', offline: true });
});

test('a model of a provider that is switched off is known, and why it cannot answer', () => {
  const off = { ...rich, providers: [provider('p', false, false)] };
  expect(nameOf(off, { provider: 'p', model: 'm' })).toMatchObject({ name: 'm', state: 'off', detail: 'p' });
  expect(onlyOffline(off)).toBe(true);
});

test('a specialist looks as the roster says, one that is gone like the shipped one of its name', () => {
  expect(nameOf(bare, { specialist: 'apollo' }).look).toEqual({ colour: 'numa', glyph: 'terma' });
  expect(nameOf(bare, { specialist: 'hermes' }).look).toEqual({ colour: 'hermes', glyph: 'hermes' });
  expect(nameOf(bare, { provider: 'offline', model: 'm' }).look).toBeUndefined();
});

test('a new conversation is for the last choice, else for who has a language model, else for who can answer', () => {
  expect(defaultTarget(rich, { specialist: 'sophia' })).toEqual({ specialist: 'sophia' });
  expect(defaultTarget(rich, { specialist: 'gone' })).toEqual({ specialist: 'apollo' });
  expect(defaultTarget(bare, undefined)).toEqual({ specialist: 'sophia' });
});

test('only offline means that no connected provider names a language model', () => {
  expect([onlyOffline(bare), onlyOffline(rich)]).toEqual([true, false]);
});

test('targets are compared by what they name', () => {
  expect(sameTarget({ specialist: 'a' }, { specialist: 'a' })).toBe(true);
  expect(sameTarget({ specialist: 'a' }, { provider: 'a', model: 'a' })).toBe(false);
  expect(sameTarget(undefined, undefined)).toBe(true);
});

test('the language model that most specialists use is found; an offline model never is', () => {
  expect(commonBinding([specialist('a', online), specialist('b', offline), specialist('c', online)])).toEqual(online);
  expect(commonBinding([specialist('a', online), specialist('b', null)])).toBeUndefined();
  expect(commonBinding([specialist('a', offline), specialist('b', offline)])).toBeUndefined();
  expect(commonBinding([])).toBeUndefined();
});
