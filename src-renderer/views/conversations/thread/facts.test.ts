import { expect, test } from 'vitest';
import type { TurnNode } from '#shared/domain/session.ts';
import { endFacts, lastSeen, liveFacts } from './facts.ts';

const turn = (change: Partial<TurnNode>): TurnNode => ({
  kind: 'turn',
  id: 't',
  depth: 1,
  parent: 'm',
  seq: 1,
  at: 1,
  to: { specialist: 'apollo' },
  speaker: { specialist: 'apollo', name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false },
  state: 'done',
  text: 'Text',
  reasoning: '',
  seams: [],
  attempt: 1,
  waiting: null,
  finish: 'stop',
  problem: null,
  usage: { output: 318 },
  timing: { queuedMs: 0, firstTokenMs: 212.4, durationMs: 4000, tokensPerSecond: 84.1 },
  buffered: false,
  ...change,
});

test('a running answer tells first token, rate and about how many tokens came', () => {
  const figures = { startedAt: 1000, firstAt: 1212, lastAt: 2212, units: 400, curve: [] };
  expect(liveFacts(figures, 400)).toEqual(['first token 212 ms', '100 tok/s', 'about 100 tokens']);
  expect(liveFacts({ ...figures, startedAt: null, lastAt: 1212 }, 400)).toEqual(['about 100 tokens']);
  expect(liveFacts(undefined, 40)).toEqual(['about 10 tokens']);
});

test('a finished answer tells what was measured and counted', () => {
  expect(endFacts(turn({}))).toEqual(['first token 212 ms', '84 tok/s', '318 tokens']);
  expect(endFacts(turn({ usage: { output: 318, estimated: true } })).at(-1)).toBe('about 318 tokens');
});

test('an answer that did not end by itself says so first', () => {
  expect(endFacts(turn({ state: 'stopped' }))[0]).toBe('stopped after 318 tokens');
  expect(endFacts(turn({ state: 'interrupted', usage: null, timing: null }))).toEqual(['interrupted']);
  expect(endFacts(turn({ finish: 'length' }))[0]).toBe('length limit reached after 318 tokens');
});

test('an answer that came whole, and one of no language model, tell how long they took', () => {
  expect(endFacts(turn({ buffered: true }))).toEqual(['answered in 4 s', '318 tokens']);
  const offline = { ...turn({}).speaker, offline: true };
  expect(endFacts(turn({ speaker: offline }))).toEqual(['done in 4 s']);
});

test('under a continued answer the tokens are those after the seam', () => {
  const seams = [{ offset: 2, reason: 'It broke off.' }];
  expect(endFacts(turn({ seams }))).toContain('318 tokens after the seam');
  expect(endFacts(turn({ seams, state: 'stopped' }))).toContain('stopped 318 tokens after the seam');
});

test('while the connection is lost a running answer tells how it was seen last', () => {
  expect(lastSeen(turn({ state: 'streaming', text: 'x'.repeat(40) }))).toEqual([
    'last seen streaming',
    'about 10 tokens',
  ]);
  expect(lastSeen(turn({ state: 'connecting', text: '' }))).toEqual(['last seen connecting']);
});
