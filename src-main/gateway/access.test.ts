import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import { Access, accessKeys, codeMs, cookieMs } from './access.ts';

let clock: FakeClock;
beforeEach(() => {
  clock = fakeClock();
});

const keys = { token: 'the-access-token', secret: 'x'.repeat(32) };
const use = { id: 'its-id', name: 'notes', scopes: ['chat'] as const };
const access = (changed = {}) =>
  new Access({ ...keys, ...changed }, clock, { use: (token) => (token === 'given' ? use : null) });

describe('a code', () => {
  it('is traded for a cookie once', () => {
    const door = access();
    const code = door.issueCode();
    expect(door.allowsCookie(door.redeem(code)?.cookie)).toBe(true);
    expect(door.redeem(code)).toBeNull();
  });

  it('lasts five minutes, measured on a clock that nobody sets', () => {
    const door = access();
    const [early, late] = [door.issueCode(), door.issueCode()];
    clock.advance(codeMs - 1);
    clock.jump(24 * 3_600_000);
    expect(door.redeem(early)).not.toBeNull();
    clock.advance(1);
    expect(door.redeem(late)).toBeNull();
  });

  it('is nothing that can be guessed or made up', () => {
    const door = access();
    expect(door.issueCode()).toMatch(/^[\w-]{32}$/);
    expect(new Set(Array.from({ length: 20 }, () => door.issueCode())).size).toBe(20);
    for (const wrong of ['', 'x', door.issueCode().slice(1)]) expect(door.redeem(wrong)).toBeNull();
  });

  it('pushes out the oldest when there are too many', () => {
    const door = access();
    const codes = Array.from({ length: 33 }, () => door.issueCode());
    expect(door.redeem(codes[0]!)).toBeNull();
    expect(door.redeem(codes[1]!)).not.toBeNull();
    expect(door.redeem(codes[32]!)).not.toBeNull();
  });
});

describe('a cookie', () => {
  const fresh = () => {
    const door = access();
    return door.redeem(door.issueCode())!;
  };

  it('is good after a restart, for thirty days', () => {
    const { cookie } = fresh();
    clock.advance(cookieMs - 1);
    expect(access().allowsCookie(cookie)).toBe(true);
    clock.advance(1);
    expect(access().allowsCookie(cookie)).toBe(false);
  });

  it('cannot be prolonged, made up or taken elsewhere', () => {
    const [end, signature] = fresh().cookie.split('.');
    expect(access().allowsCookie(`${Number(end) + 1}.${signature}`)).toBe(false);
    for (const wrong of [undefined, '', '.', `${end}.`, 'NaN.x']) expect(access().allowsCookie(wrong)).toBe(false);
    expect(access({ secret: 'y'.repeat(32) }).allowsCookie(`${end}.${signature}`)).toBe(false);
  });

  it('ends with the access token under which it was given', () => {
    const { cookie, key } = fresh();
    expect(access({ token: 'another-access-token' }).allowsCookie(cookie)).toBe(false);
    expect(access({ token: 'another-access-token' }).allowsPage(cookie, key)).toBe(false);
  });

  it('opens nothing without the key that came with it, which is good for as long', () => {
    const { cookie, key } = fresh();
    clock.advance(1);
    const { key: another } = fresh();
    expect(access().allowsPage(cookie, key)).toBe(true);
    for (const wrong of [undefined, '', 'none', cookie, another, `${key}x`])
      expect(access().allowsPage(cookie, wrong)).toBe(false);
    expect(access({ secret: 'y'.repeat(32) }).allowsPage(cookie, key)).toBe(false);
    clock.advance(cookieMs - 1);
    expect(access().allowsPage(cookie, key)).toBe(false);
  });
});

it('a program comes in with the access token, or with one that was given to it, and no other', () => {
  expect(access().allowsToken('the-access-token')).toEqual({ token: null, scopes: 'user', page: false });
  const own = { token: { id: 'its-id', name: 'notes' }, scopes: ['chat'], page: false };
  expect(access().allowsToken('given')).toEqual(own);
  for (const wrong of ['', 'the-access-toke', 'the-access-token ', 'its-id'])
    expect(access().allowsToken(wrong)).toBeNull();
});

describe('the keys of a data folder', () => {
  let folder: string;
  let file: string;
  let tightened: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'choragus-access-'));
    file = join(folder, 'access.json');
    tightened = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = (given?: string) => accessKeys(file, given, (path) => tightened.push(path));

  it('are made once and kept for their owner alone', () => {
    const made = open();
    expect(open()).toEqual(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(made.token).not.toBe(made.secret);
  });

  it('give way to a token from the environment, which is not written down', () => {
    expect(open('from-the-environment').token).toBe('from-the-environment');
    expect(readFileSync(file, 'utf8')).not.toContain('from-the-environment');
    expect(open('').token).toBe(open().token);
  });

  it.each(['with a space', 'ümlaut', 'x'.repeat(201)])('an unusable token is told: %s', (token) => {
    expect(() => open(token)).toThrow('CHORAGUS_TOKEN is not usable as an access token.');
  });

  it.skipIf(process.platform === 'win32')('are tightened when others can read them', () => {
    open();
    chmodSync(file, 0o644);
    open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(tightened).toEqual([file]);
  });

  it.each(['', '{', '{"token":""}'])('are made anew when the file is damaged: %s', (text) => {
    writeFileSync(file, text);
    expect(open().token).toHaveLength(32);
    expect(open()).toEqual(open());
  });
});
