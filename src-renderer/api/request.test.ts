import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field, Operation } from './operations.ts';
import { curlOf, faultsOf, requestOf } from './request.ts';

const field = (name: string, place: Field['place'], more: Partial<Field> = {}): Field => ({
  name,
  place,
  required: false,
  kind: 'text',
  description: '',
  fallback: '',
  example: '',
  ...more,
});
const operation: Operation = {
  id: 'test',
  method: 'POST',
  path: '/things/{thing}/do',
  group: '',
  summary: '',
  description: '',
  fields: [
    field('thing', 'path', { required: true }),
    field('limit', 'query', { kind: 'number' }),
    field('last-event-id', 'header'),
    field('text', 'body', { required: true, kind: 'long' }),
    field('count', 'body', { kind: 'number' }),
    field('shared', 'body', { kind: 'boolean' }),
    field('metadata', 'body', { kind: 'json' }),
  ],
};

describe('a request from a form', () => {
  it('has each value in its place, with its type, and nothing of what is empty', () => {
    const values = { thing: 'a/b', limit: '5', text: 'Hi', shared: 'true', metadata: '{"a":[1]}', count: '' };
    expect(requestOf(operation, values)).toEqual({
      method: 'POST',
      path: '/things/a%2Fb/do?limit=5',
      headers: { 'Content-Type': 'application/json' },
      body: '{"text":"Hi","shared":true,"metadata":{"a":[1]}}',
    });
    expect(requestOf(operation, { ...values, 'last-event-id': 'e:1' }).headers).toMatchObject({
      'Last-Event-Id': 'e:1',
    });
  });

  it('is not made of what is missing, no number or no JSON', () => {
    expect(Object.keys(faultsOf(operation, { limit: 'many', metadata: '{' }))).toEqual([
      'thing',
      'limit',
      'text',
      'metadata',
    ]);
    expect(faultsOf(operation, { thing: 'x', text: 'y', count: '0.5', metadata: 'null' })).toEqual({});
  });
});

it('the curl command means the same request to a shell, whatever was typed', () => {
  const typed = fc.string({ unit: 'binary', minLength: 1 }).map((text) => text.replaceAll('\0', '').toWellFormed());
  fc.assert(
    fc.property(typed, typed, (thing, text) => {
      fc.pre(thing !== '' && text !== '');
      const request = requestOf(operation, { thing, text, 'last-event-id': 'e:1' });
      const command = curlOf(request, 'http://127.0.0.1:1');
      const shell = `CHORAGUS_TOKEN=secret; curl() { printf '%s\\0' "$@"; }; ${command}`;
      const args = execFileSync('sh', ['-c', shell], { encoding: 'utf8' }).split('\0').slice(0, -1);
      expect(args).toEqual([
        '-N',
        '-X',
        'POST',
        `http://127.0.0.1:1${request.path}`,
        '-H',
        'Authorization: Bearer secret',
        '-H',
        'Content-Type: application/json',
        '-H',
        'Last-Event-Id: e:1',
        '-d',
        request.body,
      ]);
    }),
    { numRuns: 40 },
  );
});
