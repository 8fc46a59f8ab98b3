import { alternating, type Dialect } from '../dialect.ts';
import { unsupported } from '../refusal.ts';
import { openaiEmbeddings } from './embeddings.ts';
import { enrich } from './enrich.ts';
import { readModels } from './models.ts';
import { OpenAIReader } from './reader.ts';
import { fieldsOf, messageOf } from './request.ts';

/** What some models do not take. */
const wishes = [
  'temperature',
  'top_p',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'parallel_tool_calls',
  'reasoning_effort',
];

const dispensable: Dialect['dispensable'] = {
  stream_options: { complaint: /stream_options/ },
  ...Object.fromEntries(wishes.map((field) => [field, { complaint: unsupported(field), wish: field }])),
};

/** OpenAI's chat completions, as OpenAI itself, OpenRouter and most local servers speak them. */
export function openaiDialect(kind: 'openai' | 'openai-compatible' | 'openrouter'): Dialect {
  return {
    prefill: false,
    dispensable,
    headers: (key) => (key === undefined ? {} : { authorization: `Bearer ${key}` }),
    chat(baseUrl, { model, system, messages, maxTokens, temperature, options, stream }) {
      const said = alternating(messages).map(messageOf);
      const body: Record<string, unknown> = {
        model,
        messages: system === undefined ? said : [{ role: 'system', content: system }, ...said],
        stream,
      };
      if (stream) body.stream_options = { include_usage: true };
      // OpenAI's newer models refuse the old name, most other servers do not know the new one.
      if (maxTokens !== undefined) body[kind === 'openai' ? 'max_completion_tokens' : 'max_tokens'] = maxTokens;
      if (temperature !== undefined) body.temperature = temperature;
      if (options !== undefined) Object.assign(body, fieldsOf(options));
      return { url: `${root(baseUrl)}/chat/completions`, body, leftOut: [] };
    },
    reader: (who) => new OpenAIReader(who),
    models: (baseUrl) => `${root(baseUrl)}/models`,
    readModels,
    embeddings: openaiEmbeddings(root),
    ...(kind === 'openai-compatible' ? { enrich } : {}),
  };
}

/** People also paste the whole address of a call. */
const root = (baseUrl: string) => baseUrl.replace(/\/+$/, '').replace(/\/(chat\/completions|embeddings|models)$/, '');
