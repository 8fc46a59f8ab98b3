import type { Problem, ProblemCode } from '#shared/domain/problem.ts';
import { RateLimited } from '../rate.ts';

/** As the dialect tells what went wrong. `details.code` is the exact one, where the number stands for several. */
export interface Failure {
  code: number;
  message: string;
  data: Record<string, unknown>;
}

const SESSION_EXPIRED = -32000;
const AI_UNAVAILABLE = -32001;
const CONTEXT_LIMIT = -32002;
const RATE_LIMITED = -32003;
const NOT_ALLOWED = -32004;
const BUSY = -32005;
const STOPPED = -32006;

const codes: Record<ProblemCode, number> = {
  PARSE: -32700,
  INVALID_REQUEST: -32600,
  FRAME_TOO_LARGE: -32600,
  UNKNOWN_METHOD: -32601,
  INVALID_PARAMS: -32602,
  NOT_FOUND: -32602,
  UNSUPPORTED: -32602,
  INTERNAL: -32603,
  STORAGE: -32603,
  EXPIRED: SESSION_EXPIRED,
  NEEDS_MODEL: AI_UNAVAILABLE,
  DISCONNECTED: AI_UNAVAILABLE,
  TIMEOUT: AI_UNAVAILABLE,
  PROVIDER_REFUSED: AI_UNAVAILABLE,
  PROVIDER_UNREACHABLE: AI_UNAVAILABLE,
  PROVIDER_BROKE_OFF: AI_UNAVAILABLE,
  PROVIDER_FAILED: AI_UNAVAILABLE,
  PROVIDER_GARBLED: AI_UNAVAILABLE,
  PROVIDER_STALLED: AI_UNAVAILABLE,
  PROVIDER_CANNOT_STREAM: AI_UNAVAILABLE,
  PROVIDER_EMPTY: AI_UNAVAILABLE,
  LIMIT: CONTEXT_LIMIT,
  RATE_LIMITED,
  PROVIDER_RATE_LIMITED: RATE_LIMITED,
  UNAUTHORIZED: NOT_ALLOWED,
  FORBIDDEN: NOT_ALLOWED,
  BUSY,
  CONFLICT: BUSY,
  STOPPED,
};

/** In seconds, where nobody said how long. */
const SOON = 1;

/** `details`: what else is known. */
export function failureOf(problem: Problem, specialist_id: string, details: object = {}): Failure {
  const { message, next } = problem;
  const code = codes[problem.code];
  const data: Failure['data'] = {
    specialist_id,
    details: { code: problem.code, ...(next === undefined ? {} : { next }), ...details },
  };
  if (code === RATE_LIMITED) data.retry_after = problem instanceof RateLimited ? problem.retryAfter : SOON;
  return { code, message, data };
}

/** Something went wrong, with what a program may want to know beside its words. */
export class Detailed extends Error {
  readonly details: object;

  constructor(cause: unknown, details: object) {
    super('', { cause });
    this.details = details;
  }
}
