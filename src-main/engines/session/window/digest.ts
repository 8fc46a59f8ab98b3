import { createHash } from 'node:crypto';
import type { ChatRequest } from '../../../providers/provider.ts';

/** SHA-256 of a text, base64url. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/**
 * Of what a provider is given: the SHA-256, base64url, of `{messages: [{role, text}], model, parameters: {maxTokens,
 * temperature}, prefill, system}` as JSON without white space, keys in this order, without what is not set.
 */
export function digestOf(request: Omit<ChatRequest, 'stream'>): string {
  const { messages, model, maxTokens, temperature, prefill, system } = request;
  const said = messages.map(({ role, text }) => ({ role, text }));
  return hashOf(JSON.stringify({ messages: said, model, parameters: { maxTokens, temperature }, prefill, system }));
}
