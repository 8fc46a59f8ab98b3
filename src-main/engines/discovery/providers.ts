import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { ModelInfo, ProviderInfo } from '#shared/domain/summary.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { Signal } from '#shared/kit/signal.ts';
import { type Provider, ProviderRefusal } from '../../providers/provider.ts';
import { isLocal } from './address.ts';
import { chatModels } from './models.ts';
import { noProvider, switchedOff } from './refusals.ts';
import { within } from './within.ts';

/** A provider that does not answer within this time is unreachable for now. */
const CHECK_MS = 10_000;

/** What is known of a provider, but for its key. */
export type Info = Omit<ProviderInfo, 'key'>;

interface Entry {
  provider: Provider;
  info: Info;
}

/** What is known of a provider beside what it says of itself. */
export interface Standing {
  origin: ProviderInfo['origin'];
  /** Exactly these; it is asked for its models when absent or empty. */
  models?: readonly string[] | undefined;
  /** False: nobody asks it for anything. True when absent. */
  enabled?: boolean | undefined;
}

/**
 * The providers at hand and what is known of them. They are asked for their models when they are added and when somebody
 * wants to know; nothing asks by itself, and nobody asks one that is switched off.
 */
export class Providers {
  readonly changed = new Signal();
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  /** `provider/model` that were found unable to stream. */
  readonly #buffered = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One with the same id takes the place of the old; what is known of it stays until it was asked again. */
  add(provider: Provider, { origin, models = [], enabled = true }: Standing): void {
    const { id, kind, name, baseUrl, offline } = provider;
    const fixedModels = models.length > 0;
    const old = this.#entries.get(id)?.info;
    const known = old === undefined || old.fixedModels ? [] : old.models;
    const same = old?.baseUrl === baseUrl && old.enabled && enabled;
    const info: Info = {
      id,
      kind,
      name,
      baseUrl,
      offline,
      local: baseUrl === null ? offline || kind === 'simulator' : isLocal(baseUrl),
      origin,
      enabled,
      state: same ? old.state : 'unknown',
      problem: same ? old.problem : null,
      models: fixedModels ? models.map((model) => ({ id: model })) : known,
      fixedModels,
    };
    this.#entries.set(id, { provider, info });
    this.changed.emit();
  }

  remove(id: string): void {
    if (this.#entries.delete(id)) this.changed.emit();
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  isReady(id: string): boolean {
    return this.#entries.get(id)?.info.state === 'ready';
  }

  /** Throws NOT_FOUND. */
  info(id: string): Info {
    return this.#entry(id).info;
  }

  infos(): Info[] {
    return [...this.#entries.values()].map(({ info }) => info);
  }

  /** One that may be asked; throws NOT_FOUND, or CONFLICT when it is switched off. */
  usable(id: string): Provider {
    const { provider, info } = this.#entry(id);
    if (!info.enabled) throw switchedOff(info.name);
    return provider;
  }

  /** Asks a provider for its models. What goes wrong is kept as its state, with what to do about it, and answered. */
  async check(id: string): Promise<ProblemBody | null> {
    const provider = this.usable(id);
    const { fixedModels, models } = this.info(id);
    try {
      this.found(provider, fixedModels ? models : await this.probe(provider));
      return null;
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
      this.failed(provider, error.problem);
      return error.problem.toBody();
    }
  }

  /** It answers, and these are its models, unless they were named by hand. */
  found(provider: Provider, models: ModelInfo[]): void {
    const fixed = this.#entries.get(provider.id)?.info.fixedModels;
    this.#update(provider, { state: 'ready', problem: null, ...(fixed ? {} : { models }) });
  }

  failed(provider: Provider, { code, message, next }: Problem): void {
    const state = code === 'PROVIDER_REFUSED' ? 'refused' : 'unreachable';
    this.#update(provider, { state, problem: next === undefined ? { message } : { message, next } });
  }

  /** The models of a provider, in the roster or not; throws its refusal. */
  async probe(provider: Provider): Promise<ModelInfo[]> {
    const late = () => {
      const message = `${provider.name} did not answer within ${CHECK_MS / 1000} s.`;
      const next = 'See that it runs and that its address is right.';
      return new ProviderRefusal(new Problem('PROVIDER_UNREACHABLE', message, next), true);
    };
    const models = await within(this.#clock, CHECK_MS, late, (signal) => provider.models(signal));
    return chatModels(provider.kind, models);
  }

  /** Asks all that may be asked. */
  checkAll(): Promise<unknown> {
    const enabled = this.infos().filter((info) => info.enabled);
    return Promise.allSettled(enabled.map(({ id }) => this.check(id)));
  }

  streams(provider: string, model: string): boolean {
    return !this.#buffered.has(`${provider}/${model}`);
  }

  cannotStream(provider: string, model: string): void {
    this.#buffered.add(`${provider}/${model}`);
    this.changed.emit();
  }

  /** Unless it was removed meanwhile, or another one stands in its place. Nothing new is not told. */
  #update(provider: Provider, change: Partial<Info>): void {
    const entry = this.#entries.get(provider.id);
    if (entry?.provider !== provider) return;
    const info = { ...entry.info, ...change };
    if (JSON.stringify(info) === JSON.stringify(entry.info)) return;
    entry.info = info;
    this.changed.emit();
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw noProvider(id);
    return entry;
  }
}
