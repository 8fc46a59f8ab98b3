/** Narrow reads of parsed JSON, for the hot path: no schema per chunk. */
export const textOr = <T>(value: unknown, otherwise: T): string | T => (typeof value === 'string' ? value : otherwise);

export const countOr = <T>(value: unknown, otherwise: T): number | T =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : otherwise;

/** Undefined when it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const LONGEST = 160;

/** Something foreign as one short, harmless line: no key, nothing that looks like one, no control characters. */
export function excerpt(text: string, key?: string | undefined): string {
  const bounded = text.slice(0, 4000);
  const clean = (key === undefined || key === '' ? bounded : bounded.replaceAll(key, '[key]'))
    .replace(/\b(sk|pk|gsk|key|xai)-[\w*.-]{6,}/g, '[key]')
    .replace(/\bBearer\s+\S+/gi, '[key]')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, ' ')
    .trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1).trimEnd()}…` : clean;
}
