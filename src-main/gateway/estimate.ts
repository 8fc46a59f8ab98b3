import type { Wish } from './answer.ts';

/** What a picture counts, whatever its size. */
const PICTURE_TOKENS = 1000;

/**
 * About how many tokens a question is: its characters / 4, tools included. For figures that a dialect wants before, or
 * without, a count of the provider; it may be off by half.
 */
export function estimateTokens({ system, messages, options }: Pick<Wish, 'system' | 'messages' | 'options'>): number {
  let characters = system?.length ?? 0;
  let pictures = 0;
  for (const message of messages) {
    characters += message.text.length;
    if (message.role === 'user') pictures += message.pictures?.length ?? 0;
    if (message.role === 'assistant') for (const call of message.toolCalls ?? []) characters += call.input.length;
  }
  if (options?.tools !== undefined) characters += JSON.stringify(options.tools).length;
  return Math.ceil(characters / 4) + pictures * PICTURE_TOKENS;
}
