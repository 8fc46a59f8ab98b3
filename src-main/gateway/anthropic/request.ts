import type { Target } from '#shared/domain/things.ts';
import type { Message, Options, Wish } from '../answer.ts';
import { present } from '../present.ts';
import { RequestProblem } from '../request-problem.ts';
import type { CountBody, MessagesBody, Message as Told } from './schema.ts';

/** The wish that a body of messages is. Throws a RequestProblem for what makes no sense. */
export function wishOf(body: MessagesBody, to: Target): Omit<Wish, 'token'> {
  const options = optionsOf(body);
  return {
    ...questionOf(body),
    to,
    maxTokens: body.max_tokens,
    temperature: body.temperature ?? undefined,
    ...(Object.keys(options).length === 0 ? {} : { options }),
    stream: body.stream ?? false,
    dialect: 'anthropic',
  };
}

/** What is asked, without how it is to be answered. */
export function questionOf({ system, messages, tools }: CountBody): Pick<Wish, 'system' | 'messages' | 'options'> {
  const systems = [
    ...(system ? [textOf(system)] : []),
    ...messages.flatMap((each) => (each.role === 'system' ? [textOf(each.content)] : [])),
  ];
  return {
    system: systems.length === 0 ? undefined : systems.join('\n\n'),
    messages: messagesOf(messages),
    ...(tools ? { options: { tools: toolsOf(tools) } } : {}),
  };
}

function messagesOf(told: readonly Told[]): Message[] {
  /** Of the tools that were called so far: id to name. */
  const called = new Map<string, string>();
  const messages = told.flatMap((each, index): Message[] => {
    if (each.role === 'system') return [];
    const { role, content } = each;
    if (typeof content === 'string') return [{ role, text: content }];
    if (each.role === 'user') return userMessages(each.content as Blocks<'user'>, index, called);
    const toolCalls = (content as Blocks<'assistant'>).flatMap((block) => {
      if (block.type !== 'tool_use') return [];
      called.set(block.id, block.name);
      return [{ id: block.id, name: block.name, input: JSON.stringify(block.input ?? {}) }];
    });
    return [{ role: 'assistant', text: textOf(content), ...(toolCalls.length === 0 ? {} : { toolCalls }) }];
  });
  if (messages.length === 0)
    throw new RequestProblem('messages', 'There is no message to answer.', 'Add one with the role user.');
  return messages;
}

type Blocks<Role extends Told['role']> = Exclude<Extract<Told, { role: Role }>['content'], string>;

/** Results of tools are messages of their own, before what else the person says; their pictures go with the latter. */
function userMessages(blocks: Blocks<'user'>, message: number, called: ReadonlyMap<string, string>): Message[] {
  const results = blocks.flatMap((block, index): Message[] => {
    if (block.type !== 'tool_result') return [];
    const name = called.get(block.tool_use_id);
    if (name !== undefined)
      return [{ role: 'tool', text: textOf(block.content ?? ''), toolCall: { id: block.tool_use_id, name } }];
    throw new RequestProblem(
      `messages[${message}].content[${index}].tool_use_id`,
      'A tool_result must follow the assistant message with its tool_use.',
      'Send that message along.',
    );
  });
  const pictures = blocks.flatMap((block) => {
    if (block.type === 'tool_result') return typeof block.content === 'string' ? [] : picturesOf(block.content ?? []);
    return picturesOf([block]);
  });
  const text = textOf(blocks);
  if (text === '' && pictures.length === 0 && results.length > 0) return results;
  return [...results, { role: 'user', text, ...(pictures.length === 0 ? {} : { pictures }) }];
}

const textOf = (content: string | readonly { type: string; text?: string }[]): string =>
  typeof content === 'string'
    ? content
    : content.flatMap((block) => (block.type === 'text' ? [block.text ?? ''] : [])).join('\n');

type Image = Extract<Blocks<'user'>[number], { type: 'image' }>;

const picturesOf = (blocks: readonly (Image | { type: 'text' })[]) =>
  blocks.flatMap((block) => {
    if (block.type !== 'image') return [];
    const { source } = block;
    return [source.type === 'url' ? { url: source.url } : { mediaType: source.media_type, data: source.data }];
  });

const toolsOf = (tools: NonNullable<CountBody['tools']>) =>
  tools.map(({ name, description, input_schema: parameters }) => ({ name, ...present({ description }), parameters }));

function optionsOf(body: MessagesBody): Options {
  const { tools, tool_choice: choice, output_config: output } = body;
  const alone = choice && 'disable_parallel_tool_use' in choice && choice.disable_parallel_tool_use === true;
  return present({
    topP: body.top_p,
    stop: body.stop_sequences,
    tools: tools && toolsOf(tools),
    toolChoice: choice && toolChoiceOf(choice),
    parallelToolCalls: alone ? false : undefined,
    json: output?.format && { schema: { name: 'answer', schema: output.format.schema } },
    reasoningEffort: output?.effort,
  });
}

function toolChoiceOf(choice: NonNullable<MessagesBody['tool_choice']>): Options['toolChoice'] {
  if (choice.type === 'tool') return { name: choice.name };
  return choice.type === 'any' ? 'required' : choice.type;
}
