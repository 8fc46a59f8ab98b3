import { services } from '#shared/domain/providers.ts';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import type { TestResult } from '../../../state/provider-tests.ts';
import { counted } from '../../../ui/format.ts';

export interface Standing {
  word: string;
  tone: 'ok' | 'warn' | 'error' | 'text-3';
  dot: 'full' | 'half' | 'ring';
}

/** Whether a service of this kind wants a key; `maybe` for a server that somebody runs. */
export const keyWanted = (kind: string): 'yes' | 'no' | 'maybe' => {
  const found = services.filter((each) => each.kind === kind).map(({ key }) => key);
  return found.find((key) => key === 'maybe') ?? found[0] ?? 'no';
};

/** Its models are always named by hand: it cannot be asked for them. */
export const namesModels = (kind: string): boolean =>
  services.some((each) => each.kind === kind && each.models === 'named');

/** What it speaks, in the words in which it was offered. */
export function kindTitle(kind: string): string {
  if (kind === 'openai-compatible') return 'OpenAI-compatible';
  if (kind === 'simulator') return 'Simulator';
  if (kind === 'offline') return 'Offline models';
  return services.find((each) => each.kind === kind)?.title ?? kind;
}

/**
 * How a provider stands, told by word, sign and colour. One whose models are named by hand is asked for nothing before it
 * is used: of that one only a test tells.
 */
export function standing(provider: ProviderInfo, tested: TestResult | null = null): Standing {
  const { enabled, key, kind, state, fixedModels } = provider;
  if (!enabled) return { word: 'off', tone: 'text-3', dot: 'ring' };
  if (key === 'locked') return { word: 'key locked', tone: 'warn', dot: 'ring' };
  if (fixedModels && state === 'ready' && tested?.problem) return { word: 'test failed', tone: 'error', dot: 'ring' };
  if (fixedModels && state === 'ready' && tested === null) return { word: 'not tested', tone: 'text-3', dot: 'ring' };
  if (state === 'ready') return { word: 'ready', tone: 'ok', dot: 'full' };
  if (key === 'none' && keyWanted(kind) === 'yes') return { word: 'needs a key', tone: 'text-3', dot: 'ring' };
  if (state === 'unreachable') return { word: 'not reachable', tone: 'error', dot: 'ring' };
  if (state === 'refused') return { word: 'refused', tone: 'error', dot: 'ring' };
  return { word: 'not asked yet', tone: 'text-3', dot: 'ring' };
}

const keys = {
  none: null,
  stored: 'key kept here',
  environment: 'key from the environment',
  locked: 'key locked here',
} as const;

/** The second line of its row: what it is, what it has. */
export function about({ kind, name, offline, origin, key, models, fixedModels }: ProviderInfo): string {
  if (offline) return models.map(({ id }) => id).join(', ');
  const what =
    origin === 'found' ? 'found on this computer' : kindTitle(kind) === name ? null : lowerFirst(kindTitle(kind));
  const has = models.length === 0 ? null : counted(models.length, 'model') + (fixedModels ? ' named by hand' : '');
  const pieces = [what, has, keys[key]];
  return pieces.filter((piece) => piece !== null).join(', ') || 'no models yet';
}

const names = ['OpenAI', 'Google', 'Mistral', 'Groq', 'DeepSeek', 'Anthropic', 'Azure', 'Amazon', 'xAI', 'OpenRouter'];
/** Names keep their capitals. */
const lowerFirst = (title: string) =>
  names.some((name) => title.startsWith(name)) ? title : title.charAt(0).toLowerCase() + title.slice(1);

/** What an offline model does, in a few words; they need no language model. */
export const offlineModels: Readonly<Record<string, string>> = {
  recall: 'finds what was said in your sessions',
  summary: 'shortens a text to its most telling sentences',
  analysis: 'key phrases, entities, sentiment, readability and language of a text',
  calculation: 'arithmetic, algebra and units',
  data: 'filters, groups, converts and describes CSV, JSON and YAML',
};
