import { describe, expect, it } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import type { ProviderInfo, Roster, SpecialistInfo } from '#shared/domain/summary.ts';
import { looks, type Target } from '#shared/domain/things.ts';
import { canonicalId, modelNames, resolveModel } from './models.ts';

const binding = { provider: 'openai', providerName: 'OpenAI', model: 'gpt-5', offline: false };
const specialist = (id: string, bound = true) => ({ id, binding: bound ? binding : null }) as SpecialistInfo;
const provider = (id: string, models: string[], enabled = true) =>
  ({ id, enabled, models: models.map((each) => ({ id: each })) }) as ProviderInfo;

const roster: Roster = {
  specialists: [...looks.map((id) => specialist(id, id !== 'terma')), specialist('Kassandra'), specialist('my-ai')],
  providers: [
    provider('openai', ['gpt-5']),
    provider('router', ['meta/llama-4', 'gpt-5']),
    provider('off', ['x'], false),
  ],
  automatic: 'any',
};

const problemOf = (name: string): Problem => {
  try {
    resolveModel(name, roster);
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error(`${name} was found.`);
};

describe('the name of a model', () => {
  it.each<[string, string]>([
    ['apollo', 'apollo'],
    ['APOLLO', 'apollo'],
    ['apollo-ai', 'apollo'],
    ['Apollo-CI', 'apollo'],
    ['apollo-coordinator', 'apollo'],
    ['apollo-assistant', 'apollo'],
    ['tekton', 'tekton'],
    ['tekton-core', 'tekton'],
    ['tekton_core', 'tekton'],
    ['tekton-core-ai', 'tekton'],
    ['Tekton_Core-AI', 'tekton'],
    ['tekton_core-ci', 'tekton'],
    ['budget', 'penia'],
    ['budget-ai', 'penia'],
    ['athena-analyst', 'athena'],
    ['hermes-messenger', 'hermes'],
    ['prometheus-strategist', 'prometheus'],
    ['rhetor-orchestrator', 'rhetor'],
    ['engram-memory', 'engram'],
    ['sophia-researcher', 'sophia'],
    ['telos-analyst', 'telos'],
    ['numa-coordinator', 'numa'],
    ['kassandra', 'Kassandra'],
    ['kassandra-ai', 'Kassandra'],
    ['my-ai', 'my-ai'],
    ['terma', 'terma'],
  ])('%s means the specialist %s', (name, id) => {
    expect(resolveModel(name, roster)).toEqual({ specialist: id });
  });

  it.each<[string, Target]>([
    ['openai/gpt-5', { provider: 'openai', model: 'gpt-5' }],
    ['openai/not-listed', { provider: 'openai', model: 'not-listed' }],
    ['router/meta/llama-4', { provider: 'router', model: 'meta/llama-4' }],
    ['off/x', { provider: 'off', model: 'x' }],
    ['found-ollama/qwen3:4b', { provider: 'found-ollama', model: 'qwen3:4b' }],
  ])('%s means a plain model', (name, target) => {
    expect(resolveModel(name, roster)).toEqual(target);
  });

  it.each(['', '/', 'openai/', '/gpt-5', 'nobody/gpt-5', 'OpenAI', `openai/${'x'.repeat(301)}`, '-ai', 'constructor'])(
    '%j means nobody',
    (name) => {
      expect(problemOf(name).code).toBe('NOT_FOUND');
    },
  );

  it('is met by what may have been meant', () => {
    expect(problemOf('appolo-ai').next).toMatch(/^Did you mean apollo\?/);
    expect(problemOf('gpt-5').next).toMatch(/^Did you mean openai\/gpt-5 or router\/gpt-5\?/);
    expect(problemOf('gpt-6').next).toBe('Name a specialist, such as apollo, or provider/model.');
  });

  it('is listed for every specialist with a model, and every model of a provider that is switched on', () => {
    const names = modelNames(roster);
    expect(names).toEqual(expect.arrayContaining(['apollo', 'my-ai', 'openai/gpt-5', 'router/meta/llama-4']));
    expect(names).not.toContain('terma');
    expect(names).not.toContain('off/x');
  });
});

describe('the id that other programs are told', () => {
  it('leads back to the specialist', () => {
    expect(canonicalId('apollo')).toBe('apollo-ai');
    expect(canonicalId('tekton')).toBe('tekton_core-ai');
    for (const { id } of roster.specialists) expect(resolveModel(canonicalId(id), roster)).toEqual({ specialist: id });
  });
});
