import type { Automatic, ProviderInfo } from '#shared/domain/summary.ts';
import type { Specialist } from './specialists.ts';

export interface Binding {
  provider: string;
  model: string;
}

/** What no language model can do by itself: only `recall` knows the other sessions. */
const offlineAlways: Readonly<Record<string, string>> = { engram: 'recall' };
/** Specialists that an offline model can stand in for when there is no language model. */
const offlineFallback: Readonly<Record<string, string>> = { sophia: 'summary', noesis: 'data', terma: 'analysis' };

/**
 * Which model a specialist works with, as a pure function of what is known. A chosen one: exactly that, also when it
 * cannot be reached just now; null when its provider is gone or switched off. Otherwise the best at hand: the offline
 * model where that is the best; else the first model of the first language-model provider that answers (in the order
 * given, found ones last; `local`: of those on this computer); else of one that has not been asked yet but names its
 * models; else the offline model that can stand in. Null: needs a model.
 */
export function bind(
  { id, definition }: Pick<Specialist, 'id' | 'definition'>,
  all: readonly ProviderInfo[],
  automatic: Automatic,
): Binding | null {
  const providers = all.filter((each) => each.enabled);
  if (definition.model !== null) {
    const { provider, model } = definition.model;
    return providers.some((each) => each.id === provider) ? { provider, model } : null;
  }
  const offline = (model: string | undefined): Binding | null => {
    const provider = providers.find((each) => each.offline && each.models.some((has) => has.id === model));
    return model !== undefined && provider !== undefined ? { provider: provider.id, model } : null;
  };
  const always = offline(offlineAlways[id]);
  if (always !== null) return always;
  // What somebody connected goes before what was merely found.
  const candidates = providers
    .filter((each) => !each.offline && each.models.length > 0 && (automatic === 'any' || each.local))
    .sort((a, b) => Number(a.origin === 'found') - Number(b.origin === 'found'));
  const best = candidates.find((each) => each.state === 'ready') ?? candidates.find((each) => each.state === 'unknown');
  const model = best?.models[0];
  if (best !== undefined && model !== undefined) return { provider: best.id, model: model.id };
  return offline(offlineFallback[id]);
}
