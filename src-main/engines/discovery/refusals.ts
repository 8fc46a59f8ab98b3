import { Problem } from '#shared/domain/problem.ts';
import type { Automatic, ProviderInfo } from '#shared/domain/summary.ts';
import { localServiceName } from './local-services.ts';
import type { Specialist } from './specialists.ts';

export const noSpecialist = (id: string) =>
  new Problem('NOT_FOUND', `There is no specialist ${id}.`, 'Choose one from the picker.');

/** One that was found on this computer before may be there again soon. */
export function noProvider(id: string): Problem {
  const name = localServiceName(id);
  return name === undefined
    ? new Problem('NOT_FOUND', `There is no provider ${id}.`, 'Connect it, or choose another.')
    : new Problem(
        'PROVIDER_UNREACHABLE',
        `${name} does not run on this computer now.`,
        `Start ${name}, then try again.`,
      );
}

export const switchedOff = (name: string) =>
  new Problem('CONFLICT', `${name} is switched off.`, 'Switch it on in Settings, or choose another.');

/** Why nobody answers for a specialist: what was chosen is not there, or nothing was found. */
export function needsModel(
  { definition: { name, model } }: Specialist,
  providers: readonly ProviderInfo[],
  automatic: Automatic,
): Problem {
  if (model !== null) {
    const provider = providers.find(({ id }) => id === model.provider);
    const why = provider === undefined ? 'is not connected' : 'is switched off';
    return new Problem(
      'NEEDS_MODEL',
      `${name} is to use ${model.model} of ${provider?.name ?? model.provider}, which ${why}.`,
      'Choose another model for it in Settings.',
    );
  }
  if (
    automatic === 'local' &&
    providers.some(({ offline, enabled, models }) => !offline && enabled && models.length > 0)
  )
    return new Problem(
      'NEEDS_MODEL',
      `${name} needs a model, and may look for one on this computer only.`,
      'Start a model here, or choose one for it in Settings.',
    );
  return new Problem('NEEDS_MODEL', `${name} needs a model.`, 'Connect a model, or choose Engram or Sophia.');
}

export const notTheUsers = ({ name, origin }: Pick<ProviderInfo, 'name' | 'origin'>): Problem => {
  if (origin === 'config')
    return new Problem(
      'CONFLICT',
      `${name} is declared in the configuration file.`,
      'Change or remove it there, then start Choragus again.',
    );
  if (origin === 'found')
    return new Problem(
      'CONFLICT',
      `${name} was found on this computer.`,
      'Switch it off if you do not want to use it.',
    );
  return new Problem('CONFLICT', `${name} is a part of Choragus.`, 'It is always there.');
};

export const staysWhereFound = ({ name, baseUrl }: Pick<ProviderInfo, 'name' | 'baseUrl'>) =>
  new Problem(
    'CONFLICT',
    `${name} was found at ${baseUrl}; its address cannot be changed.`,
    'Connect the other address as a provider of its own.',
  );

export const keyIsForAnother = (old: { name: string; baseUrl: string }, next: { baseUrl: string }) =>
  new Problem(
    'CONFLICT',
    `The key of ${old.name} was entered for ${originOf(old.baseUrl)} and is not sent to ${originOf(next.baseUrl)}.`,
    'Enter the key for the new address, or delete it.',
  );

export const notRunning = (name: string, baseUrl: string) =>
  new Problem(
    'PROVIDER_UNREACHABLE',
    `${name} does not answer at ${URL.parse(baseUrl)?.host ?? baseUrl}.`,
    `Start ${name}, then look again.`,
  );

const originOf = (url: string) => URL.parse(url)?.origin ?? url;
