import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { calls, PROTOCOL, streams } from './contract.ts';

/** Of everything that crosses the wire in this version of the contract. */
const PINNED = 'e2675779d34ac513';

const schema = (type: z.ZodType, io: 'input' | 'output') => z.toJSONSchema(type, { io, unrepresentable: 'any' });

const wire = {
  protocol: PROTOCOL,
  calls: Object.entries(calls).map(([name, { params, result }]) => [
    name,
    schema(params, 'input'),
    schema(result, 'output'),
  ]),
  streams: Object.entries(streams).map(([name, { params, item }]) => [
    name,
    schema(params, 'input'),
    schema(item, 'output'),
  ]),
};

const sorted = (_key: string, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

it('the wire is as it was decided to be', () => {
  const fingerprint = createHash('sha256').update(JSON.stringify(wire, sorted)).digest('hex').slice(0, 16);
  expect(
    fingerprint,
    `The contract has changed. If other programs can still talk to it (something was added, nothing taken away or made
stricter), write ${fingerprint} into contract.test.ts. If old clients would misread it, raise PROTOCOL too.`,
  ).toBe(PINNED);
});

const command = '019b8d0a-0000-7000-8000-000000000000';
const accepts = (type: z.ZodType, value: unknown) => type.safeParse(value).success;

it.each(['', 'a b', 'a/b', 'x'.repeat(65), 'constructor', '__proto__', 'toString', 'system', 'completions'])(
  'a session cannot be called "%s"',
  (session) => {
    expect(accepts(calls['sessions.create'].params, { command, session })).toBe(false);
    expect(accepts(streams['session.follow'].params, { session })).toBe(false);
  },
);

it('messages, turns and nodes are called by ids that no object has from birth', () => {
  const to = { specialist: 'editor' };
  const send = (message: string) => ({ command, session: 's', message, text: 'Hi', to });
  expect(accepts(calls['messages.send'].params, send('019b8d0a-0000.message_1'))).toBe(true);
  expect(accepts(calls['messages.send'].params, send('__proto__'))).toBe(false);
  expect(accepts(calls['turns.stop'].params, { command, session: 's', turn: 'constructor' })).toBe(false);
  expect(accepts(calls['sessions.select'].params, { command, session: 's', node: 'valueOf' })).toBe(false);
});

it('what a program says of its session is its own, up to a bound', () => {
  const create = (made: object) => accepts(calls['sessions.create'].params, { command, session: 's', made });
  expect(create({ by: 'program', window: 5, lifetimeMs: 1000, metadata: { tags: ['a', { deep: null }] } })).toBe(true);
  expect(create({ by: 'program', metadata: { note: 'x'.repeat(16_370) } })).toBe(true);
  expect(create({ by: 'program', metadata: { note: 'x'.repeat(16_384) } })).toBe(false);
  expect(create({ by: 'person' })).toBe(false);
  expect(create({ by: 'program', metadata: { deep: JSON.parse(`${'['.repeat(8000)}${']'.repeat(8000)}`) } })).toBe(
    false,
  );
  expect([1, 3e12, 0, 1.5, 3.2e12].map((lifetimeMs) => create({ by: 'program', lifetimeMs }))).toEqual([
    ...[true, true],
    ...[false, false, false],
  ]);
});

it('a session begins with something that was said, by a user or an assistant', () => {
  const begin = (...history: object[]) =>
    accepts(calls['sessions.begin'].params, { command, session: 's', to: { specialist: 'editor' }, history });
  expect(begin({ role: 'assistant', text: 'Welcome.' }, { role: 'user', text: 'Hi' })).toBe(true);
  expect([begin(), begin({ role: 'user', text: '' }), begin({ role: 'system', text: 'Hi' })]).toEqual([
    false,
    false,
    false,
  ]);
});

it('a key is what stands between the spaces and ends of lines that were pasted with it', () => {
  const keyOf = (key: string) => calls['providers.change'].params.parse({ command, provider: 'a', key }).key;
  expect(['abc\n', ' a b \r\n', ''].map(keyOf)).toEqual(['abc', 'a b', '']);
});

const connect = (baseUrl: string) =>
  calls['providers.connect'].params.safeParse({ command, kind: 'openai', name: 'A', baseUrl });

it.each(['http://localhost:11434/v1', 'https://api.example.com', 'HTTPS://example.com/a@b?c=@d', 'http://[::1]:8080/'])(
  'a provider can be at %s',
  (baseUrl) => expect(connect(baseUrl).success).toBe(true),
);

it.each([
  'http://user:secret@host/v1',
  'https://secret@host',
  'http:user:secret@host',
  'http:///user:secret@host',
  'http:\\\\user:secret@host',
  'http://\t/user:secret@host',
  'http://user:sec\nret@host',
])('an address may hold no secret: %j', (baseUrl) => {
  const { error } = connect(baseUrl);
  expect(error?.issues.map(({ message }) => message)).toContain(
    'must hold no user name and no password: give the key in its own field',
  );
});
