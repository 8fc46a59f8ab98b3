import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Scope } from '#shared/domain/gateway.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { readPrivateFile, writePrivateFile } from '../config/private-file.ts';
import type { AccessTokens } from './tokens.ts';

/** A code in a link works once and for so long. */
export const codeMs = 5 * 60_000;
/** A browser stays signed in for so long. */
export const cookieMs = 30 * 24 * 3_600_000;
/** Codes that wait to be used; the oldest goes when another comes on top. */
const maxCodes = 32;

/** What guards a data folder. It outlives a restart, so that open tabs come back by themselves. */
export interface AccessKeys {
  /** For programs: `Authorization: Bearer`. */
  token: string;
  /** Signs the cookies of browsers. */
  secret: string;
}

const Kept = z.object({ token: z.string().min(1), secret: z.string().min(32) });
const random = () => randomBytes(24).toString('base64url');

/**
 * The keys kept in the data folder, made on first use; `given` (from CHORAGUS_TOKEN) stands in for the kept token and is
 * not written down.
 */
export function accessKeys(file: string, given: string | undefined, tightened: (file: string) => void): AccessKeys {
  let keys = readAccessKeys(file, tightened);
  if (keys === null) {
    keys = { token: random(), secret: random() };
    writePrivateFile(file, `${JSON.stringify(keys, null, 2)}\n`);
  }
  return { ...keys, token: givenToken(given) ?? keys.token };
}

/** Null: there are none, or the file is damaged; new ones cost every browser one more link, nothing else. */
export function readAccessKeys(file: string, tightened: (file: string) => void): AccessKeys | null {
  try {
    return Kept.parse(JSON.parse(readPrivateFile(file, tightened) ?? 'null'));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

export function givenToken(value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (/^[\x21-\x7e]{1,200}$/.test(value)) return value;
  throw new Problem(
    'INVALID_PARAMS',
    'CHORAGUS_TOKEN is not usable as an access token.',
    'Set it to at most 200 visible ASCII characters without spaces, or leave it out.',
  );
}

/**
 * What signs a browser in. Cookies know no ports, so other servers of this machine get to see the cookie; the key is kept
 * where only our own pages can read it, and the cookie opens no connection without it.
 */
export interface SignIn {
  cookie: string;
  key: string;
}

/** How somebody came in. */
export interface Admission {
  /** The access token of its own; null for the user. */
  token: { id: string; name: string } | null;
  /** What that token opens; `user` opens everything. */
  scopes: readonly Scope[] | 'user';
  /** It is a page of ours. */
  page: boolean;
}

const theUser: Admission = { token: null, scopes: 'user', page: false };
/** Somebody at one of our own pages. */
export const thePage: Admission = { ...theUser, page: true };

/** Who may come in. Comparisons take the same time whatever is compared. */
export class Access {
  readonly #keys: AccessKeys;
  readonly #clock: Clock;
  readonly #tokens: Pick<AccessTokens, 'use'>;
  /** Code to the monotonic time at which it ends, oldest first. */
  readonly #codes = new Map<string, number>();

  constructor(keys: AccessKeys, clock: Clock, tokens: Pick<AccessTokens, 'use'>) {
    this.#keys = keys;
    this.#clock = clock;
    this.#tokens = tokens;
  }

  /** For a link: works once. */
  issueCode(): string {
    const code = random();
    this.#codes.set(code, this.#clock.monotonic() + codeMs);
    for (const oldest of this.#codes.keys()) if (this.#codes.size > maxCodes) this.#codes.delete(oldest);
    return code;
  }

  /** Null when the code is wrong, used or too old. */
  redeem(code: string): SignIn | null {
    for (const [each, end] of this.#codes) {
      if (!same(each, code)) continue;
      this.#codes.delete(each);
      if (this.#clock.monotonic() >= end) return null;
      const cookie = this.#cookie(this.#clock.now() + cookieMs);
      return { cookie, key: this.#key(cookie) };
    }
    return null;
  }

  /** The main access token of the data folder, or one that the user gave to a program. */
  allowsToken(token: string): Admission | null {
    if (same(token, this.#keys.token)) return theUser;
    const use = this.#tokens.use(token);
    if (use === null) return null;
    const { id, name, scopes } = use;
    return { token: { id, name }, scopes, page: false };
  }

  allowsCookie(value: string | undefined): boolean {
    const end = Number(value?.split('.')[0]);
    return value !== undefined && same(value, this.#cookie(end)) && this.#clock.now() < end;
  }

  /** A page of ours, in a browser that is signed in. */
  allowsPage(cookie: string, key: string | undefined): boolean {
    return this.allowsCookie(cookie) && key !== undefined && same(key, this.#key(cookie));
  }

  #key(cookie: string): string {
    return createHmac('sha256', this.#keys.secret).update(`page ${cookie}`).digest('base64url');
  }

  /** Signed with the folder's secret for the present token: another token signs everybody out. */
  #cookie(end: number): string {
    return `${end}.${createHmac('sha256', this.#keys.secret).update(`${end} ${this.#keys.token}`).digest('base64url')}`;
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest();
const same = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
