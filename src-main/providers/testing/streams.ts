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

/** Chat completion chunks: role, one event per token, finish, usage, end mark. */
export function openaiStream(tokens: readonly string[], { reasoning = [], finish = 'stop' }: StreamShape = {}) {
  return [
    chunk({ role: 'assistant', content: '' }),
    ...reasoning.map((text) => chunk({ reasoning_content: text })),
    ...tokens.map((text) => chunk({ content: text })),
    ...(finish === null ? [] : [chunk({}, finish)]),
    event({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      choices: [],
      usage: { prompt_tokens: 7, completion_tokens: tokens.length, total_tokens: 7 + tokens.length },
    }),
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
