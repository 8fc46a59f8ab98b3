import type { Target } from '#shared/domain/things.ts';
import type { Message, Options, Wish } from '../answer.ts';
import { present } from '../present.ts';
import { RequestProblem } from '../request-problem.ts';
import type { ChatBody, Message as Told } from './schema.ts';

/** The wish that a body of chat completions is. Throws a RequestProblem for what makes no sense. */
export function wishOf(body: ChatBody, to: Target): Omit<Wish, 'token'> {
  const options = optionsOf(body);
  return {
    to,
    system: systemOf(body.messages),
    messages: messagesOf(body.messages),
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    temperature: body.temperature ?? undefined,
    ...(Object.keys(options).length === 0 ? {} : { options }),
    stream: body.stream ?? false,
    dialect: 'openai',
  };
}

/** All of them, in order: providers have one place for it. */
function systemOf(messages: readonly Told[]): string | undefined {
  const texts = messages.flatMap((each) =>
    each.role === 'system' || each.role === 'developer' ? [textOf(each.content)] : [],
  );
  return texts.length === 0 ? undefined : texts.join('\n\n');
}

function messagesOf(told: readonly Told[]): Message[] {
  /** Of the tools that were called so far: id to name. */
  const called = new Map<string, string>();
  const messages = told.flatMap((each, index): Message[] => {
    if (each.role === 'user') return [{ role: 'user', text: textOf(each.content), ...picturesOf(each.content, index) }];
    if (each.role === 'assistant') {
      const toolCalls = each.tool_calls?.map(({ id, function: { name, arguments: input } }) => ({ id, name, input }));
      for (const { id, name } of toolCalls ?? []) called.set(id, name);
      return [{ role: 'assistant', text: textOf(each.content ?? ''), ...(toolCalls?.length ? { toolCalls } : {}) }];
    }
    if (each.role !== 'tool') return [];
    const name = called.get(each.tool_call_id);
    if (name === undefined)
      throw new RequestProblem(
        `messages[${index}].tool_call_id`,
        'The result of a tool must follow the assistant message with its call.',
        'Send that message along.',
      );
    return [{ role: 'tool', text: textOf(each.content), toolCall: { id: each.tool_call_id, name } }];
  });
  if (messages.length === 0)
    throw new RequestProblem('messages', 'There is no message to answer.', 'Add one with the role user.');
  return messages;
}

type Content = string | readonly ({ text: string } | { refusal: string } | { image_url: { url: string } })[];

const textOf = (content: Content): string =>
  typeof content === 'string'
    ? content
    : content.flatMap((each) => ('text' in each ? [each.text] : 'refusal' in each ? [each.refusal] : [])).join('\n');

function picturesOf(content: Content, message: number) {
  if (typeof content === 'string') return {};
  const pictures = content.flatMap((each, part) =>
    'image_url' in each ? [pictureOf(each.image_url.url, `messages[${message}].content[${part}].image_url.url`)] : [],
  );
  return pictures.length === 0 ? {} : { pictures };
}

function pictureOf(url: string, param: string) {
  const [head, mediaType] = /^data:([\w.+-]+\/[\w.+-]+);base64,/.exec(url.slice(0, 200)) ?? [];
  if (head !== undefined && mediaType !== undefined) return { mediaType, data: url.slice(head.length) };
  if (/^https?:\/\/./.test(url.slice(0, 200))) return { url };
  throw new RequestProblem(param, `${param} is no picture.`, 'Send an http(s) address or data:image/...;base64,....');
}

function optionsOf(body: ChatBody): Options {
  const { tools, tool_choice, response_format, stop } = body;
  return present({
    topP: body.top_p,
    stop: typeof stop === 'string' ? [stop] : stop,
    seed: body.seed,
    frequencyPenalty: body.frequency_penalty,
    presencePenalty: body.presence_penalty,
    tools: tools?.map(({ function: { name, description, parameters } }) => ({
      name,
      ...present({ description }),
      parameters: parameters ?? { type: 'object', properties: {} },
    })),
    toolChoice: typeof tool_choice === 'object' && tool_choice !== null ? tool_choice.function : tool_choice,
    parallelToolCalls: body.parallel_tool_calls,
    json: response_format && jsonOf(response_format),
    reasoningEffort: body.reasoning_effort,
  });
}

function jsonOf(format: NonNullable<ChatBody['response_format']>): Options['json'] {
  if (format.type === 'text') return undefined;
  if (format.type === 'json_object') return {};
  const { name, schema, strict } = format.json_schema;
  return schema ? { schema: { name, schema, ...present({ strict }) } } : {};
}
