import { samePortHere } from './address.ts';
import type { Ledger } from './ledger.ts';
import type { LocalService } from './local-services.ts';
import type { MakeProvider } from './make.ts';
import type { Providers } from './providers.ts';
import { notRunning } from './refusals.ts';

export interface FoundOptions {
  ledger: Ledger;
  providers: Providers;
  make: MakeProvider;
  services: readonly LocalService[];
  /** Some specialist is to use a model of this provider. */
  isChosen: (provider: string) => boolean;
}

/**
 * The services of this computer as providers: there while they run, and longer when a specialist is to use them or the
 * user has switched them off; not there when the user has connected the same address. What the user changed of one is
 * kept under its id.
 */
export class Found {
  readonly #options: FoundOptions;
  /** What each offers; null: it does not run. Undefined: nobody has looked yet. */
  readonly #offers = new Map<string, string | null>();

  constructor(options: FoundOptions) {
    this.#options = options;
  }

  /** False: the user has switched it off, so nobody asks it. */
  mayLookFor(id: string): boolean {
    return this.#options.ledger.facts.providers.get(id)?.enabled !== false;
  }

  /** What a look has shown: what it offers, or null. It is asked for its models when that is something new. */
  async seen({ id }: LocalService, offer: string | null): Promise<void> {
    const { providers } = this.#options;
    const known = this.#offers.get(id) === offer && providers.isReady(id);
    this.#offers.set(id, offer);
    this.settle();
    if (offer !== null && !known && providers.has(id) && this.mayLookFor(id)) await providers.check(id);
  }

  /** Adds and takes out, as things are now. */
  settle(): void {
    for (const service of this.#options.services) this.#place(service);
  }

  #place({ id, name, baseUrl }: LocalService): void {
    const { providers, ledger, make, isChosen } = this.#options;
    // The configuration has one with this id.
    if (providers.has(id) && providers.info(id).origin !== 'found') return;
    const said = ledger.facts.providers.get(id);
    const enabled = said?.enabled ?? true;
    const offer = this.#offers.get(id);
    const runs = offer === undefined ? providers.has(id) : offer !== null;
    const connected = providers
      .infos()
      .some((info) => info.origin !== 'found' && info.baseUrl !== null && samePortHere(info.baseUrl, baseUrl));
    const wanted = !connected && (runs || !enabled);
    if (!wanted && !isChosen(id)) {
      providers.remove(id);
      return;
    }
    if (!providers.has(id)) {
      const declared = { provider: id, kind: 'openai-compatible', name, ...said, baseUrl, enabled };
      providers.add(make(declared), { ...declared, origin: 'found' });
    }
    if (enabled && offer === null) providers.failed(providers.usable(id), notRunning(name, baseUrl));
  }
}
