import type { CallParams } from '#shared/contract/contract.ts';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import { namesModels } from './words.ts';

/** The name of a provider's form. */
export const formOf = (provider: string): string => `provider/${provider}`;

/** What can be typed about a provider. `key` is empty: what is kept is never shown. `models`: one per line. */
export interface ProviderFields {
  name: string;
  baseUrl: string;
  key: string;
  models: string;
}
export type ProviderField = keyof ProviderFields;

/** Titles of the fields, for a sentence about them. */
export const fieldTitles: Readonly<Record<ProviderField, string>> = {
  name: 'name',
  baseUrl: 'base URL',
  key: 'key',
  models: 'models',
};

export const savedFields = ({ name, baseUrl, fixedModels, models }: ProviderInfo): ProviderFields => ({
  name,
  baseUrl: baseUrl ?? '',
  key: '',
  models: fixedModels ? models.map(({ id }) => id).join('\n') : '',
});

/** One per line, or between commas; each once. */
export const namedModels = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,]/)
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  ),
];

/** What cannot be saved like this, said at the field. */
export function problemsOf(
  { name, baseUrl, key, models }: ProviderFields,
  { kind, baseUrl: before, key: kept }: Pick<ProviderInfo, 'kind' | 'baseUrl'> & { key: string },
): Partial<Record<ProviderField, string>> {
  const problems: Partial<Record<ProviderField, string>> = {};
  if (name.trim() === '') problems.name = 'Give it a name.';
  else if (name.trim().length > 100) problems.name = 'At most 100 characters.';
  if (before !== null && !isAddress(baseUrl)) problems.baseUrl = 'An address that begins with http:// or https://.';
  // An empty key deletes the one that is kept.
  if (key !== '' && key.trim() === '')
    problems.key = hasKey(kept) ? 'Give a key, or keep the old one.' : 'Give a key, or leave it empty.';
  if (namesModels(kind) && namedModels(models).length === 0) problems.models = 'Name at least one.';
  return problems;
}

/** A key of it lies here, readable or not. */
export const hasKey = (key: string): boolean => key === 'stored' || key === 'locked';

const isAddress = (text: string) => /^https?:\/\/./i.test(text.trim()) && URL.canParse(text.trim());

type Change = Omit<CallParams<'providers.change'>, 'command' | 'provider'>;

/** Only what was changed is sent. */
export function changeOf(fields: ProviderFields, changed: readonly ProviderField[]): Change {
  const change: Change = {};
  for (const field of changed)
    if (field === 'models') change.models = namedModels(fields.models);
    else change[field] = fields[field].trim();
  return change;
}

/** Another scheme, host or port than the key was given for. What is no address yet names none. */
export function otherHost(before: string, now: string): boolean {
  const [a, b] = [originOf(before), originOf(now)];
  return a !== undefined && b !== undefined && a !== b;
}

const originOf = (url: string) => URL.parse(url)?.origin;
