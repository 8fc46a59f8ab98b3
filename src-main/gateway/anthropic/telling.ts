import type { FinishReason } from '#shared/domain/things.ts';
import type { AnswerEnd, Telling, ToolCall, WholeAnswer } from '../answer.ts';
import { anthropicError } from './problem.ts';

/** What is known of an answer before it begins. */
export interface Head {
  id: string;
  /** The name that was asked for. */
  model: string;
  /** Tokens of the question, until a provider counts them. */
  estimated: number;
  /** The program asked to see the reasoning. */
  thinking: boolean;
}

const finishes: Record<FinishReason, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  filter: 'refusal',
  other: 'end_turn',
};

/** Some providers say `stop` after tool calls. */
const stopReason = ({ finish }: AnswerEnd, called: boolean) =>
  called && (finish === 'stop' || finish === 'other') ? 'tool_use' : finishes[finish ?? 'other'];

const usageOf = ({ usage }: AnswerEnd, estimated: number) => ({
  input_tokens: usage?.input ?? estimated,
  output_tokens: usage?.output ?? 0,
});

const messageOf = ({ id, model }: Head) => ({ id, type: 'message', role: 'assistant', model });

/** A `Message`. */
export function wholeOf(head: Head, answer: WholeAnswer) {
  const { text, reasoning, toolCalls } = answer;
  const calls = toolCalls.map((call) => ({ type: 'tool_use', id: call.id, name: call.name, input: inputOf(call) }));
  return {
    ...messageOf(head),
    content: [
      ...(head.thinking && reasoning !== '' ? [{ type: 'thinking', thinking: reasoning, signature: '' }] : []),
      ...(text === '' && calls.length > 0 ? [] : [{ type: 'text', text }]),
      ...calls,
    ],
    stop_reason: stopReason(answer, calls.length > 0),
    stop_sequence: null,
    usage: usageOf(answer, head.estimated),
  };
}

/** What a model wrote may be no JSON. */
function inputOf({ input }: ToolCall): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return { input };
  }
}

const event = (type: string, data: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

/** Content blocks one after the other, each opened by the first part of its kind; texts are put together by hand. */
export function streamTelling(head: Head, requestId: string): Telling {
  let index = -1;
  let open: 'text' | 'thinking' | undefined;
  let calls = 0;
  let before = '';
  const close = () => {
    const signed =
      open === 'thinking'
        ? event('content_block_delta', { index, delta: { type: 'signature_delta', signature: '' } })
        : '';
    const closed = open === undefined ? '' : signed + event('content_block_stop', { index });
    open = undefined;
    return closed;
  };
  const begin = (block: object) => {
    const closed = close();
    index++;
    return closed + event('content_block_start', { index, content_block: block });
  };
  const more = (kind: 'text' | 'thinking', text: string) => {
    const added = `${JSON.stringify(text)}}}\n\n`;
    if (open === kind) return before + added;
    const begun = begin(
      kind === 'text' ? { type: 'text', text: '' } : { type: 'thinking', thinking: '', signature: '' },
    );
    open = kind;
    const data = `{"type":"content_block_delta","index":${index},"delta":{"type":"${kind}_delta","${kind}":`;
    before = `event: content_block_delta\ndata: ${data}`;
    return begun + before + added;
  };
  return {
    ping: event('ping', {}),
    part(part) {
      if (part.type === 'delta') return more('text', part.text);
      if (part.type === 'reasoning') return head.thinking ? more('thinking', part.text) : '';
      if (part.type === 'tool-call') {
        calls++;
        const started = begin({ type: 'tool_use', id: part.id, name: part.name, input: {} });
        const delta = { type: 'input_json_delta', partial_json: part.input };
        return `${started}${event('content_block_delta', { index, delta })}${event('content_block_stop', { index })}`;
      }
      if (part.type !== 'start') return '';
      const usage = { input_tokens: head.estimated, output_tokens: 0 };
      const message = { ...messageOf(head), content: [], stop_reason: null, stop_sequence: null, usage };
      return event('message_start', { message });
    },
    end(end) {
      const delta = { stop_reason: stopReason(end, calls > 0), stop_sequence: null };
      const finish = event('message_delta', { delta, usage: usageOf(end, head.estimated) });
      return `${close()}${finish}${event('message_stop', {})}`;
    },
    failure: (problem) => event('error', anthropicError(problem, requestId)),
  };
}
