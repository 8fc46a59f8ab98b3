import { expect, test } from 'vitest';
import type { TestResult } from '../../../state/provider-tests.ts';
import { stepsOf } from './steps.ts';

const models = { count: 214, ms: 233 };
const answer = { model: 'm', firstTokenMs: 640, tokensPerSecond: 61.4, buffered: false };
const problem = { message: 'The provider refused the key.' };

const told = (result: TestResult | null, { running = false, fixed = false, unfinished = false } = {}) =>
  stepsOf({ running, at: 0, result, unfinished: unfinished ? problem : null }, fixed).map(
    ({ title, value, state }) => `${state}: ${title}, ${value}`,
  );

test('a test that went well names each step with its figure', () => {
  expect(told({ models, answer, problem: null })).toEqual([
    'ok: 214 models listed, 233 ms',
    'ok: First token, 640 ms',
    'ok: Streams, 61 tok/s',
  ]);
});

test('the step at which it ended is the only one that failed', () => {
  expect(told({ models: null, answer: null, problem })).toEqual([
    'failed: Models listed, failed',
    'open: First token, not reached',
    'open: Streams, not reached',
  ]);
  expect(told({ models, answer: null, problem })).toEqual([
    'ok: 214 models listed, 233 ms',
    'failed: First token, failed',
    'open: Streams, not reached',
  ]);
  expect(told({ models, answer, problem }).at(-1)).toBe('failed: Streams, failed');
  expect(told({ models: null, answer, problem })).toEqual([
    'failed: Models listed, failed',
    'ok: First token, 640 ms',
    'ok: Streams, 61 tok/s',
  ]);
});

test('an answer in one piece, one too short to measure and models named by hand are no failures', () => {
  expect(told({ models, answer: { ...answer, buffered: true }, problem: null }).at(-1)).toBe(
    'ok: Comes in one piece, does not stream',
  );
  expect(told({ models: null, answer: { ...answer, tokensPerSecond: null }, problem: null })).toEqual([
    'open: Models listed, named by hand',
    'ok: First token, 640 ms',
    'ok: Streams, too short to tell',
  ]);
});

test('of models that are named by hand no list is asked for, so none can have failed', () => {
  expect(told({ models: null, answer: null, problem }, { fixed: true })).toEqual([
    'open: Models listed, named by hand',
    'failed: First token, failed',
    'open: Streams, not reached',
  ]);
  expect(told(null, { running: true, fixed: true }).slice(0, 2)).toEqual([
    'open: Models listed, named by hand',
    'open: First token, asked',
  ]);
});

test('before and while it runs nothing is claimed, nor when it was not finished', () => {
  expect(stepsOf(undefined, false).every(({ state, value }) => state === 'open' && value === 'not asked')).toBe(true);
  expect(told(null, { running: true })[0]).toBe('open: Models listed, asked');
  expect(told(null, { unfinished: true })[2]).toBe('open: Streams, not known');
});
