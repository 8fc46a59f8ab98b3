import { isColumnar } from './numbers.ts';

/**
 * JSON taken apart: its shape, which is the text with a sign in place of each value, and the values. Shapes repeat in
 * every turn; values of one kind compress well beside each other. The signs are characters that JSON never has.
 */
const signs = {
  id: '\x01',
  hash: '\x02',
  name: '\x03',
  text: '\x04',
  whole: '\x05',
  decimal: '\x06',
  wholes: '\x07',
  verbatim: '\x08',
  half: '\x09',
} as const;
export type Sign = keyof typeof signs;

export type Leaf =
  | { sign: 'id' | 'hash' | 'half' | 'name' | 'text' | 'verbatim'; value: string }
  | { sign: 'whole'; value: number }
  /** `value` divided by 10 to the power of `digits`. */
  | { sign: 'decimal'; value: number; digits: number }
  | { sign: 'wholes'; value: number[] };

/** Longest string, in UTF-16 units, that is kept once and referred to. */
const NAME = 64;
const MOST_DIGITS = 6;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Of 32 bytes, and of half as many, in base64url as it is written: bits that are left over are 0. */
const HASH = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;
const HALF = /^[A-Za-z0-9_-]{21}[AQgw]$/;

/** Units beyond which to take it apart would take too long, and gain nothing. */
const LONG = 128 * 1024;

/** What cannot be put together again exactly, or is long, is one value, as it stands. */
export function takeApart(json: string): { shape: string; leaves: Leaf[] } {
  const leaves: Leaf[] = [];
  try {
    const value: unknown = json.length > LONG ? undefined : JSON.parse(json);
    if (JSON.stringify(value) === json && json.isWellFormed() && !/\\u[dD][89a-fA-F]/.test(json))
      return { shape: shapeOf(value, leaves), leaves };
  } catch {
    // Kept as it stands.
  }
  return { shape: signs.verbatim, leaves: [{ sign: 'verbatim', value: json }] };
}

function shapeOf(value: unknown, leaves: Leaf[]): string {
  if (typeof value === 'object' && value !== null) {
    if (!Array.isArray(value)) {
      const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${shapeOf(each, leaves)}`);
      return `{${entries.join(',')}}`;
    }
    if (value.length === 0 || !value.every((each) => typeof each === 'number' && isColumnar(each)))
      return `[${value.map((each) => shapeOf(each, leaves)).join(',')}]`;
  }
  const leaf = leafOf(value);
  if (leaf === undefined) return JSON.stringify(value);
  leaves.push(leaf);
  return signs[leaf.sign];
}

function leafOf(value: unknown): Leaf | undefined {
  if (Array.isArray(value)) return { sign: 'wholes', value };
  if (typeof value === 'number') return numberLeaf(value);
  if (typeof value !== 'string') return undefined;
  if (UUID.test(value)) return { sign: 'id', value };
  if (HASH.test(value)) return { sign: 'hash', value };
  if (HALF.test(value)) return { sign: 'half', value };
  return { sign: value.length > NAME ? 'text' : 'name', value };
}

/** Undefined: it stays in the shape. */
function numberLeaf(value: number): Leaf | undefined {
  if (isColumnar(value)) return { sign: 'whole', value };
  for (let digits = 1; digits <= MOST_DIGITS; digits++) {
    const scaled = Math.round(value * 10 ** digits);
    if (isColumnar(scaled) && scaled / 10 ** digits === value) return { sign: 'decimal', value: scaled, digits };
  }
  return undefined;
}

/** A shape as it is filled again: a text before each value, its sign and the name under which it stands; and the rest. */
export interface Mould {
  before: string[];
  leaves: { sign: Sign; name: string }[];
  rest: string;
}

const named = new Map<string, Sign>((Object.entries(signs) as [Sign, string][]).map(([name, sign]) => [sign, name]));

export function mouldOf(shape: string): Mould {
  const mould: Mould = { before: [], leaves: [], rest: '' };
  let from = 0;
  for (const { 0: sign, index } of shape.matchAll(/[\x01-\x09]/g)) {
    const before = shape.slice(from, index);
    mould.before.push(before);
    mould.leaves.push({ sign: named.get(sign)!, name: /"([^"]*)":$/.exec(before)?.[1] ?? '' });
    from = index + 1;
  }
  mould.rest = shape.slice(from);
  return mould;
}
