import { type Event, type EventData, type NewEvent, SYSTEM } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Batch } from '../../log/log.ts';
import { type Provider, ProviderRefusal } from '../../providers/provider.ts';
import type { Observations } from '../streaming/ports.ts';
import type { Roster } from './roster.ts';

/** Facts about providers are few; more than this and something else is wrong. */
const MOST_FACTS = 100_000;
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

type CommandRow = NonNullable<Batch['command']>;

/** What is remembered about providers: those that the user connected, and what was found out about their models. */
export class Registry implements Observations {
  readonly #options: RegistryOptions;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Folds what the log knows into the roster. */
  async load(): Promise<void> {
    const { log, roster } = this.#options;
    const connected = new Map<string, EventData<'provider.connected'>>();
    for (let after = 0, count = 0; count < MOST_FACTS; ) {
      const events = await log.read({ session: SYSTEM, after, limit: PAGE });
      for (const event of events) {
        if (event.type === 'provider.connected') connected.set(event.data.provider, event.data);
        else if (event.type === 'provider.removed') connected.delete(event.data.provider);
        else if (event.type === 'model.observed' && !event.data.streams)
          roster.cannotStream(event.data.provider, event.data.model);
      }
      count += events.length;
      if (events.length < PAGE) break;
      after = events.at(-1)?.seq ?? after;
    }
    for (const declaration of connected.values())
      if (!roster.has(declaration.provider)) roster.add(this.#options.create(declaration), 'user');
  }

  /** Tries it with a real request first; then the key, the fact, the roster. */
  async connect(
    wish: Omit<EventData<'provider.connected'>, 'provider'> & { key?: string | undefined },
    remember: (result: { provider: string }) => CommandRow,
  ): Promise<{ provider: string }> {
    const { roster, secrets, create } = this.#options;
    const { key, ...rest } = wish;
    const declaration = { ...rest, provider: this.#idFor(wish.name) };
    const models = await roster.probe(create(declaration, key ?? '')).catch((error: unknown) => {
      throw error instanceof ProviderRefusal ? error.problem : error;
    });
    if (models.length === 0)
      throw new Problem(
        'PROVIDER_EMPTY',
        `${wish.name} answers, but offers no model.`,
        'Load a model there, then connect again.',
      );
    if (key) await secrets.set(declaration.provider, key);
    const result = { provider: declaration.provider };
    await this.#append({ type: 'provider.connected', data: declaration }, remember(result));
    roster.add(create(declaration), 'user');
    await roster.check(declaration.provider);
    return result;
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

  #idFor(name: string): string {
    const base =
      name
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 40) || 'provider';
    for (let n = 1; ; n++) {
      const id = n === 1 ? base : `${base}-${n}`;
      if (!this.#options.roster.has(id)) return id;
    }
  }
}
