import type { Problem } from '#shared/domain/problem.ts';
import type { ModelInfo } from '#shared/domain/summary.ts';
import type { FinishReason, Usage } from '#shared/domain/things.ts';

/** One of the messages that go along; roles alternate as the session has them. */
export interface ChatMessage {
  role: 'user' | 'assistant';
  text: string;
}

export interface ChatRequest {
  model: string;
  system: string | undefined;
  messages: readonly ChatMessage[];
  /** True: the last message is the assistant's own and is to be continued (only where `prefill` is). */
  prefill: boolean;
  maxTokens: number | undefined;
  temperature: number | undefined;
  /** False: ask for the whole answer in one piece. */
  stream: boolean;
  /** To be called whenever anything arrives, parts or not: a provider that pings while it thinks is alive. */
  heard?: () => void;
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
  | { type: 'tool-call'; id: string; name: string; input: string }
  /** Later ones replace earlier ones, figure by figure. */
  | { type: 'usage'; usage: Usage }
  /** Something that the dialect does not know; the stream goes on. */
  | { type: 'warning'; message: string }
  | { type: 'finish'; reason: FinishReason }
  | { type: 'error'; problem: Problem };

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
   * Streams one answer. Before `start` it may throw a ProviderRefusal (problem code PROVIDER_CANNOT_STREAM when only a
   * whole answer is to be had); after `start` it never throws: the last part says how it ended, and an end of the
   * connection without the dialect's finish is PROVIDER_BROKE_OFF. Aborting `signal` closes the socket at once and ends
   * the iteration (a throw of the signal's reason is fine).
   */
  chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ProviderPart>;
  /** Throws a ProviderRefusal. */
  models(signal: AbortSignal): Promise<ModelInfo[]>;
}
