import { Problem } from '#shared/domain/problem.ts';
import type { ModelInfo, ProviderInfo, Roster as RosterView } from '#shared/domain/summary.ts';
import type { Target } from '#shared/domain/things.ts';
import { Signal } from '#shared/kit/signal.ts';
import { type Provider, ProviderRefusal } from '../../providers/provider.ts';
import type { Answerer } from '../session/ports.ts';
import { bind } from './binding.ts';
import { chatModels } from './models.ts';
import type { Specialist } from './specialists.ts';

/** A provider that does not answer within this time is unreachable for now. */
const CHECK_MS = 10_000;

interface Entry {
  provider: Provider;
  info: ProviderInfo;
  /** Models that the configuration fixes; the provider is then not asked. */
  fixed: boolean;
}

export interface RosterOptions {
  specialists: Specialist[];
  /** Ends after `ms`. */
  timeout: (ms: number) => AbortSignal;
}

/**
 * Who is there: specialists, providers and their models, and which model each specialist works with just now. Providers
 * are asked when they are added and when somebody wants to know; nothing asks by itself.
 */
export class Roster {
  /** The whole has changed. */
  readonly changed = new Signal();
  readonly #options: RosterOptions;
  readonly #entries = new Map<string, Entry>();
  /** `provider/model` that were found unable to stream. */
  readonly #buffered = new Set<string>();
  #view: RosterView | undefined;
  /** The first look at all providers; specialists are bound by what it finds. */
  #looked: Promise<unknown> = Promise.resolve();

  constructor(options: RosterOptions) {
    this.#options = options;
    this.changed.on(() => {
      this.#view = undefined;
    });
  }

  /** `fixed`: exactly these models, and it is not asked. */
  add(provider: Provider, origin: ProviderInfo['origin'], fixed: string[] = []): void {
    const { id, kind, name, baseUrl, offline } = provider;
    const info: ProviderInfo = {
      id,
      kind,
      name,
      baseUrl,
      offline,
      origin,
      state: 'unknown',
      problem: null,
      models: fixed.map((model) => ({ id: model })),
    };
    this.#entries.set(id, { provider, info, fixed: fixed.length > 0 });
    this.changed.emit();
  }

  /** Throws NOT_FOUND, or CONFLICT for what is not the user's own. */
  mustBeRemovable(id: string): void {
    const { info } = this.#entry(id);
    if (info.origin !== 'user')
      throw new Problem(
        'CONFLICT',
        `${info.name} is declared in the ${info.origin === 'config' ? 'configuration file' : 'app itself'}.`,
        info.origin === 'config' ? 'Remove it there and start again.' : 'It is always there.',
      );
  }

  remove(id: string): void {
    this.#entries.delete(id);
    this.changed.emit();
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** Asks a provider for its models. What goes wrong is kept as its state, with what to do about it. */
  async check(id: string): Promise<void> {
    const entry = this.#entry(id);
    try {
      this.found(entry.provider, entry.fixed ? entry.info.models : await this.#ask(entry.provider));
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
      const { code, message, next } = error.problem;
      const state = code === 'PROVIDER_REFUSED' ? 'refused' : 'unreachable';
      this.#update(entry.provider, { state, problem: next === undefined ? { message } : { message, next } });
    }
  }

  /** It answers, and these are its models. */
  found(provider: Provider, models: ModelInfo[]): void {
    this.#update(provider, { state: 'ready', problem: null, models });
  }

  /** The models of a provider that is not in the roster yet; throws its refusal. */
  async probe(provider: Provider): Promise<ModelInfo[]> {
    return this.#ask(provider);
  }

  checkAll(): Promise<unknown> {
    const looked = Promise.allSettled([...this.#entries.keys()].map((id) => this.check(id)));
    this.#looked = looked;
    return looked;
  }

  /** A specialist is bound by who answers, so it waits for the first look; a plain model is what it is. */
  async known(target: Target): Promise<void> {
    if ('specialist' in target) await this.#looked;
  }

  streams(provider: string, model: string): boolean {
    return !this.#buffered.has(`${provider}/${model}`);
  }

  cannotStream(provider: string, model: string): void {
    this.#buffered.add(`${provider}/${model}`);
    this.changed.emit();
  }

  view(): RosterView {
    this.#view ??= this.#look();
    return this.#view;
  }

  /** Who answers for this target; throws NOT_FOUND or NEEDS_MODEL. */
  resolve(target: Target): Answerer {
    if ('specialist' in target) {
      const specialist = this.#options.specialists.find(({ id }) => id === target.specialist);
      if (specialist === undefined)
        throw new Problem('NOT_FOUND', `There is no specialist ${target.specialist}.`, 'Choose one from the picker.');
      const binding = bind(specialist, this.#infos());
      if (binding === null)
        throw new Problem(
          'NEEDS_MODEL',
          `${specialist.name} needs a model.`,
          'Connect a model, or choose Engram or Sophia.',
        );
      const { provider } = this.#entry(binding.provider);
      const { id, name, persona, temperature, maxTokens } = specialist;
      const speaker = { specialist: id, name, ...this.#speaks(provider, binding.model) };
      return { speaker, provider, system: persona, temperature, maxTokens };
    }
    const { provider } = this.#entry(target.provider);
    const speaker = { name: target.model, ...this.#speaks(provider, target.model) };
    return { speaker, provider, system: undefined, temperature: undefined, maxTokens: undefined };
  }

  #speaks(provider: Provider, model: string) {
    return { provider: provider.id, providerName: provider.name, model, offline: provider.offline };
  }

  async #ask(provider: Provider): Promise<ModelInfo[]> {
    const signal = this.#options.timeout(CHECK_MS);
    try {
      return chatModels(provider.kind, await provider.models(signal));
    } catch (error) {
      if (error instanceof ProviderRefusal || !signal.aborted) throw error;
      const problem = new Problem(
        'PROVIDER_UNREACHABLE',
        `${provider.name} did not answer within ${CHECK_MS / 1000} s.`,
        'See that it runs and that its address is right.',
      );
      throw new ProviderRefusal(problem, true);
    }
  }

  #infos(): ProviderInfo[] {
    return [...this.#entries.values()].map(({ info }) => info);
  }

  /** Unless it was removed meanwhile, or another one stands in its place. */
  #update(provider: Provider, change: Partial<ProviderInfo>): void {
    const entry = this.#entries.get(provider.id);
    if (entry?.provider !== provider) return;
    entry.info = { ...entry.info, ...change };
    this.changed.emit();
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry !== undefined) return entry;
    throw new Problem('NOT_FOUND', `There is no provider ${id}.`, 'Connect it, or choose another.');
  }

  #look(): RosterView {
    const providers = this.#infos().map((info) => ({
      ...info,
      models: info.models.map((model) => (this.streams(info.id, model.id) ? model : { ...model, streams: false })),
    }));
    const specialists = this.#options.specialists.map((specialist) => {
      const { id, name, role, primary } = specialist;
      const binding = bind(specialist, providers);
      const info = providers.find((each) => each.id === binding?.provider);
      const bound = binding && info && { ...binding, providerName: info.name, offline: info.offline };
      return { id, name, role, primary, binding: bound || null };
    });
    return { specialists, providers };
  }
}
