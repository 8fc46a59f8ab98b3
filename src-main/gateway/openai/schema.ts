import { z } from 'zod';

const text = z.object({ type: z.literal('text'), text: z.string() });
const image = z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) });
const refusal = z.object({ type: z.literal('refusal'), refusal: z.string() });

const texts = z.union([z.string(), z.array(text)]);
const call = z.object({
  id: z.string(),
  type: z.literal('function').default('function'),
  function: z.object({ name: z.string().min(1), arguments: z.string() }),
});

const Message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: texts }),
  z.object({ role: z.literal('developer'), content: texts }),
  z.object({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image]))]),
  }),
  z.object({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, refusal]))]).nullish(),
    tool_calls: z.array(call).nullish(),
  }),
  z.object({ role: z.literal('tool'), content: texts, tool_call_id: z.string() }),
]);
export type Message = z.infer<typeof Message>;

const schema = z.record(z.string(), z.unknown());
const name = z.object({ name: z.string().min(1) });

/** Of the body of `POST /v1/chat/completions` what has an effect here; what is not named is ignored. */
export const ChatBody = z.object({
  model: z.string(),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(64)]).nullish(),
  seed: z.number().int().nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        function: z.object({
          name: z.string().min(1),
          description: z.string().nullish(),
          parameters: schema.nullish(),
        }),
      }),
    )
    .nullish(),
  tool_choice: z
    .union([z.enum(['auto', 'none', 'required']), z.object({ type: z.literal('function'), function: name })])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ name: z.string().min(1), schema: schema.nullish(), strict: z.boolean().nullish() }),
      }),
    ])
    .nullish(),
  reasoning_effort: z.string().nullish(),
  // What would change the answer and cannot be had here.
  n: z.literal(1, 'one answer is given').nullish(),
  logprobs: z.literal(false, 'is not supported').nullish(),
  top_logprobs: z.literal(0, 'is not supported').nullish(),
  logit_bias: z.record(z.string(), z.never('is not supported')).nullish(),
  modalities: z.array(z.literal('text', 'only text is supported')).nullish(),
  audio: z.null('is not supported').optional(),
  functions: z.null('is not supported; use tools').optional(),
  function_call: z.null('is not supported; use tool_choice').optional(),
});
export type ChatBody = z.output<typeof ChatBody>;

/** Of the body of `POST /v1/embeddings`. */
export const EmbeddingsBody = z.object({
  model: z.string(),
  input: z.union([
    z.string().min(1),
    z.array(z.string('must be a text; lists of tokens are not supported').min(1)).min(1).max(2048),
  ]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.number().int().positive().max(100_000).nullish(),
});
