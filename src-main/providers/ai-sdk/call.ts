import type { LanguageModelV4CallOptions, LanguageModelV4FilePart, LanguageModelV4Message } from '@ai-sdk/provider';
import { Problem } from '#shared/domain/problem.ts';
import { isRecord } from '#shared/kit/record.ts';
import { alternating, isSaid } from '../dialect.ts';
import { parsed } from '../json.ts';
import { type ChatMessage, type ChatOptions, type ChatRequest, type Picture, ProviderRefusal } from '../provider.ts';
import type { Sdk } from './ai-sdk.ts';

type Call = LanguageModelV4CallOptions;

const efforts = new Set<unknown>(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);
const isEffort = (value: unknown): value is NonNullable<Call['reasoning']> => efforts.has(value);

/** What a package is asked, and the wishes that it has no word for. */
export function callOf(request: ChatRequest, sdk: Sdk, abortSignal: AbortSignal): { call: Call; wishes: string[] } {
  const { model, system, messages, maxTokens, temperature, options = {} } = request;
  const prompt = promptOf(messages);
  if (system !== undefined && system.trim() !== '') prompt.unshift({ role: 'system', content: system });
  const call: Call = { prompt, abortSignal };
  const wishes: string[] = [];
  if (maxTokens !== undefined) call.maxOutputTokens = maxTokens;
  if (temperature !== undefined) call.temperature = temperature;
  const own = sdk.optionsFor?.(model);
  if (own !== undefined) call.providerOptions = own;
  Object.assign(call, settingsOf(options), toolsOf(options));
  if (isEffort(options.reasoningEffort)) call.reasoning = options.reasoningEffort;
  else if (options.reasoningEffort !== undefined) wishes.push('reasoning_effort');
  const { parallelToolCalls } = options;
  if (parallelToolCalls === undefined || call.tools === undefined) return { call, wishes };
  if (sdk.parallel === undefined) wishes.push('parallel_tool_calls');
  else call.providerOptions = { ...own, [sdk.parallel]: { ...own?.[sdk.parallel], parallelToolCalls } };
  return { call, wishes };
}

function settingsOf({ topP, stop, seed, frequencyPenalty, presencePenalty, json }: ChatOptions): Partial<Call> {
  const settings: Partial<Call> = {};
  if (topP !== undefined) settings.topP = topP;
  if (stop !== undefined && stop.length > 0) settings.stopSequences = [...stop];
  if (seed !== undefined) settings.seed = seed;
  if (frequencyPenalty !== undefined) settings.frequencyPenalty = frequencyPenalty;
  if (presencePenalty !== undefined) settings.presencePenalty = presencePenalty;
  if (json !== undefined)
    settings.responseFormat = {
      type: 'json',
      ...(json.schema === undefined ? {} : { schema: json.schema.schema, name: json.schema.name }),
    };
  return settings;
}

function toolsOf({ tools = [], toolChoice }: ChatOptions): Partial<Call> {
  if (tools.length === 0) return {};
  const call: Partial<Call> = {
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function',
      name,
      ...(description === undefined ? {} : { description }),
      inputSchema: parameters,
    })),
  };
  if (typeof toolChoice === 'object') call.toolChoice = { type: 'tool', toolName: toolChoice.name };
  else if (toolChoice !== undefined) call.toolChoice = { type: toolChoice };
  return call;
}

function promptOf(messages: readonly ChatMessage[]): LanguageModelV4Message[] {
  const prompt: LanguageModelV4Message[] = [];
  for (const message of alternating(messages.filter(isSaid))) {
    const next = messageOf(message);
    const last = prompt.at(-1);
    // What several calls gave is one message.
    if (last?.role === 'tool' && next.role === 'tool') last.content.push(...next.content);
    else prompt.push(next);
  }
  return prompt;
}

function messageOf(message: ChatMessage): LanguageModelV4Message {
  const { role, text } = message;
  const said = text.trim() === '' ? [] : [{ type: 'text' as const, text }];
  if (role === 'user') return { role, content: [...said, ...(message.pictures ?? []).map(fileOf)] };
  if (role === 'assistant') return { role, content: [...said, ...(message.toolCalls ?? []).map(callPart)] };
  const { id, name } = message.toolCall;
  const result = { type: 'tool-result' as const, toolCallId: id, toolName: name };
  return { role, content: [{ ...result, output: { type: 'text', value: text } }] };
}

/** By the end of an address; some packages want to know it before they ask. */
const mediaTypes: Partial<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};

function fileOf(picture: Picture): LanguageModelV4FilePart {
  if ('data' in picture)
    return { type: 'file', mediaType: picture.mediaType, data: { type: 'data', data: picture.data } };
  if (URL.canParse(picture.url)) {
    const url = new URL(picture.url);
    return {
      type: 'file',
      mediaType: mediaTypes[/\.(\w+)$/.exec(url.pathname)?.[1] ?? ''] ?? 'image',
      data: { type: 'url', url },
    };
  }
  throw new ProviderRefusal(
    new Problem('INVALID_PARAMS', 'The address of a picture is no web address.', 'Write it like https://host/path.'),
    false,
  );
}

/** A package wants an object; what a model wrote that is none goes along in one. */
function callPart({ id, name, input }: { id: string; name: string; input: string }) {
  const value = input === '' ? {} : parsed(input);
  return { type: 'tool-call' as const, toolCallId: id, toolName: name, input: isRecord(value) ? value : { input } };
}
