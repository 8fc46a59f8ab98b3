import type { ChatOptions, ChatRequest, ProviderPart } from './provider.ts';
import { leftOut } from './refusal.ts';

/** By the names that programs know. */
const names: Readonly<Record<keyof ChatOptions, string>> = {
  topP: 'top_p',
  stop: 'stop',
  seed: 'seed',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  tools: 'tools',
  toolChoice: 'tool_choice',
  parallelToolCalls: 'parallel_tool_calls',
  json: 'response_format',
  reasoningEffort: 'reasoning_effort',
};

/** A warning for each wish that a model of plain text leaves out. */
export function* withoutExtras(name: string, { messages, options = {} }: ChatRequest): Iterable<ProviderPart> {
  const wishes = Object.keys(options).map((wish) => names[wish as keyof ChatOptions]);
  if (messages.some((message) => message.role === 'user' && (message.pictures ?? []).length > 0))
    wishes.push('a picture');
  for (const wish of wishes) yield { type: 'warning', message: leftOut(name, wish) };
}
