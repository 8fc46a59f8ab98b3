import { expect, test } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { ProviderTests, type TestResult } from './provider-tests.ts';

const good: TestResult = { models: { count: 3, ms: 20 }, answer: null, problem: null };

function setUp() {
  const asked: { params: object; resolve(result: TestResult): void; reject(error: unknown): void }[] = [];
  const ask = (params: object) =>
    new Promise<TestResult>((resolve, reject) => {
      asked.push({ params, resolve, reject });
    });
  return { asked, tests: new ProviderTests(ask, fakeClock()) };
}

test('a provider is tested once at a time, others meanwhile, and what came is remembered', async () => {
  const { asked, tests } = setUp();
  const first = tests.run('a', 'small');
  await tests.run('a');
  void tests.run('b');
  expect(asked.map(({ params }) => params)).toEqual([{ provider: 'a', model: 'small' }, { provider: 'b' }]);
  asked[0]?.resolve(good);
  await first;
  expect(tests.store.getState().a).toMatchObject({ running: false, result: good });
  expect(tests.store.getState().b).toMatchObject({ running: true, result: null });
});

test('a test that could not be made is one that failed, with its next step', async () => {
  const { asked, tests } = setUp();
  const run = tests.run('a');
  asked[0]?.reject(new Problem('DISCONNECTED', 'The connection was lost.', 'Test it again.'));
  await run;
  expect(tests.store.getState().a?.result).toEqual({
    models: null,
    answer: null,
    problem: { message: 'The connection was lost.', next: 'Test it again.' },
  });
});

test('a result is forgotten when the provider has changed, a running test is not', async () => {
  const { asked, tests } = setUp();
  const run = tests.run('a');
  tests.forget('a');
  expect(tests.store.getState().a?.running).toBe(true);
  asked[0]?.resolve(good);
  await run;
  tests.forget('a');
  expect(tests.store.getState()).toEqual({});
});
