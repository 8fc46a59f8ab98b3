import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewEvent } from '#shared/domain/events.ts';
import { emptySession, foldSession, path } from '#shared/domain/session.ts';
import { numbered } from '#shared/domain/testing/events.ts';
import { type Beginning, begin, type Said } from './begin.ts';

const to = { specialist: 'apollo' };
const speaker = { specialist: 'apollo', name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };

const events = (history: Said[], more: Partial<Beginning> = {}): NewEvent[] => {
  let ids = 0;
  return begin({ history, to, speaker, message: 'last', turn: 'wanted', ...more }, () => `n${++ids}`);
};
const view = (all: NewEvent[]) => numbered(all).reduce(foldSession, emptySession('s'));
const user = (text: string): Said => ({ role: 'user', text });
const assistant = (text: string): Said => ({ role: 'assistant', text });

test('a conversation becomes a path of messages and answers that ends with the turn that is wanted', () => {
  const all = events([user('Hello'), assistant('Hi.'), user('What is a rose?')], {
    made: { by: 'program' },
    parameters: { maxTokens: 5 },
    system: 'Be brief.',
  });
  const { title, made, nodes, head, to: last } = view(all);
  expect({ title, made, head, last }).toEqual({
    title: 'What is a rose?',
    made: { by: 'program' },
    head: 'wanted',
    last: to,
  });
  expect(path({ nodes, head }).map(({ kind, text }) => [kind, text])).toEqual([
    ['message', 'Hello'],
    ['turn', 'Hi.'],
    ['message', 'What is a rose?'],
    ['turn', ''],
  ]);
  expect(nodes.n2).toMatchObject({ state: 'done', speaker, usage: null, timing: null });
  expect(nodes.wanted).toMatchObject({ state: 'queued', parent: 'last' });
  expect(all.at(-1)).toMatchObject({ data: { parameters: { maxTokens: 5 }, system: 'Be brief.' } });
});

test('neighbours of the same role are one message', () => {
  const nodes = path(
    view(events([user('One'), user('Two'), assistant('A'), assistant('B'), user('Three'), user('Four')])),
  );
  expect(nodes.map(({ text }) => text)).toEqual(['One\n\nTwo', 'A\n\nB', 'Three\n\nFour', '']);
});

test('an answer to nothing is told in the system text, and no question is invented for it', () => {
  const opened = [assistant('Welcome.'), user('Hello')];
  const opening = 'You opened the conversation with these words:\nWelcome.';
  expect(path(view(events(opened))).map(({ text }) => text)).toEqual(['Hello', '']);
  expect(events(opened).at(-1)).toMatchObject({ data: { system: opening } });
  expect(events(opened, { system: 'Be brief.' }).at(-1)).toMatchObject({ data: { system: `Be brief.\n\n${opening}` } });
});

test('the last message must be a person’s, and none may grow without end', () => {
  const refused = expect.objectContaining({ code: 'INVALID_PARAMS' });
  expect(() => events([user('Hello'), assistant('Hi.')])).toThrow(refused);
  const long = Array.from({ length: 14 }, (_, nth) => (nth % 2 === 0 ? user : assistant)('x'.repeat(150_000)));
  expect(() => events([...long, user('And?')])).toThrow(refused);
  expect(() => events([assistant('Hi.')])).toThrow(refused);
  expect(() => events(Array.from({ length: 4 }, () => user('x'.repeat(50_000))))).toThrow(refused);
});

test('whatever was said, all of it is there, questions and answers by turns', () => {
  const said = fc.record({
    role: fc.constantFrom('user' as const, 'assistant' as const),
    text: fc.string({ minLength: 1 }),
  });
  fc.assert(
    fc.property(fc.array(said), (history) => {
      const all = events([...history, user('End')]);
      const nodes = path(view(all));
      expect(nodes.map(({ kind }) => kind)).toEqual(nodes.map((_, index) => (index % 2 === 0 ? 'message' : 'turn')));
      const wanted = all.at(-1) as Extract<NewEvent, { type: 'turn.requested' }>;
      const opening = wanted.data.system?.split('\n').slice(1).join('\n');
      const told = [...(opening === undefined ? [] : [opening]), ...nodes.slice(0, -1).map(({ text }) => text)];
      expect(told.join('\n\n')).toBe([...history, user('End')].map(({ text }) => text).join('\n\n'));
    }),
  );
});
