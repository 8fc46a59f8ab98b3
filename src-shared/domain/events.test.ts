import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type EventType, eventVersions, RawEvent, readEvent } from './events.ts';

/** `TYPE@VERSION.json`: `data` as that version wrote it, and `read` as it is read today when that differs. Never edited. */
const FIXTURES = join(import.meta.dirname, 'fixtures');
const fixture = (name: string): { data: Record<string, unknown>; read?: unknown } =>
  JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8'));
const envelope = { seq: 7, session: 's', at: 1_700_000_000_000 };
const types = Object.keys(eventVersions) as EventType[];

const every = types.flatMap((type) =>
  Array.from({ length: eventVersions[type] }, (_, index) => ({ type, version: index + 1 })),
);

test.each(every)('$type version $version is read as it was meant', ({ type, version }) => {
  const { data, read = data } = fixture(`${type}@${version}`);
  const raw = RawEvent.parse({ ...envelope, type, version, data });
  expect(readEvent(raw)).toEqual({ ...envelope, type, version: eventVersions[type], data: read });
});

test('there is a fixture for each type and version, and none for others', () => {
  expect(readdirSync(FIXTURES).sort()).toEqual(every.map(({ type, version }) => `${type}@${version}.json`).sort());
});

test('a type that this version does not know is passed over', () => {
  for (const type of ['session.painted', 'toString', '__proto__', ''])
    expect(readEvent({ ...envelope, type, version: 1, data: {} }), type).toBeUndefined();
});

test('a newer version of a known type is passed over', () => {
  for (const type of types)
    expect(readEvent({ ...envelope, type, version: eventVersions[type] + 1, data: { any: 'thing' } })).toBeUndefined();
});

test('a known event of a wrong shape is an error', () => {
  // A tombstone says nothing but that, and an arrangement only what changes.
  for (const type of types)
    if (type !== 'session.deleted' && type !== 'session.arranged')
      expect(() => readEvent({ ...envelope, type, version: 1, data: {} }), type).toThrow();
  const { data } = fixture('turn.part@1');
  expect(() => readEvent({ ...envelope, type: 'turn.part', version: 1, data: { ...data, offset: -1 } })).toThrow();
});

test('what was added to a version later is read where it is', () => {
  const made = { by: 'program', window: 3, lifetimeMs: 60_000, metadata: { client: 'x', tags: ['a'] } };
  const added = { parameters: { temperature: 0.2, maxTokens: 50 }, system: 'Be brief.' };
  for (const [type, more] of [
    ['session.created', { made, forked: { session: 'a', seq: 812 }, job: 'j1' }],
    ['turn.requested', added],
  ] as const) {
    const data = { ...fixture(`${type}@1`).data, ...more };
    expect(readEvent({ ...envelope, type, version: 1, data })).toEqual({ ...envelope, type, version: 1, data });
  }
});

test('fields that are not known are dropped, those of a joined event stay', () => {
  const { data } = fixture('turn.part@1');
  const raw = { ...envelope, first: 3, type: 'turn.part', version: 1, data: { ...data, colour: 'red' } };
  expect(readEvent(raw)).toEqual({ ...envelope, first: 3, type: 'turn.part', version: 1, data });
});
