import { z } from 'zod';
import type { ModelInfo } from '#shared/domain/summary.ts';
import { alternating, type Dialect } from '../dialect.ts';
import { OpenAIReader } from './reader.ts';

export const OPENAI_URL = 'https://api.openai.com/v1';

/** OpenAI's chat completions, as OpenAI itself and most local servers speak them. */
export function openaiDialect(kind: 'openai' | 'openai-compatible'): Dialect {
  return {
    prefill: false,
    dispensable: ['stream_options'],
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
  };
}

/** People also paste the whole address of a call. */
const root = (baseUrl: string) => baseUrl.replace(/\/+$/, '').replace(/\/(chat\/completions|models)$/, '');

const count = z.number().positive().optional().catch(undefined);
const ModelList = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1).max(300),
      // The dialect has no word for it; these are the usual ones.
      context_length: count,
      context_window: count,
      max_model_len: count,
      max_context_length: count,
      meta: z.object({ n_ctx_train: count }).optional().catch(undefined),
    }),
  ),
});

function readModels(json: unknown): ModelInfo[] | undefined {
  const list = ModelList.safeParse(json);
  return list.data?.data.map(({ id, ...each }) => {
    const contextWindow =
      each.context_length ??
      each.context_window ??
      each.max_model_len ??
      each.max_context_length ??
      each.meta?.n_ctx_train;
    return contextWindow === undefined ? { id } : { id, contextWindow };
  });
}
