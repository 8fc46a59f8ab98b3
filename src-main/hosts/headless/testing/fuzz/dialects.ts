import { expect } from 'vitest';
import { z } from 'zod';
import { problems } from '#shared/domain/problem.ts';
import { apiCodes } from '../../../../gateway/v2/errors.ts';
import type { RawAnswer, RawRequest } from './raw-http.ts';

const words = z.string().min(1);
const problem = z.strictObject({ code: z.enum(Object.keys(problems)), message: words, next: z.string().optional() });

/** How each dialect says that something went wrong. */
const shapes = {
  v2: z.strictObject({
    error: z.strictObject({
      code: z.enum(apiCodes).exclude(['INTERNAL']),
      message: words,
      details: z.record(z.string(), z.unknown()),
      retry_after: z.number().optional(),
    }),
  }),
  openai: z.strictObject({
    error: z.strictObject({ message: words, type: words, param: z.string().nullable(), code: words }),
  }),
  anthropic: z.strictObject({
    type: z.literal('error'),
    error: z.strictObject({ type: words, message: words }),
    request_id: words,
  }),
  sockets: z.strictObject({
    error: z.strictObject({ code: words, message: words, details: z.record(z.string(), z.unknown()) }),
  }),
  own: problem,
} as const;
export type Dialect = keyof typeof shapes;

/** What each may say, beside what went well. 5xx: a provider failed, or a limit was met. */
const refusals: Record<Dialect, readonly number[]> = {
  v2: [400, 401, 403, 404, 405, 409, 410, 413, 415, 421, 426, 429, 503, 504],
  openai: [400, 401, 403, 404, 405, 413, 415, 421, 429, 502, 503, 504],
  anthropic: [400, 401, 403, 404, 405, 413, 415, 421, 429, 502, 503, 504],
  sockets: [400, 401, 403, 404, 405, 413, 415, 421, 426],
  own: [400, 401, 403, 404, 405, 413, 415, 421],
};

function dialectOf({ path, headers }: RawRequest): Dialect {
  const place = path.split('?', 1)[0]!;
  const under = (root: string) => place === root || place.startsWith(`${root}/`);
  const version = headers.some(([name]) => name.toLowerCase() === 'anthropic-version');
  if (under('/v1/messages') || (version && under('/v1/models'))) return 'anthropic';
  if (under('/v1')) return 'openai';
  if (under('/api')) return 'v2';
  return place.startsWith('/ws/ai/') ? 'sockets' : 'own';
}

/** It went well, or was refused with a documented status and in the words of the dialect that it was asked in. */
export function expectDocumented(request: RawRequest, answer: RawAnswer | null): void {
  expect(answer, 'it was hung up on').not.toBeNull();
  const { status, headers, body } = answer!;
  const told = `${status} ${body.slice(0, 500)}`;
  if (status < 400) {
    expect([200, 201, 204, 206, 302, 304], told).toContain(status);
    return;
  }
  const dialect = dialectOf(request);
  // What cannot even be read as HTTP belongs to no dialect.
  const unread = shapes.own.safeParse(parse(body));
  if (unread.success && (status === 431 || (status === 400 && unread.data.code === 'INVALID_REQUEST'))) return;
  expect(refusals[dialect], told).toContain(status);
  expect(headers.get('x-content-type-options'), told).toBe('nosniff');
  if (request.method === 'HEAD') return;
  if (dialect === 'own' && headers.get('content-type')?.startsWith('text/html'))
    expect(body).toContain('<!doctype html>');
  else expect(shapes[dialect].safeParse(parse(body)).error, told).toBeUndefined();
}

export function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
