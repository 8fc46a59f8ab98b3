import { expect, test } from 'vitest';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import { firstService } from './services.ts';

const provider = (name: string, baseUrl: string | null) => ({ name, baseUrl }) as ProviderInfo;

test('the first service that is not connected yet is offered, known by its name or its address', () => {
  expect(firstService([provider('Offline', null)]).id).toBe('ollama');
  expect(firstService([provider('Ollama', 'http://10.0.0.2:11434/v1')]).id).toBe('lm-studio');
  expect(firstService([provider('Mine', 'http://localhost:11434/v1/')]).id).toBe('lm-studio');
});
