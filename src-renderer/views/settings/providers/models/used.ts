import type { ModelInfo, ProviderInfo, SpecialistInfo } from '#shared/domain/summary.ts';

/** Specialists that answer with a model today, chosen or found for them. */
export const usersOf = (specialists: readonly SpecialistInfo[], provider: string, model: string): SpecialistInfo[] =>
  specialists.filter(({ binding }) => binding?.provider === provider && binding.model === model);

export const usersOfProvider = (specialists: readonly SpecialistInfo[], provider: string): SpecialistInfo[] =>
  specialists.filter(({ binding }) => binding?.provider === provider);

/** Names of a few, then how many more: `Apollo, Athena and 14 more`. */
export function namesOf(specialists: readonly SpecialistInfo[], most = 3): string {
  const names = specialists.map(({ name }) => name);
  if (names.length > most + 1) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** What becomes of those who use a provider when it goes: a chosen model is not replaced by itself. */
export function whatChanges(users: readonly SpecialistInfo[]): string {
  const chosen = users.filter((each) => each.chosen !== null);
  const others = users.filter((each) => each.chosen === null);
  const told = [
    chosen.length > 0 && `${namesOf(chosen)} ${chosen.length === 1 ? 'needs' : 'need'} another model then.`,
    others.length > 0 && `${namesOf(others)} ${others.length === 1 ? 'looks' : 'look'} for the next best at hand.`,
  ].filter((each) => each !== false);
  return told.join(' ') || 'No specialist uses it now.';
}

/** Those that are used first, else in the provider's order. */
export function ordered(models: readonly ModelInfo[], used: ReadonlySet<string>): ModelInfo[] {
  return [...models.filter(({ id }) => used.has(id)), ...models.filter(({ id }) => !used.has(id))];
}

/** What a provider says about its models at all: a column of which nothing is known is not shown. */
export interface Told {
  context: boolean;
  features: boolean;
}

export const toldOf = ({ models, offline }: Pick<ProviderInfo, 'models' | 'offline'>): Told => ({
  context: !offline && models.some(({ contextWindow }) => contextWindow !== undefined),
  features: !offline && models.some(({ features, streams }) => features !== undefined || streams === false),
});

/** All words of the query are somewhere in its id or its features. */
export function matches({ id, features = [] }: ModelInfo, query: string): boolean {
  const text = `${id} ${features.join(' ')}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
