import type { Event, EventData } from '#shared/domain/events.ts';
import type { Automatic, SpecialistDefinition } from '#shared/domain/summary.ts';

/** A provider as the user declared it. */
export type Declared = EventData<'provider.changed'>;

/** What the log says about providers and specialists: the newest word on each. */
export class Facts {
  /** Every id that a provider was ever given. */
  readonly providerIds = new Set<string>();
  /** Of these, those that are there; also what the user said of ones that were found on this computer. */
  readonly providers = new Map<string, Declared>();
  /** Every id that a specialist was ever given. */
  readonly specialistIds = new Set<string>();
  /** Changes of shipped specialists, and the user's own. */
  readonly definitions = new Map<string, SpecialistDefinition>();
  /** Found unable to stream. */
  readonly buffered: { provider: string; model: string }[] = [];
  automatic: Automatic = 'any';

  fold({ type, data }: Event): void {
    switch (type) {
      case 'provider.connected':
        this.providerIds.add(data.provider);
        this.providers.set(data.provider, { ...data, enabled: true });
        break;
      case 'provider.changed':
        this.providerIds.add(data.provider);
        this.providers.set(data.provider, data);
        break;
      case 'provider.removed':
        this.providers.delete(data.provider);
        break;
      case 'specialist.changed':
        this.specialistIds.add(data.specialist);
        this.definitions.set(data.specialist, data.definition);
        break;
      case 'specialist.removed':
        this.definitions.delete(data.specialist);
        break;
      case 'automatic.changed':
        this.automatic = data.automatic;
        break;
      case 'model.observed':
        if (!data.streams) this.buffered.push({ provider: data.provider, model: data.model });
    }
  }
}
