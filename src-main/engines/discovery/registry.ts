import { type Event, type EventData, type NewEvent, SYSTEM } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Batch, CommandRow } from '../../log/log.ts';
import { type Provider, ProviderRefusal } from '../../providers/provider.ts';
import type { Observations } from '../streaming/ports.ts';
import type { Roster } from './roster.ts';

const PAGE = 500;

export interface RegistryOptions {
  log: {
    append(batch: Batch): Promise<Event[]>;
    read(range: { session: string; after: number; limit: number }): Promise<Event[]>;
  };
  roster: Roster;
  secrets: { set(id: string, value: string): Promise<void>; delete(id: string): Promise<void> };
  /** `key`: to be used instead of the stored one, while it is being tried. */
  create(declaration: EventData<'provider.connected'>, key?: string): Provider;
  logger: { warn(fields: object, message: string): void };
}

/** What is remembered about providers: those that the user connected, and what was found out about their models. */
export class Registry implements Observations {
  readonly #options: RegistryOptions;
  /** All ids that were ever given. */
  readonly #ids = new Set<string>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Folds what the log knows into the roster. */
  async load(): Promise<void> {
    const { log, roster, secrets } = this.#options;
    const connected = new Map<string, EventData<'provider.connected'>>();
    for (let after = 0; ; ) {
      const events = await log.read({ session: SYSTEM, after, limit: PAGE });
      const last = events.at(-1);
      if (last === undefined) break;
      after = last.seq;
      for (const event of events) {
        if (event.type === 'provider.connected') {
          this.#ids.add(event.data.provider);
          connected.set(event.data.provider, event.data);
        } else if (event.type === 'provider.removed') connected.delete(event.data.provider);
        else if (event.type === 'model.observed' && !event.data.streams)
          roster.cannotStream(event.data.provider, event.data.model);
      }
    }
    for (const declaration of connected.values())
      if (!roster.has(declaration.provider)) roster.add(this.#options.create(declaration), 'user');
    // A key that a kill left behind.
    for (const id of this.#ids) if (!roster.has(id)) await secrets.delete(id);
  }

  /** Tries it with a real request first; then the key, the fact, the roster. */
  async connect(
    wish: Omit<EventData<'provider.connected'>, 'provider'> & { key?: string | undefined },
    remember: (result: { provider: string }) => CommandRow,
  ): Promise<{ provider: string }> {
    const { roster, secrets, create } = this.#options;
    const { key, ...rest } = wish;
    const declaration = { ...rest, provider: this.#newId(wish.name) };
    const { provider: id } = declaration;
    const models = await roster.probe(create(declaration, key ?? '')).catch((error: unknown) => {
      throw error instanceof ProviderRefusal ? error.problem : error;
    });
    if (models.length === 0)
      throw new Problem(
        'PROVIDER_EMPTY',
        `${wish.name} answers, but offers no model.`,
        'Load a model there, then connect again.',
      );
    if (key) await secrets.set(id, key);
    try {
      await this.#append({ type: 'provider.connected', data: declaration }, remember({ provider: id }));
    } catch (error) {
      await secrets.delete(id);
      throw error;
    }
    const provider = create(declaration);
    roster.add(provider, 'user');
    roster.found(provider, models);
    return { provider: id };
  }

  async remove(provider: string, row: CommandRow): Promise<void> {
    const { roster, secrets } = this.#options;
    roster.mustBeRemovable(provider);
    await this.#append({ type: 'provider.removed', data: { provider } }, row);
    await secrets.delete(provider);
    roster.remove(provider);
  }

  streams(provider: string, model: string): boolean {
    return this.#options.roster.streams(provider, model);
  }

  cannotStream(provider: string, model: string): void {
    if (!this.streams(provider, model)) return;
    this.#append({ type: 'model.observed', data: { provider, model, streams: false } }).then(
      () => this.#options.roster.cannotStream(provider, model),
      (error: unknown) => this.#options.logger.warn({ error: String(error) }, 'An observation could not be stored.'),
    );
  }

  #append(event: NewEvent, command?: CommandRow): Promise<Event[]> {
    const batch: Batch = { session: SYSTEM, events: [event], durable: true };
    return this.#options.log.append(command === undefined ? batch : { ...batch, command });
  }

  /** Never one that was used before: a turn or a key of a provider that is gone must not meet another one. */
  #newId(name: string): string {
    const words = name
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '');
    const base = words.slice(0, 40) || 'provider';
    let id = base;
    const taken = () => this.#ids.has(id) || this.#options.roster.has(id) || id in Object.prototype;
    for (let n = 2; taken(); n++) id = `${base}-${n}`;
    this.#ids.add(id);
    return id;
  }
}
