import type { Problem } from '#shared/domain/problem.ts';
import type { ModelInfo } from '#shared/domain/summary.ts';
import type { FinishReason, Usage } from '#shared/domain/things.ts';

/** A picture that goes along with a message: its bytes as base64, or where it is to be had. */
export type Picture = { mediaType: string; data: string } | { url: string };

export interface ToolCall {
  id: string;
  name: string;
  /** JSON, as the model wrote it. */
  input: string;
}

/** One of the messages that go along; roles alternate as the session has them. `tool`: what a tool call gave. */
export type ChatMessage =
  | { role: 'user'; text: string; pictures?: readonly Picture[] }
  | { role: 'assistant'; text: string; toolCalls?: readonly ToolCall[] }
  | { role: 'tool'; text: string; toolCall: { id: string; name: string } };

/** What a model may call. `parameters` is a JSON schema. */
export interface Tool {
  name: string;
  description?: string;
  parameters: Record<string, unknown>;
}

/** What only programs ask for. A provider that cannot express one of these leaves it out with a `warning`. */
export interface ChatOptions {
  topP?: number;
  stop?: readonly string[];
  seed?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  tools?: readonly Tool[];
  toolChoice?: 'auto' | 'none' | 'required' | { name: string };
  parallelToolCalls?: boolean;
  /** The answer is to be JSON, of this schema when there is one. */
  json?: { schema?: { name: string; schema: Record<string, unknown>; strict?: boolean } };
  reasoningEffort?: string;
}

export interface ChatRequest {
  model: string;
  system: string | undefined;
  messages: readonly ChatMessage[];
  /** True: the last message is the assistant's own and is to be continued (only where `prefill` is). */
  prefill: boolean;
  maxTokens: number | undefined;
  temperature: number | undefined;
  options?: ChatOptions;
  /** False: ask for the whole answer in one piece. */
  stream: boolean;
  /** To be called whenever anything arrives, parts or not: a provider that pings while it thinks is alive. */
  heard?: () => void;
  /**
   * To be called, where that can be told, when the provider has taken the request and begun to stream: what goes wrong
   * from now on is rare. Nothing of the answer has come yet.
   */
  accepted?: () => void;
  /** The session this is asked for; only models that work on sessions (recall) look at it. */
  session: string;
}

/**
 * The small standard vocabulary in which every provider speaks; its oddities stop at the adapter. Order: `start`, then
 * any of the middle ones, then exactly one `finish` or `error` as the last.
 */
export type ProviderPart =
  /** `buffered`: the answer came in one piece, although it may have been asked for as a stream. */
  | { type: 'start'; buffered?: boolean }
  | { type: 'delta'; text: string }
  | { type: 'reasoning'; text: string }
  | ({ type: 'tool-call' } & ToolCall)
  /** Later ones replace earlier ones, figure by figure. */
  | { type: 'usage'; usage: Usage }
  /** Something that the dialect does not know; the stream goes on. */
  | { type: 'warning'; message: string }
  | { type: 'finish'; reason: FinishReason }
  | { type: 'error'; problem: Problem };

/**
 * Takes the parts as they come, in the same turn of the event loop in which they arrived. A promise asks for patience:
 * no more is read from the provider until it resolves; the few parts that were read already still come.
 */
export type Take = (part: ProviderPart) => void | Promise<void>;

/**
 * A refusal before the first part. `retryable`: the same request may work later (rate limit, 5xx, unreachable);
 * `retryAfterMs`: what the provider asked for.
 */
export class ProviderRefusal extends Error {
  readonly problem: Problem;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, retryable: boolean, retryAfterMs?: number) {
    super(problem.message, { cause: problem });
    this.name = 'ProviderRefusal';
    this.problem = problem;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Embeddings {
  /** One per text, in order. */
  vectors: number[][];
  /** Tokens, as the provider counts them. */
  tokens: number | undefined;
}

export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly baseUrl: string | null;
  /** No language model is at work. */
  readonly offline: boolean;
  /** An answer can be continued by giving its beginning as the assistant's last message. */
  readonly prefill: boolean;
  /**
   * Streams one answer to `take`; resolves after the last part. Before `start` it may reject with a ProviderRefusal
   * (problem code PROVIDER_CANNOT_STREAM when only a whole answer is to be had); after `start` it rejects for nothing
   * but an abort: the last part says how it ended, and an end of the connection without the dialect's finish is
   * PROVIDER_BROKE_OFF. Aborting `signal` closes the socket at once and ends it; nothing is taken after that (rejecting
   * with the signal's reason is fine).
   */
  chat(request: ChatRequest, signal: AbortSignal, take: Take): Promise<void>;
  /** Rejects with a ProviderRefusal. */
  models(signal: AbortSignal): Promise<ModelInfo[]>;
  /** Absent: it makes none. Rejects with a ProviderRefusal. */
  embed?(
    request: { model: string; texts: readonly string[]; dimensions?: number },
    signal: AbortSignal,
  ): Promise<Embeddings>;
}
