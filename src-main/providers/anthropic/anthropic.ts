import { z } from 'zod';
import type { ModelInfo } from '#shared/domain/summary.ts';
import type { Dialect } from '../dialect.ts';
import { modelInfo, someOf } from '../model-info.ts';
import type { ChatRequest } from '../provider.ts';
import { AnthropicReader } from './reader.ts';
import { fieldsOf, leftOutOf, messagesOf } from './request.ts';

const VERSION = '2023-06-01';
/** The dialect demands a limit; this one every model of it allows. */
const MAX_TOKENS = 4096;

/** Anthropic's messages. The base URL may end in /v1 or not. */
export const anthropicDialect: Dialect = {
  prefill: true,
  dispensable: {},
  headers: (key) => ({ 'anthropic-version': VERSION, ...(key === undefined ? {} : { 'x-api-key': key }) }),
  chat(baseUrl, request) {
    const { model, system, maxTokens, temperature, options = {}, stream } = request;
    const body: Record<string, unknown> = {
      model,
      messages: messagesOf(request),
      max_tokens: maxTokens ?? MAX_TOKENS,
      stream,
    };
    if (system !== undefined && system.trim() !== '') body.system = system;
    if (temperature !== undefined) body.temperature = temperature;
    Object.assign(body, fieldsOf(options));
    return { url: `${root(baseUrl)}/messages`, body, leftOut: leftOutOf(options) };
  },
  withoutPrefill(body, complaint) {
    // Newer models take no beginning of their own answer; they are told to continue instead.
    const messages = body.messages as { role: string }[];
    if (messages.at(-1)?.role !== 'assistant' || !/prefill|end with a user message/i.test(complaint)) return undefined;
    return { ...body, messages: [...messages, { role: 'user', content: CONTINUE }] };
  },
  reader: (who, request) => new AnthropicReader(who, whitespaceAtEnd(request)),
  models: (baseUrl) => `${root(baseUrl)}/models?limit=1000`,
  readModels,
};

const CONTINUE = 'Continue your last message exactly where it ends. Do not repeat anything of it and do not comment.';

/** People also paste the whole address of a call. */
const root = (baseUrl: string) => `${baseUrl.replace(/\/+$/, '').replace(/(\/v1)?(\/messages|\/models)?$/, '')}/v1`;

/** What of the beginning was cut off and therefore may come once more. */
function whitespaceAtEnd({ messages, prefill }: ChatRequest): string {
  const text = (prefill ? messages.at(-1)?.text : undefined) ?? '';
  return text.slice(text.trimEnd().length);
}

const count = z.number().positive().optional().catch(undefined);
const capability = z.object({ supported: z.boolean() }).optional().catch(undefined);
const ModelList = z.object({
  data: z.array(
    z.object({
      id: z.string().min(1).max(300),
      max_input_tokens: count,
      max_tokens: count,
      capabilities: z.object({ image_input: capability, thinking: capability }).optional().catch(undefined),
    }),
  ),
});

function readModels(json: unknown): ModelInfo[] | undefined {
  return ModelList.safeParse(json).data?.data.map(({ id, max_input_tokens, max_tokens, capabilities: can }) => {
    const features = someOf({ vision: can?.image_input?.supported, reasoning: can?.thinking?.supported });
    return modelInfo(id, { contextWindow: max_input_tokens, maxOutput: max_tokens, features });
  });
}
