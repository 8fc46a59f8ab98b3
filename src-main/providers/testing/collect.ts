import { expect } from 'vitest';
import type { ChatRequest, Provider, ProviderPart } from '../provider.ts';

export const request = (change: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'test-model',
  system: 'Be brief.',
  messages: [{ role: 'user', text: 'My secret question' }],
  prefill: false,
  maxTokens: undefined,
  temperature: undefined,
  stream: true,
  session: 'session-1',
  ...change,
});

/** Asks and takes all that comes, to the end; what was thrown is kept beside the parts. */
export async function collect(
  provider: Pick<Provider, 'chat'>,
  request: ChatRequest,
  signal: AbortSignal,
  each?: (part: ProviderPart) => unknown,
) {
  const parts: ProviderPart[] = [];
  const take = (part: ProviderPart) => {
    parts.push(part);
    each?.(part);
  };
  try {
    await provider.chat(request, signal, take);
  } catch (error) {
    return { parts, error };
  }
  return { parts, error: undefined };
}

export const textOf = (parts: readonly ProviderPart[]) =>
  parts.map((part) => (part.type === 'delta' ? part.text : '')).join('');

const isLast = ({ type }: ProviderPart) => type === 'finish' || type === 'error';

/** The order that every provider keeps: start first, exactly one last part, at the end. */
export function expectOrder(parts: readonly ProviderPart[]) {
  expect(parts[0]?.type).toBe('start');
  expect(parts.filter(({ type }) => type === 'start')).toHaveLength(1);
  expect(parts.filter(isLast)).toEqual([parts.at(-1)]);
}
