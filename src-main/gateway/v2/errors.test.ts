import { describe, expect, it } from 'vitest';
import { Problem, type ProblemCode, problems } from '#shared/domain/problem.ts';
import { DetailedProblem, tell } from './errors.ts';

const told = (code: ProblemCode) => {
  const { status, body } = tell(new Problem(code, 'What happened.', 'What to do.'));
  return [status, (body as { error: { code: string } }).error.code];
};

describe('how v2 tells problems', () => {
  it('has a code and a status for each, of which only its own bugs are a 500', () => {
    const all = (Object.keys(problems) as ProblemCode[]).map((code) => [code, ...told(code)]);
    expect(all.filter(([, status]) => status === 500)).toEqual([['INTERNAL', 500, 'INTERNAL']]);
    expect(all.filter(([, , code]) => code === undefined)).toEqual([]);
  });

  it.each([
    ['INVALID_PARAMS', 400, 'BAD_REQUEST'],
    ['UNAUTHORIZED', 401, 'UNAUTHORIZED'],
    ['NOT_FOUND', 404, 'NOT_FOUND'],
    ['BUSY', 409, 'CONFLICT'],
    ['EXPIRED', 410, 'EXPIRED'],
    ['NEEDS_MODEL', 503, 'AI_UNAVAILABLE'],
    ['PROVIDER_RATE_LIMITED', 503, 'AI_UNAVAILABLE'],
    ['PROVIDER_STALLED', 504, 'TIMEOUT'],
  ] as const)('%s is %i %s', (problem, status, code) => {
    expect(told(problem)).toEqual([status, code]);
  });

  it('puts what to do, the exact reason and details into details, and retry_after beside them', () => {
    const busy = new DetailedProblem(new Problem('BUSY', 'It is busy.', 'Wait.'), { session_id: 's' });
    expect(tell(busy).body).toEqual({
      error: {
        code: 'CONFLICT',
        message: 'It is busy.',
        details: { next: 'Wait.', reason: 'BUSY', session_id: 's' },
      },
    });
    expect(tell(new Problem('RATE_LIMITED', 'Too many.'), 7)).toEqual({
      status: 429,
      body: { error: { code: 'RATE_LIMITED', message: 'Too many.', details: {}, retry_after: 7 } },
    });
  });
});
