import type { ModelInfo, ProviderInfo } from '#shared/domain/summary.ts';
import { findLetters } from '../../../ui/letters.ts';
import { modelKey } from './fields.ts';

/** More than these are found by typing on. */
const SHOWN = 50;

export interface ModelRow {
  /** As `modelKey` writes it. */
  key: string;
  model: ModelInfo;
}

export interface ModelRows {
  /** The best at hand, which stands first: only by the words of its title, so that it is never taken for a model. */
  automatic: boolean;
  /** Providers and models in the order of the roster, the one with the best match first. */
  groups: { provider: ProviderInfo; rows: ModelRow[] }[];
  /** How many were found beside those. */
  more: number;
}

/**
 * What can be chosen: everything of providers that are in use, and of what was typed those with its letters, in the id of
 * the model or the name of its provider, best first. Of too many the chosen one (`value`) is among those that are shown.
 */
export function modelRows(
  providers: readonly ProviderInfo[],
  query: string,
  value: string,
  automaticTitle: string,
): ModelRows {
  const found = providers
    .filter(({ enabled }) => enabled)
    .flatMap((provider) =>
      provider.models.flatMap((model) => {
        const rank = rankOf(provider, model, query);
        return rank === undefined
          ? []
          : [{ provider, rank, row: { key: modelKey({ provider: provider.id, model: model.id }), model } }];
      }),
    )
    .sort((a, b) => a.rank - b.rank);
  const shown = found.slice(0, SHOWN);
  const chosen = found.slice(SHOWN).find(({ row }) => row.key === value);
  if (chosen !== undefined) shown.splice(-1, 1, chosen);
  const groups = new Map<string, ModelRows['groups'][number]>();
  for (const { provider, row } of shown) {
    const group = groups.get(provider.id) ?? { provider, rows: [] };
    group.rows.push(row);
    groups.set(provider.id, group);
  }
  return {
    automatic: findLetters(automaticTitle, query)?.rank === 0,
    groups: [...groups.values()],
    more: found.length - shown.length,
  };
}

/** All of it in the id, then each word in the id or the provider's name, then its letters apart from each other in the id. */
function rankOf({ name }: ProviderInfo, { id }: ModelInfo, query: string): number | undefined {
  const inId = findLetters(id, query)?.rank;
  if (inId !== undefined && inId < 2) return inId;
  const words = query.trim().split(/\s+/);
  if (words.every((word) => hasWord(id, word) || hasWord(name, word))) return 2;
  return inId === undefined ? undefined : 3;
}

const hasWord = (text: string, word: string) => (findLetters(text, word)?.rank ?? 2) < 2;
