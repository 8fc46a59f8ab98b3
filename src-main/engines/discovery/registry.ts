import { Problem } from '#shared/domain/problem.ts';
import type { KeyState } from '#shared/domain/summary.ts';
import type { CommandRow } from '../../log/log.ts';
import { ProviderRefusal } from '../../providers/provider.ts';
import type { Observations } from '../streaming/ports.ts';
import { sameHost } from './address.ts';
import type { Declared } from './facts.ts';
import type { Found } from './found.ts';
import type { Ledger } from './ledger.ts';
import { localServiceName } from './local-services.ts';
import { type Declaration, isKnownKind, type MakeProvider } from './make.ts';
import type { Info, Providers } from './providers.ts';
import { keyIsForAnother, notTheUsers, staysWhereFound } from './refusals.ts';
import { slug } from './slug.ts';

/** What is absent stays as it is. */
export interface ProviderChange {
  name?: string | undefined;
  baseUrl?: string | undefined;
  /** Empty: it is deleted. */
  key?: string | undefined;
  /** Empty: it is asked for them. */
  models?: string[] | undefined;
  enabled?: boolean | undefined;
}

export interface RegistryOptions {
  ledger: Ledger;
  providers: Providers;
  secrets: {
    get(id: string): Promise<string | null>;
    state(id: string): KeyState;
    set(id: string, value: string): Promise<void>;
    delete(id: string): Promise<void>;
    /** Deletes it; what is returned brings it back. */
    take(id: string): Promise<() => Promise<void>>;
  };
  make: MakeProvider;
  found: Found;
  /** Looks again for what runs on this computer. */
  look: () => void;
  logger: { warn(fields: object, message: string): void };
}

/**
 * What the user says about providers, and what was found out about their models. A provider is replaced as a whole when
 * it changes: a running turn keeps the one that it has.
 */
export class Registry implements Observations {
  readonly #options: RegistryOptions;
  /** Ids that are being connected. */
  readonly #reserved = new Set<string>();
  /** Models of which it is being stored that they cannot stream. */
  readonly #observing = new Set<string>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Adds the providers that the ledger knows. What this version does not know is kept and not used. */
  async start(): Promise<void> {
    const { ledger, providers, secrets, make, found, logger } = this.#options;
    const { facts } = ledger;
    for (const { provider, model } of facts.buffered) providers.cannotStream(provider, model);
    for (const declared of facts.providers.values()) {
      const { provider: id, kind } = declared;
      if (providers.has(id) || localServiceName(id) !== undefined || !isKnownKind(kind)) continue;
      try {
        providers.add(make(declared), { ...declared, origin: 'user' });
      } catch (error) {
        logger.warn({ provider: id, error }, 'A provider cannot be used.');
      }
    }
    found.settle();
    // A key that a kill left behind.
    for (const id of facts.providerIds) if (!facts.providers.has(id) && !providers.has(id)) await secrets.delete(id);
  }

  /** Tries it with a real request first, unless its models are named; then the key, the fact, the roster. */
  async connect(
    wish: Omit<Declaration, 'provider'> & { key?: string | undefined },
    remember: (result: { provider: string }) => CommandRow,
  ): Promise<{ provider: string }> {
    const { ledger, providers, secrets, make, found } = this.#options;
    const { key, models = [], ...rest } = wish;
    const id = this.#newId(wish.name);
    const declaration: Declaration = { ...rest, provider: id, ...(models.length > 0 ? { models } : {}) };
    try {
      const offered = models.length > 0 ? [] : await this.#ask(declaration, key);
      // A kill may have left a key under an id that nobody got.
      await (key ? secrets.set(id, key) : secrets.delete(id));
      try {
        await ledger.inTurn(() =>
          ledger.commit({ type: 'provider.connected', data: declaration }, remember({ provider: id })),
        );
      } catch (error) {
        await secrets.delete(id);
        throw error;
      }
      const provider = make(declaration);
      providers.add(provider, { origin: 'user', models });
      providers.found(provider, offered);
      found.settle();
      return { provider: id };
    } finally {
      this.#reserved.delete(id);
    }
  }

  /**
   * Nothing is tried before: a service may be down while its address is put right. It is checked afterwards. A command
   * with a key is carried out only when the key is stored: until then it may come again, and does the same.
   */
  change(id: string, wish: ProviderChange, row: CommandRow): Promise<void> {
    const { ledger, providers, secrets, make, found, look, logger } = this.#options;
    return ledger.inTurn(async () => {
      const info = providers.info(id);
      if (info.origin === 'config' || info.origin === 'built-in') throw notTheUsers(info);
      if (info.origin === 'found' && (wish.baseUrl ?? info.baseUrl) !== info.baseUrl) throw staysWhereFound(info);
      const old = ledger.facts.providers.get(id) ?? declarationOf(info);
      const next = changed(old, info, wish);
      const moved = !sameHost(old.baseUrl, next.baseUrl) && secrets.state(id) !== 'none';
      if (moved && wish.key === undefined) throw keyIsForAnother(old, next);
      const provider = make(next);

      // Before it is known where the provider is from now on: not even a kill in between brings this key there.
      const restore = moved ? await secrets.take(id) : async () => {};
      const keyed = wish.key !== undefined;
      try {
        await ledger.commit({ type: 'provider.changed', data: next }, keyed ? undefined : row);
      } catch (error) {
        await restore();
        throw error;
      }
      try {
        if (wish.key === '') await secrets.delete(id);
        else if (wish.key !== undefined) await secrets.set(id, wish.key);
        if (keyed) await ledger.remember(row);
      } finally {
        providers.add(provider, { ...next, origin: info.origin });
        found.settle();
        if (info.origin === 'found') look();
        if (next.enabled && providers.has(id))
          providers
            .check(id)
            .catch((error: unknown) => logger.warn({ provider: id, error }, 'A provider could not be checked.'));
      }
    });
  }

  remove(id: string, row: CommandRow): Promise<void> {
    const { ledger, providers, secrets, found } = this.#options;
    return ledger.inTurn(async () => {
      const info = providers.info(id);
      if (info.origin !== 'user') throw notTheUsers(info);
      await ledger.commit({ type: 'provider.removed', data: { provider: id } }, row);
      try {
        await secrets.delete(id);
      } finally {
        providers.remove(id);
        found.settle();
      }
    });
  }

  streams(provider: string, model: string): boolean {
    return this.#options.providers.streams(provider, model);
  }

  cannotStream(provider: string, model: string): void {
    const { ledger, providers, logger } = this.#options;
    const observed = JSON.stringify([provider, model]);
    if (!this.streams(provider, model) || this.#observing.has(observed)) return;
    this.#observing.add(observed);
    ledger
      .commit({ type: 'model.observed', data: { provider, model, streams: false } })
      .then(
        () => providers.cannotStream(provider, model),
        (error: unknown) => logger.warn({ error: String(error) }, 'An observation could not be stored.'),
      )
      .finally(() => this.#observing.delete(observed));
  }

  /** Its models; throws a Problem, also when it has none. */
  async #ask(declaration: Declaration, key: string | undefined) {
    const { providers, make } = this.#options;
    const models = await providers.probe(make(declaration, { key })).catch((error: unknown) => {
      throw error instanceof ProviderRefusal ? error.problem : error;
    });
    if (models.length > 0) return models;
    throw new Problem(
      'PROVIDER_EMPTY',
      `${declaration.name} answers, but offers no model.`,
      'Load a model there, then connect again.',
    );
  }

  /** Never one that was used before: a turn or a key of a provider that is gone must not meet another one. */
  #newId(name: string): string {
    const { ledger, providers } = this.#options;
    const taken = (id: string) => ledger.facts.providerIds.has(id) || this.#reserved.has(id) || providers.has(id);
    const id = slug(name, 'provider', taken);
    this.#reserved.add(id);
    return id;
  }
}

const declarationOf = ({ id, kind, name, baseUrl, enabled }: Info): Declared => {
  return { provider: id, kind, name, baseUrl: baseUrl ?? '', enabled };
};

/** What is found stays where it is found, whatever was said when it was elsewhere. */
function changed(old: Declared, { origin, baseUrl }: Info, wish: ProviderChange): Declared {
  const { models = old.models ?? [] } = wish;
  return {
    provider: old.provider,
    kind: old.kind,
    name: wish.name ?? old.name,
    baseUrl: (origin === 'found' ? baseUrl : wish.baseUrl) ?? old.baseUrl,
    ...(models.length > 0 ? { models } : {}),
    enabled: wish.enabled ?? old.enabled,
  };
}
