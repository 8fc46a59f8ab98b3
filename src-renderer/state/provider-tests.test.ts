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

test('a test that the connection did not outlive says nothing about the provider, and nothing internal', async () => {
  const { asked, tests } = setUp();
  const run = tests.run('a');
  asked[0]?.reject(new Problem('DISCONNECTED', 'The connection was lost before providers.test was answered.'));
  await run;
  expect(tests.store.getState().a).toMatchObject({
    running: false,
    result: null,
    unfinished: { message: 'The test was not finished: the connection was lost.', next: 'Test it again.' },
  });
  const other = tests.run('a');
  asked[1]?.reject(new Problem('CONFLICT', 'Mine is switched off.', 'Switch it on first.'));
  await other;
  expect(tests.store.getState().a?.unfinished).toEqual({
    message: 'Mine is switched off.',
    next: 'Switch it on first.',
  });
});

test('a test that began before the provider was changed is not shown as one of the new settings', async () => {
  const { asked, tests } = setUp();
  const old = tests.run('a');
  tests.forget('a');
  expect(tests.store.getState()).toEqual({});
  const fresh = tests.run('a');
  asked[0]?.resolve({ ...good, models: null });
  await old;
  expect(tests.store.getState().a).toMatchObject({ running: true, result: null });
  asked[1]?.resolve(good);
  await fresh;
  expect(tests.store.getState().a).toMatchObject({ running: false, result: good });
  tests.forget('a');
  expect(tests.store.getState()).toEqual({});
});
