import { fakeClock } from '#shared/kit/testing/clock.ts';
import { createProvider, type ProviderDeclaration, type ProviderParts } from '../create.ts';
import { nodeHttp } from '../http.ts';
import { Workroom } from '../offline/workroom.ts';
import type { Provider } from '../provider.ts';

/** A provider of any kind over the real network, with a clock that stands still and a key. */
export function make(
  kind: ProviderDeclaration['kind'],
  baseUrl: string,
  { models, ...parts }: Partial<ProviderParts> & { models?: readonly string[] } = {},
): Provider {
  const clock = parts.clock ?? fakeClock();
  return createProvider(
    { id: 'under-test', kind, name: 'Test Service', baseUrl, models },
    {
      http: nodeHttp(),
      clock,
      random: () => 0.5,
      key: async () => 'a-test-key',
      search: async () => [],
      workroom: new Workroom(new URL('../offline/worker.ts', import.meta.url), clock),
      ...parts,
    },
  );
}

export const never = () => new AbortController().signal;
