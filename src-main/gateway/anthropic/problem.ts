import { type Problem, type ProblemCode, problems } from '#shared/domain/problem.ts';
import type { Told } from '../area.ts';
import { retryHeaders } from '../retry.ts';

/** Where the usual status would have the official clients ask again. */
const statuses: Partial<Record<ProblemCode, number>> = { NEEDS_MODEL: 404, CONFLICT: 404 };

const types = new Map([
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [504, 'timeout_error'],
]);

const statusOf = ({ code }: Problem) => statuses[code] ?? problems[code].http;

/** What the Anthropic API says of a problem: its bodies, and the `error` event of its streams. */
export function anthropicError(problem: Problem, requestId: string) {
  const { message, next } = problem;
  const status = statusOf(problem);
  const type = types.get(status) ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  return {
    type: 'error',
    error: { type, message: next === undefined ? message : `${message} ${next}` },
    request_id: requestId,
  };
}

export function tellAnthropic(problem: Problem, requestId: string, retryAfter?: number): Told {
  const headers = { 'request-id': requestId, ...retryHeaders(problem, retryAfter) };
  return { status: statusOf(problem), headers, body: anthropicError(problem, requestId) };
}
