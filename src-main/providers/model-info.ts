import type { features, ModelInfo } from '#shared/domain/summary.ts';

export type Feature = (typeof features)[number];

/** A model with what is told about it; what is not told is left out. */
export function modelInfo(
  id: string,
  told: { contextWindow?: number | undefined; maxOutput?: number | undefined; features?: Feature[] | undefined },
): ModelInfo {
  const info: ModelInfo = { id };
  if (told.contextWindow !== undefined) info.contextWindow = told.contextWindow;
  if (told.maxOutput !== undefined) info.maxOutput = told.maxOutput;
  if (told.features !== undefined) info.features = told.features;
  return info;
}

/** For a provider that tells of few features only: without any of them it has said nothing. */
export const someOf = (has: Partial<Record<Feature, boolean | undefined>>): Feature[] | undefined => {
  const found = Object.entries(has).filter(([, it]) => it === true);
  return found.length === 0 ? undefined : found.map(([feature]) => feature as Feature);
};
