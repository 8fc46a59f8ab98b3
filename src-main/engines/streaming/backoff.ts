import type { Random } from '#shared/kit/ids.ts';

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** Longest wait that a provider may ask for before it is told to the user instead. */
const LONGEST_ASKED_MS = 60_000;

/**
 * Milliseconds to wait before attempt `attempt + 1`: what the provider asked for, else doubling with full jitter above
 * one half. Null when it asked for more than anybody would sit through.
 */
export function waitBefore(attempt: number, askedMs: number | undefined, random: Random): number | null {
  if (askedMs !== undefined) return askedMs > LONGEST_ASKED_MS ? null : askedMs;
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  return ceiling / 2 + (random() * ceiling) / 2;
}
