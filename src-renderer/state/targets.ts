import type { Roster, SpecialistInfo } from '#shared/domain/summary.ts';
import type { Look, Target } from '#shared/domain/things.ts';
import { lookOf } from './looks.ts';

/** Who is meant by a target, as far as the roster knows. */
export interface Named {
  name: string;
  /** Undefined for a plain model, and for who is not known. */
  look: Look | undefined;
  /** `ready`, or why it cannot answer: it needs a model, its provider is switched off, or nobody knows it (any more). */
  state: 'ready' | 'needs-model' | 'off' | 'unknown';
  offline: boolean;
  /** Model and provider, when there is a binding. */
  detail: string | undefined;
}

export const sameTarget = (a: Target | undefined, b: Target | undefined): boolean => keyOf(a) === keyOf(b);

export const keyOf = (target: Target | undefined): string => {
  if (target === undefined) return '';
  return 'specialist' in target ? `specialist ${target.specialist}` : `model ${target.provider} ${target.model}`;
};

export const bindingText = ({ binding }: SpecialistInfo): string | undefined =>
  binding === null ? undefined : binding.offline ? 'offline model' : `${binding.model} on ${binding.providerName}`;

type Binding = NonNullable<SpecialistInfo['binding']>;

export const sameBinding = (a: Binding | null, b: Binding | null): boolean =>
  a?.provider === b?.provider && a?.model === b?.model;

/** The language model that most specialists use, if there is one: it is said once, and those who differ say theirs. */
export function commonBinding(specialists: readonly SpecialistInfo[]): Binding | undefined {
  return specialists
    .map(({ binding }) => binding)
    .find(
      (one) =>
        one !== null &&
        !one.offline &&
        specialists.filter(({ binding }) => sameBinding(binding, one)).length * 2 > specialists.length,
    ) as Binding | undefined;
}

export function nameOf(roster: Roster, target: Target): Named {
  if ('specialist' in target) {
    const found = roster.specialists.find((each) => each.id === target.specialist);
    if (found === undefined) return unknown(target.specialist, lookOf(roster, target));
    return {
      name: found.name,
      look: found.look,
      state: found.binding === null ? 'needs-model' : 'ready',
      offline: found.binding?.offline ?? false,
      detail: bindingText(found),
    };
  }
  const provider = roster.providers.find((each) => each.id === target.provider);
  if (provider === undefined) return unknown(target.model);
  return {
    name: target.model,
    look: undefined,
    state: provider.enabled ? 'ready' : 'off',
    offline: provider.offline,
    detail: provider.name,
  };
}

const unknown = (name: string, look?: Look): Named => ({
  name,
  look,
  state: 'unknown',
  offline: false,
  detail: undefined,
});

/** Whom a new conversation is for: the last choice, else who has a language model, else who can answer at all. */
export function defaultTarget(roster: Roster, last: Target | undefined): Target | undefined {
  if (last !== undefined && nameOf(roster, last).state !== 'unknown') return last;
  const able = roster.specialists.filter((each) => each.binding !== null);
  const chosen = able.find((each) => each.binding?.offline === false) ?? able[0] ?? roster.specialists[0];
  return chosen && { specialist: chosen.id };
}

/** No language model is connected. */
export const onlyOffline = (roster: Roster): boolean =>
  !roster.providers.some(({ offline, enabled, models }) => !offline && enabled && models.length > 0);
