import type { Clock } from '#shared/kit/clock.ts';
import type { Random } from '#shared/kit/ids.ts';
import { ANTHROPIC_URL, anthropicDialect } from './anthropic/anthropic.ts';
import type { Http } from './http.ts';
import { httpProvider } from './http-provider.ts';
import { offline } from './offline/offline.ts';
import type { Search } from './offline/recall.ts';
import { OPENAI_URL, openaiDialect } from './openai/openai.ts';
import type { Provider } from './provider.ts';
import { simulator } from './simulator/simulator.ts';

export interface ProviderDeclaration {
  id: string;
  kind: 'openai' | 'openai-compatible' | 'anthropic' | 'simulator' | 'offline';
  name: string;
  /** Where it is; absent for the service's own address, and where there is no network. */
  baseUrl?: string | undefined;
  /** How a simulated provider behaves. */
  options?: Record<string, unknown> | undefined;
}

export interface ProviderParts {
  http: Http;
  clock: Clock;
  random: Random;
  /** Asked at every request; the key is kept nowhere. */
  key: () => Promise<string | undefined>;
  /** Over the user's own sessions. */
  search: Search;
}

/** The one place that knows all kinds of providers. Throws a Problem when the options of a simulator are wrong. */
export function createProvider(
  { id, kind, name, baseUrl, options }: ProviderDeclaration,
  parts: ProviderParts,
): Provider {
  const { http, clock, key } = parts;
  const reached = (usual: string) => ({ id, name, kind, baseUrl: baseUrl || usual, http, clock, key });
  switch (kind) {
    case 'openai':
    case 'openai-compatible':
      return httpProvider(reached(OPENAI_URL), openaiDialect(kind));
    case 'anthropic':
      return httpProvider(reached(ANTHROPIC_URL), anthropicDialect);
    case 'simulator':
      return simulator({ id, name, options }, parts);
    case 'offline':
      return offline({ id, name }, parts);
  }
}
