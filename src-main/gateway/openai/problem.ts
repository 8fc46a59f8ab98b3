import { type Problem, type ProblemCode, problems } from '#shared/domain/problem.ts';
import type { Told } from '../area.ts';
import { RequestProblem } from '../request-problem.ts';
import { retryHeaders } from '../retry.ts';

const types: Partial<Record<ProblemCode, { status?: number; type: string; code: string }>> = {
  UNAUTHORIZED: { type: 'invalid_request_error', code: 'invalid_api_key' },
  FORBIDDEN: { type: 'invalid_request_error', code: 'insufficient_permissions' },
  NOT_FOUND: { type: 'invalid_request_error', code: 'not_found' },
  // 409 would have the official clients ask again.
  NEEDS_MODEL: { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  CONFLICT: { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  LIMIT: { type: 'requests', code: 'rate_limit_exceeded' },
  RATE_LIMITED: { type: 'requests', code: 'rate_limit_exceeded' },
  PROVIDER_RATE_LIMITED: { type: 'requests', code: 'rate_limit_exceeded' },
};

/** What the OpenAI API says of a problem: `error` of its bodies and of its streams. */
export function openAiError(problem: Problem) {
  const { code, message, next } = problem;
  const param = problem instanceof RequestProblem ? problem.param : null;
  const known = types[code];
  const ours = problems[code].http >= 500 ? 'server_error' : 'invalid_request_error';
  return {
    message: next === undefined ? message : `${message} ${next}`,
    type: known?.type ?? ours,
    param,
    code: code === 'NOT_FOUND' && param === 'model' ? 'model_not_found' : (known?.code ?? code.toLowerCase()),
  };
}

export function tellOpenAi(problem: Problem, retryAfter?: number): Told {
  const status = types[problem.code]?.status ?? problems[problem.code].http;
  return { status, headers: retryHeaders(problem, retryAfter), body: { error: openAiError(problem) } };
}
