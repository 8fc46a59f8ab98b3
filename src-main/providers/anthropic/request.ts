import { isRecord } from '#shared/kit/record.ts';
import { alternating, isSaid } from '../dialect.ts';
import { parsed } from '../json.ts';
import type { ChatMessage, ChatOptions, ChatRequest, Picture } from '../provider.ts';

type Block = Record<string, unknown>;
interface Message {
  role: 'user' | 'assistant';
  content: string | Block[];
}

/** Empty messages are refused by the dialect, and so is white space at the end of a beginning. */
export function messagesOf({ messages, prefill }: ChatRequest): Message[] {
  const asked: Message[] = [];
  for (const message of alternating(messages.filter(isSaid))) {
    const next = messageOf(message);
    const last = asked.at(-1);
    // What several calls gave is one message, together with what the user says to it.
    if (last?.role === next.role) last.content = [...blocksOf(last.content), ...blocksOf(next.content)];
    else asked.push(next);
  }
  const last = asked.at(-1);
  if (prefill && typeof last?.content === 'string') last.content = last.content.trimEnd();
  return asked;
}

function messageOf(message: ChatMessage): Message {
  const { role, text } = message;
  if (role === 'tool') {
    const result = { type: 'tool_result', tool_use_id: message.toolCall.id, content: text };
    return { role: 'user', content: [result] };
  }
  const others = role === 'user' ? (message.pictures ?? []).map(pictureOf) : (message.toolCalls ?? []).map(callOf);
  if (others.length === 0) return { role, content: text };
  // Pictures are best seen before the question about them; calls follow what is said.
  return { role, content: role === 'user' ? [...others, ...blocksOf(text)] : [...blocksOf(text), ...others] };
}

const blocksOf = (content: string | Block[]): Block[] => {
  if (typeof content !== 'string') return content;
  return content.trim() === '' ? [] : [{ type: 'text', text: content }];
};

const pictureOf = (picture: Picture): Block => ({
  type: 'image',
  source:
    'url' in picture
      ? { type: 'url', url: picture.url }
      : { type: 'base64', media_type: picture.mediaType, data: picture.data },
});

/** The dialect takes nothing but an object; what a model wrote that is none goes along in one. */
const callOf = ({ id, name, input }: { id: string; name: string; input: string }): Block => {
  const value = input === '' ? {} : parsed(input);
  return { type: 'tool_use', id, name, input: isRecord(value) ? value : { input } };
};

/** The fields of what was wished for. */
export function fieldsOf(options: ChatOptions): Record<string, unknown> {
  const { topP, tools = [] } = options;
  const body: Record<string, unknown> = {};
  if (topP !== undefined) body.top_p = topP;
  const stop = options.stop?.filter(isStop) ?? [];
  if (stop.length > 0) body.stop_sequences = stop;
  if (tools.length === 0) return body;
  body.tools = tools.map(({ name, description, parameters }) => ({
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: parameters,
  }));
  const choice = choiceOf(options);
  if (choice !== undefined) body.tool_choice = choice;
  return body;
}

/** The dialect refuses to stop at nothing but white space. */
const isStop = (text: string) => text.trim() !== '';

function choiceOf({ toolChoice, parallelToolCalls }: ChatOptions): Record<string, unknown> | undefined {
  if (toolChoice === undefined && parallelToolCalls === undefined) return undefined;
  if (toolChoice === 'none') return { type: 'none' };
  const one = parallelToolCalls === undefined ? {} : { disable_parallel_tool_use: !parallelToolCalls };
  if (typeof toolChoice === 'object') return { type: 'tool', name: toolChoice.name, ...one };
  return { type: toolChoice === 'required' ? 'any' : 'auto', ...one };
}

/** What the dialect has no word for, by the names that programs know. */
export function leftOutOf(options: ChatOptions): string[] {
  const left: string[] = [];
  if (options.seed !== undefined) left.push('seed');
  if (options.frequencyPenalty !== undefined) left.push('frequency_penalty');
  if (options.presencePenalty !== undefined) left.push('presence_penalty');
  if (options.json !== undefined) left.push('response_format');
  if (options.reasoningEffort !== undefined) left.push('reasoning_effort');
  if (options.stop?.some((text) => !isStop(text))) left.push('stop at white space');
  return left;
}
