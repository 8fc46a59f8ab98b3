import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import { AccessTokens } from './tokens.ts';

let folder: string;
let file: string;
let clock: FakeClock;
let warned: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-tokens-'));
  file = join(folder, 'access-tokens.json');
  clock = fakeClock();
  warned = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () =>
  new AccessTokens({
    file,
    clock,
    tightened: (path) => warned.push(`tightened ${path}`),
    logger: { warn: (_, message) => warned.push(message) },
  });

it('a token is told once, works after a restart, and only its hash is kept, for its owner alone', () => {
  const { id, token } = open().add('notes', ['chat', 'read']);
  expect(token).toMatch(/^cho_[\w-]{43}$/);
  expect(readFileSync(file, 'utf8')).not.toContain(token.slice(4));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(open().use(token)).toEqual({ id, name: 'notes', scopes: ['chat', 'read'] });
});

it('nothing else is a token: no other one, no part of one, no hash', () => {
  const tokens = open();
  const { token } = tokens.add('notes', ['chat', 'read']);
  const [{ hash }] = JSON.parse(readFileSync(file, 'utf8'));
  for (const wrong of ['', token.slice(0, -1), `${token}x`, token.toUpperCase(), hash])
    expect(tokens.use(wrong)).toBeNull();
  expect(tokens.list()[0]?.lastUsedAt).toBeNull();
});

it('lists the newest first, with the time of the last use since the start', () => {
  const tokens = open();
  const first = tokens.add('first', ['chat', 'read']);
  clock.advance(10);
  const second = tokens.add('second', ['chat', 'read']);
  clock.advance(10);
  tokens.use(first.token);
  const now = clock.now();
  expect(tokens.list()).toEqual([
    { id: second.id, name: 'second', scopes: ['chat', 'read'], createdAt: now - 10, lastUsedAt: null },
    { id: first.id, name: 'first', scopes: ['chat', 'read'], createdAt: now - 20, lastUsedAt: now },
  ]);
  expect(
    open()
      .list()
      .map(({ lastUsedAt }) => lastUsedAt),
  ).toEqual([null, null]);
});

it('a removed token is good for nothing, at once and after a restart', () => {
  const tokens = open();
  const [gone, stays] = [tokens.add('gone', ['chat', 'read']), tokens.add('stays', ['chat', 'read'])];
  tokens.remove(gone.id);
  for (const now of [tokens, open()]) expect([now.use(gone.token), now.use(stays.token)?.id]).toEqual([null, stays.id]);
  expect(() => tokens.remove(gone.id)).toThrow('There is no such access token.');
});

it('opens what it was made for, also after a restart; one of an older file opens chat and read', () => {
  const { id, token } = open().add('watcher', ['read', 'read', 'admin']);
  expect(open().use(token)).toEqual({ id, name: 'watcher', scopes: ['read', 'admin'] });
  const older = JSON.parse(readFileSync(file, 'utf8')).map(({ scopes: _, ...rest }: { scopes: unknown }) => rest);
  writeFileSync(file, JSON.stringify(older));
  expect(open().use(token)?.scopes).toEqual(['chat', 'read']);
});

it('there are a hundred at most', () => {
  const tokens = open();
  for (let n = 0; n < 100; n++) tokens.add(String(n), ['chat', 'read']);
  expect(() => tokens.add('one more', ['chat', 'read'])).toThrow('There are 100 access tokens already.');
});

it.each(['{', '{}', '[{"id":"a"}]'])('a damaged file lets nobody in, and is told: %s', (text) => {
  writeFileSync(file, text);
  chmodSync(file, 0o600);
  expect(open().list()).toEqual([]);
  expect(warned).toEqual(['the file of the access tokens is damaged; none of them is good any more']);
});
