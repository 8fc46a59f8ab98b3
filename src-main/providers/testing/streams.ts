import { crc32 } from 'node:zlib';
import type { Received } from './server.ts';

/** What AI services send, after the public documentation of their dialects. */
const event = (data: unknown, name?: string) =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

const chunk = (delta: object, finish: string | null = null) =>
  event({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'test-model',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });

export interface StreamShape {
  reasoning?: readonly string[];
  /** Null: the end mark comes without a reason. */
  finish?: 'stop' | 'length' | null;
}

/** Chat completion chunks: role, one event per token, finish, usage, end mark. `thought` is how reasoning is told. */
const chatStream =
  (thought: (text: string) => object, usageOf = (usage: object): object => ({ usage })) =>
  (tokens: readonly string[], { reasoning = [], finish = 'stop' }: StreamShape = {}) => [
    chunk({ role: 'assistant', content: '' }),
    ...reasoning.map((text) => chunk(thought(text))),
    ...tokens.map((text) => chunk({ content: text })),
    ...(finish === null ? [] : [chunk({}, finish)]),
    event({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      choices: [],
      ...usageOf({ prompt_tokens: 7, completion_tokens: tokens.length, total_tokens: 7 + tokens.length }),
    }),
    event('[DONE]'),
  ];

export const openaiStream = chatStream((text) => ({ reasoning_content: text }));
export const groqStream = chatStream(
  (text) => ({ reasoning: text }),
  (usage) => ({ x_groq: { id: 'req_1', usage } }),
);
/** Mistral gives its figures with the finish, and reasoning as a list of typed pieces. */
export function mistralStream(tokens: readonly string[], { reasoning = [], finish = 'stop' }: StreamShape = {}) {
  const usage = { prompt_tokens: 7, completion_tokens: tokens.length, total_tokens: 7 + tokens.length };
  const thinking = (text: string) => ({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] });
  const last = { index: 0, delta: { content: '' }, finish_reason: finish };
  return [
    chunk({ role: 'assistant', content: '' }),
    ...reasoning.map((text) => chunk(thinking(text))),
    ...tokens.map((text) => chunk({ content: text })),
    ...(finish === null ? [] : [event({ id: 'cmpl-1', object: 'chat.completion.chunk', choices: [last], usage })]),
    event('[DONE]'),
  ];
}

export const openaiWhole = (text: string) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
});

export const openaiError = () => event({ error: { message: 'The server had an error.', type: 'server_error' } });

/** What was asked, in the order in which it was said. */
export const chatSaid = ({ messages = [] }: Received['body']) =>
  messages.map(({ content }) => (Array.isArray(content) ? content[0]?.text : content));

export const chatList = (models: readonly { id: string; contextWindow?: number }[]) => ({
  object: 'list',
  data: models.map(({ id, contextWindow }) => ({ id, object: 'model', context_length: contextWindow })),
});

const named = (data: { type: string; [field: string]: unknown }) => event(data, data.type);

/** Messages events: start, one block of thinking if there is any, one of text, finish with usage, stop. */
export function anthropicStream(tokens: readonly string[], { reasoning = [], finish = 'stop' }: StreamShape = {}) {
  const block = (index: number, start: object, deltas: object[]) => [
    named({ type: 'content_block_start', index, content_block: start }),
    ...deltas.map((delta) => named({ type: 'content_block_delta', index, delta })),
    named({ type: 'content_block_stop', index }),
  ];
  const thinking = reasoning.map((text) => ({ type: 'thinking_delta', thinking: text }));
  const said = tokens.map((text) => ({ type: 'text_delta', text }));
  const reason = finish === 'stop' ? 'end_turn' : 'max_tokens';
  return [
    named({
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'test-model',
        content: [],
        stop_reason: null,
        usage: { input_tokens: 7, output_tokens: 1 },
      },
    }),
    named({ type: 'ping' }),
    ...(thinking.length === 0
      ? []
      : block(0, { type: 'thinking', thinking: '', signature: '' }, [
          ...thinking,
          { type: 'signature_delta', signature: 'c2lnbmF0dXJl' },
        ])),
    ...block(thinking.length === 0 ? 0 : 1, { type: 'text', text: '' }, said),
    ...(finish === null
      ? []
      : [
          named({
            type: 'message_delta',
            delta: { stop_reason: reason, stop_sequence: null },
            usage: { output_tokens: tokens.length },
          }),
        ]),
    named({ type: 'message_stop' }),
  ];
}

export const anthropicWhole = (text: string) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'test-model',
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 7, output_tokens: 2 },
});

export const anthropicError = () =>
  named({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });

/** Responses events: created, one item of reasoning if there is any, one message, completed with usage. */
export function responsesStream(tokens: readonly string[], { reasoning = [], finish = 'stop' }: StreamShape = {}) {
  const response = { id: 'resp_1', object: 'response', created_at: 1_700_000_000, model: 'test-model', output: [] };
  const thoughts = { item_id: 'rs_1', output_index: 0, summary_index: 0 };
  const place = { item_id: 'msg_1', output_index: reasoning.length === 0 ? 0 : 1, content_index: 0 };
  const item = (index: number, rest: object) => ({ output_index: index, item: rest });
  const thought = { type: 'reasoning', id: 'rs_1', status: 'in_progress', summary: [] };
  const message = { type: 'message', id: 'msg_1', role: 'assistant', status: 'in_progress', content: [] };
  const text = tokens.join('');
  return [
    named({ type: 'response.created', response: { ...response, status: 'in_progress' } }),
    named({ type: 'response.in_progress', response: { ...response, status: 'in_progress' } }),
    ...(reasoning.length === 0
      ? []
      : [
          named({ type: 'response.output_item.added', ...item(0, thought) }),
          named({
            type: 'response.reasoning_summary_part.added',
            ...thoughts,
            part: { type: 'summary_text', text: '' },
          }),
          ...reasoning.map((delta) => named({ type: 'response.reasoning_summary_text.delta', ...thoughts, delta })),
          named({ type: 'response.output_item.done', ...item(0, thought) }),
        ]),
    named({ type: 'response.output_item.added', ...item(place.output_index, message) }),
    ...tokens.map((delta) => named({ type: 'response.output_text.delta', ...place, delta, logprobs: [] })),
    named({ type: 'response.output_text.done', ...place, text, logprobs: [] }),
    ...(finish === null
      ? []
      : [
          named({
            type: finish === 'stop' ? 'response.completed' : 'response.incomplete',
            response: {
              ...response,
              status: finish === 'stop' ? 'completed' : 'incomplete',
              incomplete_details: finish === 'stop' ? null : { reason: 'max_output_tokens' },
              usage: { input_tokens: 7, output_tokens: tokens.length, total_tokens: 7 + tokens.length },
            },
          }),
        ]),
  ];
}

export const responsesWhole = (text: string) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1_700_000_000,
  model: 'test-model',
  status: 'completed',
  error: null,
  incomplete_details: null,
  output: [
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text, annotations: [] }],
    },
  ],
  usage: { input_tokens: 7, output_tokens: 2, total_tokens: 9 },
});

export const responsesSaid = ({ input }: Received['body']) =>
  (input as { content: string | { text: string }[] }[]).map(({ content }) =>
    typeof content === 'string' ? content : content[0]?.text,
  );

export const responsesError = () =>
  named({ type: 'error', code: 'server_error', message: 'The server had an error.', param: null, sequence_number: 9 });

const candidate = (parts: object[], rest: object = {}) => ({
  candidates: [{ index: 0, content: { role: 'model', parts }, ...rest }],
  modelVersion: 'test-model',
  responseId: 'resp-1',
});

/** Gemini's pieces: each is a whole response; the last says why it finished and has the figures. */
export function googleStream(tokens: readonly string[], { reasoning = [], finish = 'stop' }: StreamShape = {}) {
  return [
    event({ ...candidate([{ text: '' }]), usageMetadata: { promptTokenCount: 7, totalTokenCount: 7 } }),
    ...reasoning.map((text) => event(candidate([{ text, thought: true }]))),
    ...tokens.map((text) => event(candidate([{ text }]))),
    ...(finish === null
      ? []
      : [
          event({
            ...candidate([{ text: '' }], { finishReason: finish === 'stop' ? 'STOP' : 'MAX_TOKENS' }),
            usageMetadata: {
              promptTokenCount: 7,
              candidatesTokenCount: tokens.length,
              totalTokenCount: 7 + tokens.length,
            },
          }),
        ]),
  ];
}

export const googleWhole = (text: string) => ({
  ...candidate([{ text }], { finishReason: 'STOP' }),
  usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 2, totalTokenCount: 9 },
});

export const googleError = () =>
  event({ error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } });

/** Bedrock's converse stream: message, one block of reasoning if there is any, one of text, stop, figures. */
export function bedrockStream(tokens: readonly string[], { reasoning = [], finish = 'stop' }: StreamShape = {}) {
  const at = reasoning.length === 0 ? 0 : 1;
  const delta = (contentBlockIndex: number, delta: object) => frame('contentBlockDelta', { contentBlockIndex, delta });
  return [
    frame('messageStart', { role: 'assistant' }),
    ...reasoning.map((text) => delta(0, { reasoningContent: { text } })),
    ...(at === 0 ? [] : [frame('contentBlockStop', { contentBlockIndex: 0 })]),
    ...tokens.map((text) => delta(at, { text })),
    frame('contentBlockStop', { contentBlockIndex: at }),
    ...(finish === null ? [] : [frame('messageStop', { stopReason: finish === 'stop' ? 'end_turn' : 'max_tokens' })]),
    ...(finish === null
      ? []
      : [
          frame('metadata', {
            usage: { inputTokens: 7, outputTokens: tokens.length, totalTokens: 7 + tokens.length },
            metrics: { latencyMs: 12 },
          }),
        ]),
  ];
}

export const bedrockWhole = (text: string) => ({
  output: { message: { role: 'assistant', content: [{ text }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 7, outputTokens: 2, totalTokens: 9 },
});

export const bedrockError = () => frame('serviceUnavailableException', { message: 'Too much to do.' }, 'exception');

/** One frame of Amazon's event stream: prelude, headers, body, checksum. */
export function frame(type: string, data: unknown, message: 'event' | 'exception' = 'event'): Buffer {
  const header = (name: string, value: string) => {
    const [key, text] = [Buffer.from(name), Buffer.from(value)];
    const length = Buffer.alloc(2);
    length.writeUInt16BE(text.length);
    return Buffer.concat([Buffer.of(key.length), key, Buffer.of(7), length, text]);
  };
  const headers = Buffer.concat([
    header(`:${message}-type`, type),
    header(':content-type', 'application/json'),
    header(':message-type', message),
  ]);
  const body = Buffer.from(JSON.stringify(data));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + headers.length + body.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(Buffer.concat([prelude, headers, body])));
  return Buffer.concat([prelude, headers, body, sum]);
}
