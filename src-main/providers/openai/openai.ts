import { alternating, type Dialect } from '../dialect.ts';
import { noTemperature } from '../refusal.ts';
import { enrich } from './enrich.ts';
import { readModels } from './models.ts';
import { OpenAIReader } from './reader.ts';

/** OpenAI's chat completions, as OpenAI itself, OpenRouter and most local servers speak them. */
export function openaiDialect(kind: 'openai' | 'openai-compatible' | 'openrouter'): Dialect {
  return {
    prefill: false,
    dispensable: { stream_options: /stream_options/, temperature: noTemperature },
    headers: (key) => (key === undefined ? {} : { authorization: `Bearer ${key}` }),
    chat(baseUrl, { model, system, messages, maxTokens, temperature, stream }) {
      const body: Record<string, unknown> = {
        model,
        messages: [...(system === undefined ? [] : [{ role: 'system', content: system }]), ...alternating(messages)],
        stream,
      };
      if (stream) body.stream_options = { include_usage: true };
      // OpenAI's newer models refuse the old name, most other servers do not know the new one.
      if (maxTokens !== undefined) body[kind === 'openai' ? 'max_completion_tokens' : 'max_tokens'] = maxTokens;
      if (temperature !== undefined) body.temperature = temperature;
      return { url: `${root(baseUrl)}/chat/completions`, body };
    },
    reader: (who) => new OpenAIReader(who),
    models: (baseUrl) => `${root(baseUrl)}/models`,
    readModels,
    ...(kind === 'openai-compatible' ? { enrich } : {}),
  };
}

/** People also paste the whole address of a call. */
const root = (baseUrl: string) => baseUrl.replace(/\/+$/, '').replace(/\/(chat\/completions|models)$/, '');
