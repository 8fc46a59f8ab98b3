import type { z } from 'zod';
import { Problem, type ProblemCode } from '#shared/domain/problem.ts';

/** Something is wrong with what was asked, at this place of the body, such as `messages[0].content`. */
export class RequestProblem extends Problem {
  readonly param: string | null;

  constructor(param: string | null, message: string, next?: string, code: ProblemCode = 'INVALID_PARAMS') {
    super(code, message, next);
    this.param = param;
  }
}

/** The body as its schema gives it out; throws a RequestProblem for the first thing that is wrong with it. */
export function readBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const issue = deepest(read.error.issues[0]!);
  const param = issue.path.reduce<string>(
    (path, step) =>
      typeof step === 'number' ? `${path}[${step}]` : path === '' ? String(step) : `${path}.${String(step)}`,
    '',
  );
  throw new RequestProblem(param || null, `${param || 'The body'}: ${issue.message}.`, 'Correct the request.');
}

type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>;

/** Of several forms that something may have, the one that was meant is that which fits the furthest. */
function deepest(issue: z.core.$ZodIssue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const meant = issue.errors
    .flatMap((form) => form.slice(0, 1).map(deepest))
    .reduce<Issue>((best, each) => (each.path.length > best.path.length ? each : best), {
      path: [],
      message: issue.message,
    });
  return { path: [...issue.path, ...meant.path], message: meant.message };
}
