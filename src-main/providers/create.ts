import { defaultBaseUrl, type ProviderKind } from '#shared/domain/providers.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Random } from '#shared/kit/ids.ts';
import { type Sdk, sdkProvider } from './ai-sdk/ai-sdk.ts';
import { anthropicDialect } from './anthropic/anthropic.ts';
import { azure } from './azure/azure.ts';
import { bedrock } from './bedrock/bedrock.ts';
import { deepseek } from './deepseek/deepseek.ts';
import { google } from './google/google.ts';
import { groq } from './groq/groq.ts';
import type { Http } from './http.ts';
import { httpProvider } from './http-provider.ts';
import { mistral } from './mistral/mistral.ts';
import { offline } from './offline/offline.ts';
import type { Search } from './offline/recall.ts';
import type { Workroom } from './offline/workroom.ts';
import { openaiDialect } from './openai/openai.ts';
import { openaiResponses } from './openai/responses.ts';
import type { Provider } from './provider.ts';
import { simulator } from './simulator/simulator.ts';
import { xai } from './xai/xai.ts';

export interface ProviderDeclaration {
  id: string;
  kind: ProviderKind | 'simulator' | 'offline';
  name: string;
  /** Where it is; absent for the service's own address, and where there is no network. */
  baseUrl?: string | undefined;
  /** Exactly these, named by hand; it is asked for its models when there are none. */
  models?: readonly string[] | undefined;
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
  /** Where offline models do their longer work. */
  workroom: Workroom;
}

/** Those that are spoken to by way of a package. */
const sdks = {
  'openai-responses': openaiResponses,
  google,
  mistral,
  groq,
  xai,
  deepseek,
  azure,
  bedrock,
} satisfies Partial<Record<ProviderKind, Sdk>>;

/** The one place that knows all kinds of providers. Throws a Problem when the options of a simulator are wrong. */
export function createProvider(declaration: ProviderDeclaration, parts: ProviderParts): Provider {
  const provider = ofKind(declaration, parts);
  const { models = [] } = declaration;
  if (models.length === 0) return provider;
  return { ...provider, models: async () => models.map((id) => ({ id })) };
}

function ofKind({ id, kind, name, baseUrl, options }: ProviderDeclaration, parts: ProviderParts): Provider {
  if (kind === 'simulator') return simulator({ id, name, options }, parts);
  if (kind === 'offline') return offline({ id, name }, parts);
  const { http, clock, key } = parts;
  const service = { id, name, kind, baseUrl: baseUrl || defaultBaseUrl(kind), http, clock, key };
  switch (kind) {
    case 'openai':
    case 'openai-compatible':
    case 'openrouter':
      return httpProvider(service, openaiDialect(kind));
    case 'anthropic':
      return httpProvider(service, anthropicDialect);
    default:
      return sdkProvider(service, sdks[kind]);
  }
}
