import type { FinishReason } from '#shared/domain/things.ts';
import type { EmbeddingDialect } from './embeddings.ts';
import type { ChatMessage, ChatRequest, ProviderPart } from './provider.ts';
import type { Named } from './refusal.ts';
import type { Listing } from './service.ts';

/** What one HTTP dialect is; all that is the same in every dialect is in http-provider.ts and answer.ts. */
export interface Dialect extends Listing {
  readonly prefill: boolean;
  /** `leftOut`: wishes that the dialect has no word for. */
  chat(baseUrl: string, request: ChatRequest): { url: string; body: Record<string, unknown>; leftOut: string[] };
  reader(who: Named, request: ChatRequest): Reader;
  /**
   * Fields of the request body that are left out for a model when the server complains about them in such words. `wish`:
   * what is lost with it, where somebody wished for it.
   */
  readonly dispensable: Readonly<Record<string, { complaint: RegExp; wish?: string }>>;
  /**
   * The same request for a server that complains that it takes no beginning of an answer: told in words to go on from
   * there, which it may not do to the letter. Undefined: the complaint is another.
   */
  withoutPrefill?(body: Record<string, unknown>, complaint: string): Record<string, unknown> | undefined;
  /** Absent: it has none. */
  readonly embeddings?: EmbeddingDialect;
}

/** The middle parts: what an answer is made of. Start and end are found out by answer.ts. */
export type Piece = Extract<ProviderPart, { type: 'delta' | 'reasoning' | 'tool-call' | 'usage' | 'warning' }>;

/** Reads one answer. Both reads throw a ProviderRefusal for errors that the provider tells and for what is garbled. */
export interface Reader {
  /** One event of a stream. */
  event(data: string, event: string | undefined, give: (piece: Piece) => void): void;
  /** A whole answer in one piece. */
  whole(json: unknown, give: (piece: Piece) => void): void;
  /** Why the answer is finished, once the provider has said it. */
  readonly finish: FinishReason | undefined;
  /** The provider has said that nothing more comes. */
  readonly ended: boolean;
}

/** A message that is nothing but text. */
const isPlain = (message: ChatMessage): boolean =>
  message.role === 'user'
    ? (message.pictures ?? []).length === 0
    : message.role === 'assistant' && (message.toolCalls ?? []).length === 0;

/** It says something: text, pictures, calls, or what a call gave, be that nothing. */
export const isSaid = (message: ChatMessage): boolean => !isPlain(message) || message.text.trim() !== '';

/** Roles in turns, as many models want them: neighbours of the same role that are plain text become one message. */
export function alternating(messages: readonly ChatMessage[]): ChatMessage[] {
  const joined: ChatMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.role === message.role && isPlain(last) && isPlain(message)) last.text += `\n\n${message.text}`;
    else joined.push({ ...message });
  }
  return joined;
}
