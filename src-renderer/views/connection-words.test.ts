import { expect, test } from 'vitest';
import { nameOf, namesOf, placeOf, wayOf } from './connection-words.ts';

const token = { id: 't', name: 'Nightly report' };

test('who said no name is called by what it is, and a window is a window', () => {
  expect(nameOf({ kind: 'window', name: 'window' })).toBe('Window');
  expect(nameOf({ kind: 'rpc', name: 'unknown' })).toBe('Program');
  expect(nameOf({ kind: 'request', name: '' })).toBe('Request');
  expect(nameOf({ kind: 'request', name: 'openai-node' })).toBe('openai-node');
});

test('the way somebody came in names the token, and a program without one has the token of the user', () => {
  expect(wayOf({ kind: 'window', address: null, token: null })).toBe('on the desktop');
  expect(wayOf({ kind: 'window', address: '127.0.0.1:5', token: null })).toBe('in a browser');
  expect(wayOf({ kind: 'rpc', address: '127.0.0.1:5', token })).toBe('at /rpc, token Nightly report');
  expect(wayOf({ kind: 'ws', address: '127.0.0.1:5', token: null })).toBe('at /ws/ai, your own token');
  expect(wayOf({ kind: 'request', address: '10.0.0.2:5', token })).toBe('streams over HTTP, token Nightly report');
  expect(placeOf({ address: null })).toBe('This computer');
  expect(placeOf({ address: '10.0.0.2:5' })).toBe('10.0.0.2:5');
});

test('those with the same name are counted, those of another kind are not among them', () => {
  const here = [
    { kind: 'window', name: 'window' },
    { kind: 'rpc', name: 'aish' },
    { kind: 'window', name: 'window' },
    { kind: 'request', name: 'aish' },
  ] as const;
  expect(namesOf(here)).toEqual([
    { sign: 'computer', text: '2 × Window' },
    { sign: 'program', text: 'aish' },
    { sign: 'request', text: 'aish' },
  ]);
});
