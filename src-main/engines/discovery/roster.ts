import type {
  Automatic,
  KeyState,
  ProviderInfo,
  Roster as RosterView,
  SpecialistDefinition,
} from '#shared/domain/summary.ts';
import type { Target } from '#shared/domain/things.ts';
import { Signal } from '#shared/kit/signal.ts';
import type { Provider } from '../../providers/provider.ts';
import type { Answerer, Directory } from '../session/ports.ts';
import { bind } from './binding.ts';
import type { Providers } from './providers.ts';
import { needsModel, noSpecialist } from './refusals.ts';
import { originOf, type ShippedSpecialist, type Specialist, withChanges } from './specialists.ts';

export interface RosterOptions {
  specialists: readonly ShippedSpecialist[];
  providers: Providers;
  keyState: (provider: string) => KeyState;
  /** Resolves when it was looked whether this provider, not there or not answering, runs on this computer after all. */
  lookFor: (provider: string) => Promise<unknown>;
}

/** Who is there: specialists, providers and their models, and which model each specialist works with just now. */
export class Roster implements Directory {
  /** The whole has changed. */
  readonly changed = new Signal();
  readonly #options: RosterOptions;
  #specialists: readonly Specialist[];
  #automatic: Automatic = 'any';
  #view: RosterView | undefined;
  /** Specialists are bound by what it finds. */
  #looked: Promise<unknown> = Promise.resolve();

  constructor(options: RosterOptions) {
    this.#options = options;
    this.#specialists = options.specialists;
    this.changed.on(() => {
      this.#view = undefined;
    });
    options.providers.changed.on(() => this.changed.emit());
  }

  /** Until this first look is over, specialists are not bound. */
  firstLook(look: Promise<unknown>): void {
    this.#looked = look.catch(() => {});
  }

  /** A specialist is bound by who answers, so it waits for the first look; what may have come since is looked for. */
  async known(target: Target): Promise<void> {
    if ('specialist' in target) await this.#looked;
    const chosen = 'specialist' in target ? this.#find(target.specialist)?.definition.model : target;
    if (chosen && !this.#options.providers.isReady(chosen.provider)) await this.#options.lookFor(chosen.provider);
  }

  /** The user's changes upon the shipped specialists, and the user's own. */
  changeSpecialists(changes: ReadonlyMap<string, SpecialistDefinition>): void {
    this.#specialists = withChanges(this.#options.specialists, changes);
    this.changed.emit();
  }

  setAutomatic(automatic: Automatic): void {
    this.#automatic = automatic;
    this.changed.emit();
  }

  /** Throws NOT_FOUND. */
  specialist(id: string): Specialist {
    const found = this.#find(id);
    if (found === undefined) throw noSpecialist(id);
    return found;
  }

  /** Some specialist was told to use a model of this provider. */
  isChosen(provider: string): boolean {
    return this.#specialists.some(({ definition }) => definition.model?.provider === provider);
  }

  view(): RosterView {
    this.#view ??= this.#look();
    return this.#view;
  }

  /** Who answers for this target; throws NOT_FOUND, NEEDS_MODEL, or CONFLICT for a provider that is switched off. */
  resolve(target: Target): Answerer {
    if ('specialist' in target) {
      const specialist = this.specialist(target.specialist);
      const { providers } = this.view();
      const binding = bind(specialist, providers, this.#automatic);
      if (binding === null) throw needsModel(specialist, providers, this.#automatic);
      const provider = this.#options.providers.usable(binding.provider);
      const { name, look, persona, temperature, maxTokens } = specialist.definition;
      const speaker = { specialist: specialist.id, look, name, ...this.#speaks(provider, binding.model) };
      return {
        speaker,
        provider,
        system: persona || undefined,
        temperature: temperature ?? undefined,
        maxTokens: maxTokens ?? undefined,
        ...this.#tells(provider, binding.model),
      };
    }
    const provider = this.#options.providers.usable(target.provider);
    const speaker = { name: target.model, ...this.#speaks(provider, target.model) };
    const unset = { system: undefined, temperature: undefined, maxTokens: undefined };
    return { speaker, provider, ...unset, ...this.#tells(provider, target.model) };
  }

  #tells(provider: Provider, model: string): Pick<Answerer, 'info'> {
    const info = this.#options.providers.info(provider.id).models.find(({ id }) => id === model);
    return info === undefined ? {} : { info };
  }

  #speaks(provider: Provider, model: string) {
    return { provider: provider.id, providerName: provider.name, model, offline: provider.offline };
  }

  #find(id: string): Specialist | undefined {
    return this.#specialists.find((each) => each.id === id);
  }

  #look(): RosterView {
    const { providers: atHand, keyState } = this.#options;
    const providers: ProviderInfo[] = atHand.infos().map((info) => ({
      ...info,
      key: keyState(info.id),
      models: info.models.map((model) => (atHand.streams(info.id, model.id) ? model : { ...model, streams: false })),
    }));
    const specialists = this.#specialists.map((specialist) => {
      const { id, primary, definition } = specialist;
      const { name, role, look, model: chosen } = definition;
      const binding = bind(specialist, providers, this.#automatic);
      const info = providers.find((each) => each.id === binding?.provider);
      const bound = binding && info && { ...binding, providerName: info.name, offline: info.offline };
      return { id, name, role, look, primary, origin: originOf(specialist), chosen, binding: bound || null };
    });
    return { specialists, providers, automatic: this.#automatic };
  }
}
