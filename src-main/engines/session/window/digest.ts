import { createHash } from 'node:crypto';
import type { ChatRequest } from '../../../providers/provider.ts';

/** Bytes of a hash that a digest has: enough that no two requests have the same one. */
const DIGEST_BYTES = 16;

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** SHA-256 of a text, base64url. */
export const hashOf = (text: string): string => sha256(text).toString('base64url');

/**
 * Of what a provider is given: the first 16 bytes, base64url, of the SHA-256 of `{messages: [{role, text}], model, parameters: {maxTokens,
 * temperature}, prefill, system}` as JSON without white space, keys in this order, without what is not set.
 */
export const digestOf = (request: Omit<ChatRequest, 'stream'>): string =>
  sha256(told(request)).toString('base64url', 0, DIGEST_BYTES);

/** Whether this request has that digest, or that whole SHA-256: the first records have that. */
export const isDigestOf = (digest: string, request: Omit<ChatRequest, 'stream'>): boolean =>
  digest === digestOf(request) || digest === hashOf(told(request));

function told(request: Omit<ChatRequest, 'stream'>): string {
  const { messages, model, maxTokens, temperature, prefill, system } = request;
  const said = messages.map(({ role, text }) => ({ role, text }));
  return JSON.stringify({ messages: said, model, parameters: { maxTokens, temperature }, prefill, system });
}
