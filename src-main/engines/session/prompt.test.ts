import { expect, test } from 'vitest';
import type { Node } from '#shared/domain/session.ts';
import type { Speaker } from '#shared/domain/things.ts';
import { type Parts, requestOf, tell } from './prompt.ts';

const speaker = (name: string, more: Partial<Speaker> = {}): Speaker => ({
  specialist: name.toLowerCase(),
  name,
  provider: 'p',
  providerName: 'P',
  model: 'm',
  offline: false,
  ...more,
});
const plain = (model: string, provider = 'p'): Speaker => {
  const { specialist: _, ...rest } = speaker(model, { model, provider });
  return rest;
};
const to = { specialist: 'apollo' };
const message = (id: string, text = id): Node => ({
  kind: 'message',
  id,
  parent: null,
  depth: 0,
  seq: 0,
  at: 0,
  text,
  to,
});
const turn = (id: string, by: Speaker, text = id): Node => ({
  ...({ kind: 'turn', id, parent: '', depth: 0, seq: 0, at: 0, to, state: 'done', seams: [], attempt: 1 } as const),
  ...{ reasoning: '', waiting: null, finish: 'stop', problem: null, usage: null, timing: null, buffered: false },
  speaker: by,
  text,
});

const apollo = speaker('Apollo');
const parts = (nodes: Node[], by: Speaker, more: Partial<Parts> = {}): Parts => ({
  ...{ session: 's', speaker: by, system: 'You are Apollo.', summary: undefined, pinned: [], nodes, goesOn: undefined },
  parameters: {},
  ...more,
});
const asked = (nodes: Node[], by: Speaker, more: Partial<Parts> = {}) => requestOf(parts(nodes, by, more));

test('what was pinned comes before the rest, each as what it was, and answers without their questions say so', () => {
  const athena = speaker('Athena');
  const pinned = [message('m1', 'I am Ada.'), turn('t1', apollo, 'Hello Ada.'), turn('t2', athena, 'An owl.')];
  const nodes = [message('m4', 'Now?'), turn('t4', apollo, ''), message('m5', 'And?')];
  expect(tell(parts(nodes, apollo, { pinned }))).toEqual([
    { role: 'user', text: 'I am Ada.', node: 'm1', why: 'pinned' },
    { role: 'user', text: 'You answered:\nHello Ada.', node: 't1', why: 'pinned' },
    { role: 'user', text: 'Athena answered:\nAn owl.', node: 't2', why: 'pinned' },
    { role: 'user', text: 'Now?', node: 'm4', why: 'history' },
    { role: 'user', text: 'And?', node: 'm5', why: 'question' },
  ]);
});

test('what is told in short follows the system text, or stands for it', () => {
  const summary = '- You: I am Ada.';
  const short = 'What was said before, in short:\n- You: I am Ada.';
  expect(asked([message('m')], apollo, { summary }).system).toBe(`You are Apollo.\n\n${short}`);
  expect(asked([message('m')], apollo, { summary, system: undefined }).system).toBe(short);
  expect(asked([message('m')], apollo, { system: undefined }).system).toBeUndefined();
});

test('a broken answer is gone on with by its text, and by a wish where that cannot be a beginning', () => {
  const text = 'Once upon';
  const began = asked([message('m')], apollo, { goesOn: { how: 'prefill', text } });
  expect(began).toMatchObject({ prefill: true, messages: [{ text: 'm' }, { role: 'assistant', text }] });
  const wished = asked([message('m')], apollo, { goesOn: { how: 'asked', text } });
  expect(wished.prefill).toBe(false);
  expect(wished.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
});

test('in a team each takes its own answers for its own and hears the others by name', () => {
  const [athena, sophia] = [speaker('Athena'), speaker('Sophia')];
  const path = [
    message('m1', 'What is a rose?'),
    turn('t1', apollo, 'A flower.'),
    message('m2', 'And you?'),
    turn('t2', athena, 'A symbol.'),
    message('m3', 'And you?'),
    turn('t3', sophia, 'A question.'),
    message('m4', 'Who is right?'),
  ];
  const rebound = { ...athena, model: 'another' };
  expect(asked(path, rebound).messages).toEqual([
    { role: 'user', text: 'What is a rose?' },
    { role: 'user', text: 'Apollo answered:\nA flower.' },
    { role: 'user', text: 'And you?' },
    { role: 'assistant', text: 'A symbol.' },
    { role: 'user', text: 'And you?' },
    { role: 'user', text: 'Sophia answered:\nA question.' },
    { role: 'user', text: 'Who is right?' },
  ]);
});

test('a plain model is another one when it is another model, of another provider, or a specialist', () => {
  const path = [plain('m'), plain('n'), plain('m', 'q'), speaker('m')].map((by, index) => turn(`t${index}`, by));
  expect(asked(path, plain('m')).messages.map(({ role }) => role)).toEqual(['assistant', 'user', 'user', 'user']);
});
