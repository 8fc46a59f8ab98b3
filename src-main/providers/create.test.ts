import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultBaseUrl, providerKinds, services } from '#shared/domain/providers.ts';
import { make, never } from './testing/make.ts';

describe('kinds of providers', () => {
  it.each(providerKinds)('%s can be made, and keeps what it was declared as', (kind) => {
    const provider = make(kind, 'https://example.com/v1');
    expect(provider).toMatchObject({ kind, name: 'Test Service', baseUrl: 'https://example.com/v1', offline: false });
  });

  it.each(providerKinds)('%s has the models that are named by hand, without being asked', async (kind) => {
    const http = () => Promise.reject(new Error('It was asked.'));
    const provider = make(kind, 'https://example.com/v1', { models: ['one', 'two'], http });
    expect(await provider.models(never())).toEqual([{ id: 'one' }, { id: 'two' }]);
  });

  it('are each offered as a service, with its own address or an empty one', () => {
    expect(new Set(services.map(({ kind }) => kind))).toEqual(new Set(providerKinds));
    expect(new Set(services.map(({ id }) => id)).size).toBe(services.length);
    for (const { kind, baseUrl } of services.filter(({ key }) => key === 'yes'))
      expect(defaultBaseUrl(kind)).toBe(baseUrl);
    expect(defaultBaseUrl('openai-compatible')).toBe('');
    expect(make('google', '').baseUrl).toBe('https://generativelanguage.googleapis.com/v1beta');
  });

  it('load their packages when they are first used, not at the start', () => {
    const sources = globSync('**/*.ts', { cwd: import.meta.dirname }).filter((file) => !/\.test\.ts$/.test(file));
    const lines = sources.flatMap((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8').split('\n'));
    const mentions = lines.filter((line) => line.includes("'@ai-sdk/"));
    expect(mentions.length).toBeGreaterThan(8);
    for (const line of mentions) expect(line).toMatch(/^import type |await import\(/);
  });
});
