import type { EventData } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import { type ProviderKind, providerKinds } from '#shared/domain/providers.ts';
import type { Provider } from '../../providers/provider.ts';
import { sameHost } from './address.ts';
import type { Ledger } from './ledger.ts';

export type Declaration = EventData<'provider.connected'>;

/** `key` is asked at every request. */
export type CreateProvider = (
  declaration: { id: string; kind: ProviderKind; name: string; baseUrl: string },
  key: () => Promise<string | undefined>,
) => Provider;

/** With the stored key; or, while it is tried, with the one that is handed in and no other. */
export type MakeProvider = (declaration: Declaration, trial?: { key: string | undefined }) => Provider;

export const isKnownKind = (kind: string): kind is ProviderKind => (providerKinds as readonly string[]).includes(kind);

/**
 * Makes providers of what was declared. The key in the store goes to the host that it was given for: a turn that still
 * runs with another address does not get it.
 */
export function providerMaker(options: {
  ledger: Ledger;
  secrets: { get(id: string): Promise<string | null> };
  create: CreateProvider;
}): MakeProvider {
  const { ledger, secrets, create } = options;
  return ({ provider: id, kind, name, baseUrl }, trial) => {
    if (!isKnownKind(kind))
      throw new Problem('UNSUPPORTED', `This version knows no provider of the kind ${kind}.`, 'Use a newer version.');
    return create({ id, kind, name, baseUrl }, async () => {
      if (trial !== undefined) return trial.key || undefined;
      const now = ledger.facts.providers.get(id);
      return now && sameHost(now.baseUrl, baseUrl) ? ((await secrets.get(id)) ?? undefined) : undefined;
    });
  };
}
