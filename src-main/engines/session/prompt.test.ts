import { expect, test } from 'vitest';
import type { Node } from '#shared/domain/session.ts';
import type { Speaker } from '#shared/domain/things.ts';
import { ScriptedProvider } from '../streaming/testing/scripted-provider.ts';
import { type Asking, specOf, windowed } from './prompt.ts';

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
const message = (id: string, text = id): Node => ({ kind: 'message', id, parent: null, seq: 0, at: 0, text, to });
const turn = (id: string, by: Speaker, text = id): Node => ({
  ...({ kind: 'turn', id, parent: '', seq: 0, at: 0, to, state: 'done', seams: [], attempt: 1 } as const),
  ...{ reasoning: '', waiting: null, finish: 'stop', problem: null, usage: null, timing: null, buffered: false },
  speaker: by,
  text,
});

const apollo = speaker('Apollo');
const asked = (path: Node[], by: Speaker, more: Partial<Asking> = {}) => {
  const asking = { session: 's', turn: 't', path, window: undefined, from: undefined, ...more };
  const settings = { system: 'You are Apollo.', temperature: 0.5, maxTokens: 9 };
  return specOf(asking, { speaker: by, provider: new ScriptedProvider({}), ...settings }).request;
};

test('the window holds the last exchanges, the message that is asked among them', () => {
  const path = [
    message('m1'),
    turn('t1', apollo),
    turn('t1b', apollo),
    message('m2'),
    message('m3'),
    turn('t3', apollo),
    message('m4'),
  ];
  const ids = (window?: number) =>
    windowed(path, window)
      .map(({ id }) => id)
      .join(' ');
  expect(ids(1)).toBe('m4');
  expect(ids(2)).toBe('m3 t3 m4');
  expect(ids(3)).toBe('m2 m3 t3 m4');
  expect([ids(), ids(0), ids(4), ids(9)]).toEqual(Array(4).fill('m1 t1 t1b m2 m3 t3 m4'));
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

test('what a program chose comes before how the specialist is set, and its system text after the persona', () => {
  expect(asked([message('m')], apollo)).toMatchObject({ system: 'You are Apollo.', temperature: 0.5, maxTokens: 9 });
  const chosen = { parameters: { temperature: 0 }, system: 'Be brief.' };
  expect(asked([message('m')], apollo, chosen)).toMatchObject({
    system: 'You are Apollo.\n\nBe brief.',
    temperature: 0,
    maxTokens: 9,
  });
});
