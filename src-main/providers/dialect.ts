import type { FinishReason } from '#shared/domain/things.ts';
import type { ChatMessage, ChatRequest, ProviderPart } from './provider.ts';
import type { Named } from './refusal.ts';
import type { Listing } from './service.ts';

/** What one HTTP dialect is; all that is the same in every dialect is in http-provider.ts and answer.ts. */
export interface Dialect extends Listing {
  readonly prefill: boolean;
  chat(baseUrl: string, request: ChatRequest): { url: string; body: Record<string, unknown> };
  reader(who: Named, request: ChatRequest): Reader;
  /** Fields of the request body that are left out for a model when the server complains about them in such words. */
  readonly dispensable: Readonly<Record<string, RegExp>>;
  /**
   * The same request for a server that complains that it takes no beginning of an answer: told in words to go on from
   * there, which it may not do to the letter. Undefined: the complaint is another.
   */
  withoutPrefill?(body: Record<string, unknown>, complaint: string): Record<string, unknown> | undefined;
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

/** Roles in turns, as many models want them: neighbours of the same role become one message. */
export function alternating(messages: readonly ChatMessage[]): { role: ChatMessage['role']; content: string }[] {
  const joined: { role: ChatMessage['role']; content: string }[] = [];
  for (const { role, text } of messages) {
    const last = joined.at(-1);
    if (last?.role === role) last.content += `\n\n${text}`;
    else joined.push({ role, content: text });
  }
  return joined;
}
