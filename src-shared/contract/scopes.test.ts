import { expect, it } from 'vitest';
import { calls, streams } from './contract.ts';
import { opens, scopes } from './scopes.ts';

const names = [...Object.keys(calls), ...Object.keys(streams)] as (keyof typeof scopes)[];

it('every call and every stream has its scopes', () => {
  expect(Object.keys(scopes).sort()).toEqual([...names].sort());
});

it('the user may do everything', () => {
  expect(names.filter((name) => !opens(name, 'user'))).toEqual([]);
});

it('chat talks, but sees no list of what others talk about and changes nothing else', () => {
  const may = (name: keyof typeof scopes) => opens(name, ['chat']);
  expect(['messages.send', 'turns.stop', 'session.follow', 'turn.follow'].map((name) => may(name as never))).toEqual(
    Array(4).fill(true),
  );
  expect(
    ['sessions.list', 'sessions.follow', 'topics.follow', 'providers.change'].some((name) => may(name as never)),
  ).toBe(false);
});

it('read follows everything and sends nothing', () => {
  const may = (name: keyof typeof scopes) => opens(name, ['read']);
  expect([may('sessions.follow'), may('topics.follow'), may('messages.send'), may('sessions.delete')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('no scope opens the gateway itself, whose gifts would outlive the token, nor puts another log in place', () => {
  const closed = names.filter((name) => !opens(name, ['chat', 'read', 'admin']));
  expect(closed.sort()).toEqual([
    'app.openDataFolder',
    'data.restore',
    'gateway.addToken',
    'gateway.removeToken',
    'gateway.set',
    'host.follow',
  ]);
});

it('admin includes what the others open', () => {
  const others = names.filter((name) => opens(name, ['chat', 'read']));
  expect(others.filter((name) => !opens(name, ['admin']))).toEqual([]);
});
