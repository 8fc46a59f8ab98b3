import type { Problem } from '#shared/domain/problem.ts';

/**
 * Headers that tell a client whether and when to ask again. `x-should-retry` is what the official clients look at: they
 * would ask again after any 5xx, and what a provider refused it refuses again.
 */
export const retryHeaders = ({ code }: Problem, retryAfter: number | undefined): Record<string, string> => ({
  ...(code === 'PROVIDER_REFUSED' ? { 'x-should-retry': 'false' } : {}),
  ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
});
