import { z } from 'zod';

const text = z.object({ type: z.literal('text'), text: z.string() });
const image = z.object({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('base64'), media_type: z.string().min(1), data: z.string().min(1) }),
    z.object({ type: z.literal('url'), url: z.string().regex(/^https?:\/\/./, 'must be an http(s) address') }),
  ]),
});
const toolUse = z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string().min(1), input: z.unknown() });
const toolResult = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image]))]).nullish(),
});
const thinking = [
  z.object({ type: z.literal('thinking') }),
  z.object({ type: z.literal('redacted_thinking') }),
] as const;
const texts = z.union([z.string(), z.array(text)]);

const Message = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, image, toolResult]))]),
  }),
  z.object({
    role: z.literal('assistant'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [text, toolUse, ...thinking]))]),
  }),
  z.object({ role: z.literal('system'), content: texts }),
]);
export type Message = z.infer<typeof Message>;

const schema = z.record(z.string(), z.unknown());
const parallel = { disable_parallel_tool_use: z.boolean().nullish() };

/** Of the body of `POST /v1/messages/count_tokens` what is counted. */
export const CountBody = z.object({
  model: z.string(),
  messages: z.array(Message).min(1),
  system: texts.nullish(),
  tools: z
    .array(
      z.object({
        type: z.literal('custom', 'only tools of the program itself are supported').nullish(),
        name: z.string().min(1),
        description: z.string().nullish(),
        input_schema: schema,
      }),
    )
    .nullish(),
});

/** Of the body of `POST /v1/messages` what has an effect here; what is not named is ignored. */
export const MessagesBody = CountBody.extend({
  max_tokens: z.number().int().positive(),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stop_sequences: z.array(z.string()).max(64).nullish(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('auto'), ...parallel }),
      z.object({ type: z.literal('any'), ...parallel }),
      z.object({ type: z.literal('none') }),
      z.object({ type: z.literal('tool'), name: z.string().min(1), ...parallel }),
    ])
    .nullish(),
  thinking: z.object({ type: z.enum(['enabled', 'adaptive', 'disabled']) }).nullish(),
  output_config: z
    .object({
      effort: z.string().nullish(),
      format: z.object({ type: z.literal('json_schema'), schema }).nullish(),
    })
    .nullish(),
});
export type CountBody = z.output<typeof CountBody>;
export type MessagesBody = z.output<typeof MessagesBody>;
