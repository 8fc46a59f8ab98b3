import type { ProviderInfo } from '#shared/domain/summary.ts';
import type { Specialist } from './specialists.ts';

export interface Binding {
  provider: string;
  model: string;
}

/** What no language model can do by itself: only `recall` knows the other sessions. */
const offlineAlways: Readonly<Record<string, string>> = { engram: 'recall' };
/** Specialists that an offline model can stand in for when there is no language model. */
const offlineFallback: Readonly<Record<string, string>> = { sophia: 'summary' };

/**
 * The best provider at hand, as a pure function of what is known: the binding that somebody chose; else the offline
 * model where that is the best; else the first model of the first language-model provider that answers (in the order
 * given); else one that has not been asked yet but names its models; else the offline model that can stand in. Null:
 * needs a model.
 */
export function bind(specialist: Specialist, providers: readonly ProviderInfo[]): Binding | null {
  if (specialist.binding !== undefined) {
    const { provider } = specialist.binding;
    return providers.some((each) => each.id === provider) ? specialist.binding : null;
  }
  const offline = (model: string | undefined): Binding | null => {
    const provider = providers.find((each) => each.offline);
    return model !== undefined && provider !== undefined ? { provider: provider.id, model } : null;
  };
  const always = offline(offlineAlways[specialist.id]);
  if (always !== null) return always;
  const candidates = providers.filter((each) => !each.offline && each.models.length > 0);
  const chosen =
    candidates.find((each) => each.state === 'ready') ?? candidates.find((each) => each.state === 'unknown');
  const model = chosen?.models[0];
  if (chosen !== undefined && model !== undefined) return { provider: chosen.id, model: model.id };
  return offline(offlineFallback[specialist.id]);
}
