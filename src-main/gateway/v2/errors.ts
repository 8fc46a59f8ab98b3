import { Problem, type ProblemCode } from '#shared/domain/problem.ts';
import type { Told } from '../area.ts';

/** Every error code of v2 with the status it is told with. */
export const statuses = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  STOPPED: 409,
  EXPIRED: 410,
  SESSION_EXPIRED: 410,
  LIMIT_EXCEEDED: 413,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  AI_UNAVAILABLE: 503,
  INTERRUPTED: 503,
  UNAVAILABLE: 503,
  TIMEOUT: 504,
  STORAGE: 507,
} as const;

export type ApiCode = keyof typeof statuses;
export const apiCodes = Object.keys(statuses) as [ApiCode, ...ApiCode[]];

/** How each problem is told. */
const codes: Record<ProblemCode, ApiCode> = {
  PARSE: 'BAD_REQUEST',
  INVALID_REQUEST: 'BAD_REQUEST',
  UNKNOWN_METHOD: 'NOT_FOUND',
  INVALID_PARAMS: 'BAD_REQUEST',
  INTERNAL: 'INTERNAL',
  FRAME_TOO_LARGE: 'LIMIT_EXCEEDED',
  UNAUTHORIZED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  EXPIRED: 'EXPIRED',
  BUSY: 'CONFLICT',
  NEEDS_MODEL: 'AI_UNAVAILABLE',
  LIMIT: 'UNAVAILABLE',
  RATE_LIMITED: 'RATE_LIMITED',
  DISCONNECTED: 'UNAVAILABLE',
  TIMEOUT: 'TIMEOUT',
  STORAGE: 'STORAGE',
  UNSUPPORTED: 'BAD_REQUEST',
  STOPPED: 'STOPPED',
  PROVIDER_REFUSED: 'AI_UNAVAILABLE',
  PROVIDER_UNREACHABLE: 'AI_UNAVAILABLE',
  PROVIDER_RATE_LIMITED: 'AI_UNAVAILABLE',
  PROVIDER_BROKE_OFF: 'AI_UNAVAILABLE',
  PROVIDER_FAILED: 'AI_UNAVAILABLE',
  PROVIDER_GARBLED: 'AI_UNAVAILABLE',
  PROVIDER_STALLED: 'TIMEOUT',
  PROVIDER_CANNOT_STREAM: 'AI_UNAVAILABLE',
  PROVIDER_EMPTY: 'AI_UNAVAILABLE',
};

/** A problem with what a program may want to know of it beside its words. */
export class DetailedProblem extends Problem {
  readonly details: Record<string, unknown>;
  readonly as: ApiCode | undefined;

  constructor(problem: Problem, details: Record<string, unknown>, as?: ApiCode) {
    super(problem.code, problem.message, problem.next, { cause: problem });
    this.details = details;
    this.as = as;
  }
}

export interface Failure {
  code: ApiCode;
  message: string;
  details: Record<string, unknown>;
}

/** `reason` is the exact one, where the code stands for several. */
export function failureOf(problem: Problem): Failure {
  const { details = {}, as = codes[problem.code] } = problem instanceof DetailedProblem ? problem : {};
  return {
    code: as,
    message: problem.message,
    details: {
      ...(problem.next === undefined ? {} : { next: problem.next }),
      ...(as === problem.code ? {} : { reason: problem.code }),
      ...details,
    },
  };
}

/** `retryAfter`: in seconds. */
export function tell(problem: Problem, retryAfter?: number): Told {
  const failure = failureOf(problem);
  const error = retryAfter === undefined ? failure : { ...failure, retry_after: retryAfter };
  return { status: statuses[failure.code], body: { error } };
}
