import { Problem } from '#shared/domain/problem.ts';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import { countedIds } from '#shared/kit/testing/ids.ts';
import type { CommandRow } from '../../../log/log.ts';
import { type Provider, ProviderRefusal } from '../../../providers/provider.ts';
import { Casting } from '../casting.ts';
import { Found } from '../found.ts';
import { Ledger, type LedgerLog } from '../ledger.ts';
import type { LocalService } from '../local-services.ts';
import { type CreateProvider, providerMaker } from '../make.ts';
import { Providers } from '../providers.ts';
import { Registry, type RegistryOptions } from '../registry.ts';
import { Roster } from '../roster.ts';
import { type SpecialistOverride, shippedSpecialists } from '../specialists.ts';

export const refused = () =>
  new ProviderRefusal(new Problem('PROVIDER_REFUSED', 'The key is wrong.', 'Enter another.'), false);

/** A provider that lists these models, or refuses to. */
export const listing = (
  id: string,
  models: string[] | ProviderRefusal,
  more: Partial<Pick<Provider, 'offline' | 'baseUrl' | 'kind' | 'name'>> = {},
): Provider => ({
  id,
  name: id.toUpperCase(),
  kind: 'openai-compatible',
  baseUrl: null,
  offline: false,
  prefill: false,
  chat: () => {
    throw new Error('not asked for here');
  },
  models: async () => {
    if (models instanceof ProviderRefusal) throw models;
    return models.map((model) => ({ id: model }));
  },
  ...more,
});

export const ollama: LocalService = {
  id: 'found-ollama',
  name: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  look: async () => null,
};

const newId = countedIds();

/** Keys in memory; `down`: it takes and gives back none. */
export class MemorySecrets {
  readonly keys = new Map<string, string>();
  down = false;

  async get(id: string): Promise<string | null> {
    return this.keys.get(id) ?? null;
  }
  state(id: string): 'stored' | 'none' {
    return this.keys.has(id) ? 'stored' : 'none';
  }
  async set(id: string, key: string): Promise<void> {
    if (this.down) throw new Problem('STORAGE', 'The keychain is locked.', 'Unlock it, then try again.');
    this.keys.set(id, key);
  }
  async delete(id: string): Promise<void> {
    this.keys.delete(id);
  }
  async take(id: string): Promise<() => Promise<void>> {
    const key = this.keys.get(id);
    this.keys.delete(id);
    return async () => {
      if (key !== undefined) this.keys.set(id, key);
    };
  }
}

export interface DiscoveryOptions {
  log: LedgerLog;
  secrets?: MemorySecrets;
  services?: LocalService[];
  overrides?: Record<string, SpecialistOverride>;
  logger?: RegistryOptions['logger'];
}

/** The parts of discovery, joined as the app joins them, over hosts that a test makes up. */
export class Discovery {
  /** What each host offers, by scheme, host and port; one that is not here cannot be reached. */
  readonly hosts = new Map<string, string[]>();
  /** Each request for models: to which address, with which key. */
  readonly asked: { baseUrl: string; key: string | undefined }[] = [];
  readonly clock: FakeClock = fakeClock();
  readonly secrets: MemorySecrets;
  readonly providers = new Providers(this.clock);
  readonly ledger: Ledger;
  readonly found: Found;
  readonly registry: Registry;
  readonly casting: Casting;
  readonly roster: Roster;
  looks = 0;

  constructor({ log, secrets, services = [], overrides = {}, logger }: DiscoveryOptions) {
    this.secrets = secrets ?? new MemorySecrets();
    const { providers } = this;
    this.ledger = new Ledger(log);
    this.roster = new Roster({
      specialists: shippedSpecialists(overrides),
      providers,
      keyState: (id) => this.secrets.state(id),
      lookFor: async () => void this.looks++,
    });
    const make = providerMaker({ ledger: this.ledger, secrets: this.secrets, create: this.#create });
    this.found = new Found({
      ledger: this.ledger,
      providers,
      make,
      services,
      isChosen: (id) => this.roster.isChosen(id),
    });
    this.registry = new Registry({
      ledger: this.ledger,
      providers,
      secrets: this.secrets,
      make,
      found: this.found,
      look: () => this.looks++,
      logger: logger ?? { warn: (_, message) => Promise.reject(new Error(message)) },
    });
    this.casting = new Casting({ ledger: this.ledger, roster: this.roster, changed: () => this.found.settle() });
    const offline = ['recall', 'summary', 'analysis', 'data'];
    providers.add(listing('offline', offline, { kind: 'offline', offline: true }), { origin: 'built-in' });
  }

  async start(): Promise<this> {
    await this.ledger.load();
    this.casting.start();
    await this.registry.start();
    return this;
  }

  /** As the API makes it. */
  row = (result: unknown = {}): CommandRow => ({ id: newId(), hash: '', result });

  connect(name: string, baseUrl: string, more: { kind?: string; key?: string; models?: string[] } = {}) {
    return this.registry.connect({ kind: 'openai-compatible', name, baseUrl, ...more }, this.row);
  }

  provider(id: string) {
    return this.roster.view().providers.find((each) => each.id === id);
  }

  specialist(id: string) {
    return this.roster.view().specialists.find((each) => each.id === id);
  }

  readonly #create: CreateProvider = ({ id, kind, name, baseUrl }, key) => ({
    ...listing(id, [], { kind, name, baseUrl }),
    models: async () => {
      this.asked.push({ baseUrl, key: await key() });
      const offered = this.hosts.get(new URL(baseUrl).origin);
      if (offered !== undefined) return offered.map((model) => ({ id: model }));
      const problem = new Problem('PROVIDER_UNREACHABLE', `Nothing listens at ${new URL(baseUrl).host}.`, 'Start it.');
      throw new ProviderRefusal(problem, true);
    },
  });
}
