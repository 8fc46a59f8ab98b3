import type { CallParams } from '#shared/contract/contract.ts';
import type { ProviderInfo } from '#shared/domain/summary.ts';

type Kind = CallParams<'providers.connect'>['kind'];

export interface Preset {
  id: string;
  title: string;
  kind: Kind;
  name: string;
  baseUrl: string;
  /** Whether it wants a key; `maybe` for a server that somebody runs. */
  key: 'yes' | 'no' | 'maybe';
  /** Commands stand between backticks. */
  hint: string;
}

/** Services that are connected often, with where they usually are. */
export const presets: readonly Preset[] = [
  {
    id: 'ollama',
    title: 'Ollama',
    kind: 'openai-compatible',
    name: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    key: 'no',
    hint: 'Start Ollama and pull a model first, for example with `ollama pull qwen3`.',
  },
  {
    id: 'lm-studio',
    title: 'LM Studio',
    kind: 'openai-compatible',
    name: 'LM Studio',
    baseUrl: 'http://127.0.0.1:1234/v1',
    key: 'no',
    hint: 'Start the server in LM Studio, under Developer, and load a model.',
  },
  {
    id: 'llama-cpp',
    title: 'llama.cpp',
    kind: 'openai-compatible',
    name: 'llama.cpp',
    baseUrl: 'http://127.0.0.1:8080/v1',
    key: 'no',
    hint: 'Start it with `llama-server -m MODEL.gguf`.',
  },
  {
    id: 'compatible',
    title: 'Other OpenAI-compatible server',
    kind: 'openai-compatible',
    name: '',
    baseUrl: '',
    key: 'maybe',
    hint: 'Any server that speaks OpenAI’s chat completions. Its address usually ends in /v1.',
  },
  {
    id: 'openai',
    title: 'OpenAI',
    kind: 'openai',
    name: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    key: 'yes',
    hint: 'Messages go to OpenAI over the network.',
  },
  {
    id: 'anthropic',
    title: 'Anthropic',
    kind: 'anthropic',
    name: 'Anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    key: 'yes',
    hint: 'Messages go to Anthropic over the network.',
  },
];

const placeOf = (url: string) => url.replace('//localhost', '//127.0.0.1').replace(/\/$/, '');

/** The first service that is not connected yet. */
export function firstPreset(providers: readonly ProviderInfo[]): Preset {
  const taken = new Set(providers.flatMap(({ name, baseUrl }) => [name, placeOf(baseUrl ?? '')]));
  const free = presets.find(({ name, baseUrl }) => !taken.has(name) && !taken.has(placeOf(baseUrl)));
  return free ?? (presets[0] as Preset);
}
