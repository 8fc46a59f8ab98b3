import type { Roster } from '#shared/domain/summary.ts';
import type { Target } from '#shared/domain/things.ts';
import { RequestProblem } from './request-problem.ts';

/** What programs of earlier days call a specialist, beside its id with one of the endings below. */
const legacy = new Map([
  ['tekton_core', 'tekton'],
  ['tekton-core', 'tekton'],
  ['budget', 'penia'],
  ['athena-analyst', 'athena'],
  ['hermes-messenger', 'hermes'],
  ['prometheus-strategist', 'prometheus'],
  ['rhetor-orchestrator', 'rhetor'],
  ['engram-memory', 'engram'],
  ['sophia-researcher', 'sophia'],
  ['telos-analyst', 'telos'],
]);
const endings = /-(?:ai|ci|coordinator|assistant)$/;
/** Of a name in an error: enough to know it by. */
const longestName = 100;

/** The id by which other programs are told of a specialist: `apollo-ai`, `tekton_core-ai`. */
export function canonicalId(specialist: string): string {
  if (specialist === 'tekton') return 'tekton_core-ai';
  return /-(?:ai|ci)$/.test(specialist) ? specialist : `${specialist}-ai`;
}

/** The roster's id of a specialist that is meant by this id or alias, in upper or lower case. */
export function specialistOf(name: string, { specialists }: Pick<Roster, 'specialists'>): string | undefined {
  const lower = name.toLowerCase();
  const short = lower.replace(endings, '');
  const meant = [lower, legacy.get(lower), short, legacy.get(short)];
  for (const id of meant) {
    const found = id === undefined ? undefined : specialists.find((each) => each.id.toLowerCase() === id);
    if (found !== undefined) return found.id;
  }
  return undefined;
}

/**
 * Who answers to the name of a model: a specialist by its id or an alias, or `provider/model`, where the model may hold
 * slashes of its own. Whether the provider has that model is for the provider to say. Throws NOT_FOUND.
 */
export function resolveModel(name: string, roster: Pick<Roster, 'specialists' | 'providers'>): Target {
  const slash = name.indexOf('/');
  const specialist = slash === -1 ? specialistOf(name, roster) : undefined;
  if (specialist !== undefined) return { specialist };
  const [provider, model] = [name.slice(0, slash), name.slice(slash + 1)];
  if (slash > 0 && model !== '' && model.length <= 300 && mayBeThere(provider, roster)) return { provider, model };
  const near = suggestions(name, roster);
  throw new RequestProblem(
    'model',
    `There is no model ${name.slice(0, longestName)}.`,
    near.length === 0
      ? 'Name a specialist, such as apollo, or provider/model.'
      : `Did you mean ${near.join(' or ')}? Models are specialists and provider/model.`,
    'NOT_FOUND',
  );
}

/** All names that are worth telling: specialists that have a model, then what each provider lists. */
export function modelNames({ specialists, providers }: Pick<Roster, 'specialists' | 'providers'>): string[] {
  return [
    ...specialists.filter(({ binding }) => binding !== null).map(({ id }) => id),
    ...providers.filter(({ enabled }) => enabled).flatMap(({ id, models }) => models.map((each) => `${id}/${each.id}`)),
  ];
}

/** One that is found on this computer is looked for when it is asked. */
const mayBeThere = (provider: string, { providers }: Pick<Roster, 'providers'>) =>
  provider.startsWith('found-') || providers.some(({ id }) => id === provider);

/** The model without its provider, or a specialist that is written nearly so: at most three. */
function suggestions(name: string, roster: Pick<Roster, 'specialists' | 'providers'>): string[] {
  const lower = name.slice(0, longestName).toLowerCase();
  const bare = modelNames(roster).filter((each) => each.toLowerCase().endsWith(`/${lower}`));
  const short = lower.replace(endings, '');
  const alike = roster.specialists.map(({ id }) => id).filter((id) => distance(id.toLowerCase(), short) <= 2);
  return [...bare, ...alike].slice(0, 3);
}

/** How many letters differ, were added or left out (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min(row[j - 1]! + same, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}
