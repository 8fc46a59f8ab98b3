import type { SpecialistDefinition, SpecialistInfo } from '#shared/domain/summary.ts';
import type { App } from '../../../../state/app.ts';
import { counted } from '../../../../ui/format.ts';

/** Where trouble with the models of a provider is shown. */
export const modelsPlace = (provider: string): string => `models of ${provider}`;

type Model = SpecialistDefinition['model'];

/**
 * Gives specialists this model, one after the other, or (`null`) lets the best at hand be found again. Nothing else of
 * them changes. Ends at the first one that cannot be changed: what went wrong with it is shown at `place`.
 */
export async function giveModel(
  app: App,
  place: string,
  specialists: readonly SpecialistInfo[],
  model: Model,
): Promise<void> {
  for (const { id } of specialists) if (!(await give(app, place, id, model))) return;
  const [only] = specialists;
  const [who, use] =
    specialists.length === 1 ? [only?.name, 'uses'] : [counted(specialists.length, 'specialist'), 'use'];
  app.say(`${who} ${use} ${model === null ? 'the best model at hand' : model.model}.`);
}

async function give(app: App, place: string, specialist: string, model: Model): Promise<boolean> {
  const found = await app.try(place, 'specialists.get', { specialist });
  if (found === undefined) return false;
  const definition = { ...found.definition, model };
  return (await app.act(place, 'specialists.change', { specialist, definition })) !== undefined;
}
