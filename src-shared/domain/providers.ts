/**
 * What can be connected. `openai` speaks chat completions, as do OpenRouter, Ollama, LM Studio and llama.cpp
 * (`openai-compatible`); `openai-responses` is the newer dialect of the same service.
 */
export const providerKinds = [
  'openai',
  'openai-responses',
  'openai-compatible',
  'anthropic',
  'google',
  'mistral',
  'groq',
  'xai',
  'deepseek',
  'openrouter',
  'azure',
  'bedrock',
] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** A service that is connected often, with where it usually is. */
export interface Service {
  id: string;
  kind: ProviderKind;
  title: string;
  /** Empty where everybody has an address of their own. */
  baseUrl: string;
  /** Whether it wants a key; `maybe` for a server that somebody runs. */
  key: 'yes' | 'no' | 'maybe';
  /** `named`: it has no list that it could be asked for; its models are named by hand. */
  models: 'listed' | 'named';
  /** One or two sentences; commands stand between backticks. */
  hint: string;
}

const hosted = (kind: ProviderKind, title: string, baseUrl: string, hint = over(title)): Service => ({
  id: kind,
  kind,
  title,
  baseUrl,
  key: 'yes',
  models: 'listed',
  hint,
});

const over = (whom: string) => `Messages go to ${whom} over the network.`;

const here = (id: string, title: string, port: number, hint: string): Service => ({
  id,
  kind: 'openai-compatible',
  title,
  baseUrl: `http://127.0.0.1:${port}/v1`,
  key: 'no',
  models: 'listed',
  hint,
});

/** In the order in which they are offered. */
export const services: readonly Service[] = [
  here('ollama', 'Ollama', 11_434, 'Start Ollama and pull a model first, for example with `ollama pull qwen3`.'),
  here('lm-studio', 'LM Studio', 1234, 'Start the server in LM Studio, under Developer, and load a model.'),
  here('llama-cpp', 'llama.cpp', 8080, 'Start it with `llama-server -m MODEL.gguf`.'),
  {
    id: 'compatible',
    kind: 'openai-compatible',
    title: 'Other OpenAI-compatible server',
    baseUrl: '',
    key: 'maybe',
    models: 'listed',
    hint: 'Any server that speaks OpenAI’s chat completions. Its address usually ends in /v1.',
  },
  hosted('openai', 'OpenAI', 'https://api.openai.com/v1'),
  hosted(
    'openai-responses',
    'OpenAI Responses',
    'https://api.openai.com/v1',
    'The newer interface of OpenAI, in which reasoning models also tell what they think about.',
  ),
  hosted('anthropic', 'Anthropic', 'https://api.anthropic.com/v1'),
  hosted('google', 'Google Gemini', 'https://generativelanguage.googleapis.com/v1beta', over('Google')),
  hosted('mistral', 'Mistral', 'https://api.mistral.ai/v1'),
  hosted('groq', 'Groq', 'https://api.groq.com/openai/v1'),
  hosted('xai', 'xAI', 'https://api.x.ai/v1'),
  hosted('deepseek', 'DeepSeek', 'https://api.deepseek.com/v1'),
  hosted(
    'openrouter',
    'OpenRouter',
    'https://openrouter.ai/api/v1',
    'Messages go to OpenRouter over the network, and from there to the service that runs the model.',
  ),
  {
    ...hosted('azure', 'Azure OpenAI', ''),
    models: 'named',
    hint: 'Its address is like https://NAME.openai.azure.com/openai/v1. The models are the names of your deployments.',
  },
  {
    ...hosted('bedrock', 'Amazon Bedrock', 'https://bedrock-runtime.us-east-1.amazonaws.com'),
    models: 'named',
    hint: 'The address names the region. Name the models by their ids; the key is an Amazon Bedrock API key.',
  },
];

/** The service's own address; empty where there is none. */
export const defaultBaseUrl = (kind: ProviderKind): string =>
  services.find((each) => each.kind === kind && each.key === 'yes')?.baseUrl ?? '';
