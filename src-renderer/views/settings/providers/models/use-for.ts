import type { SpecialistDefinition, SpecialistInfo } from '#shared/domain/summary.ts';
import type { App } from '../../../../state/app.ts';

/** Where trouble with the models of a provider is shown. */
export const modelsPlace = (provider: string): string => `models of ${provider}`;

/** Gives a specialist this model, or (`null`) lets the best at hand be found again. Nothing else of it changes. */
export async function giveModel(
  app: App,
  place: string,
  { id, name }: SpecialistInfo,
  model: SpecialistDefinition['model'],
): Promise<void> {
  const found = await app.try(place, 'specialists.get', { specialist: id });
  if (found === undefined) return;
  const definition = { ...found.definition, model };
  const done = await app.act(place, 'specialists.change', { specialist: id, definition });
  if (done === undefined) return;
  app.say(model === null ? `${name} uses the best model at hand.` : `${name} uses ${model.model}.`);
}
