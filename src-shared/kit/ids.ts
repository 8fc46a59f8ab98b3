/** Random numbers in [0, 1), handed in. */
export type Random = () => number;

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
const bits = (random: Random, count: number) => Math.floor(random() * 2 ** count);

/**
 * UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits. Used for sessions, messages, turns and
 * commands; a command's time tells a forgotten id from a new one.
 */
export function uuidv7(now: number, random: Random): string {
  const time = hex(Math.max(0, Math.floor(now)), 12);
  const variant = 0x8000 + bits(random, 14);
  const start = [time.slice(0, 8), time.slice(8), `7${hex(bits(random, 12), 3)}`, hex(variant, 4)];
  // Joined, since many ids are kept: a template would keep each of its pieces.
  return [...start, hex(bits(random, 24), 6) + hex(bits(random, 24), 6)].join('-');
}

/** Unix milliseconds in which a version 7 UUID was made. */
export const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
