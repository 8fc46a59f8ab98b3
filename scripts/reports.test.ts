import { expect, it } from 'vitest';
import { readPlaywright, readVitest, shorten } from './reports.mjs';

it('counts what vitest reports, and a file that could not be loaded as one failure', () => {
  const test = (status: string, fullName: string, failureMessages: string[] = []) => ({
    status,
    fullName,
    failureMessages,
  });
  const report = {
    testResults: [
      {
        name: '/home/ada/choragus/src-main/log/file.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          test('passed', 'a'),
          test('failed', 'b', ['it is 1']),
          test('pending', 'c'),
          test('todo', 'd'),
        ],
      },
      { name: 'C:\\choragus\\walls\\walls.test.ts', status: 'failed', message: 'no such file', assertionResults: [] },
    ],
  };
  expect(readVitest(report)).toEqual({
    passed: 1,
    skipped: 2,
    failed: [
      { title: 'src-main/log/file.test.ts: b', detail: 'it is 1' },
      { title: 'choragus/walls/walls.test.ts', detail: 'no such file' },
    ],
  });
});

it('counts what Playwright reports, however deep it lies', () => {
  const spec = (title: string, status: string, errors: unknown[] = []) => ({
    title,
    tests: [{ status, results: [{ errors }] }],
  });
  const report = {
    errors: [{ message: 'no browser' }],
    suites: [
      {
        title: 'stop.spec.ts',
        specs: [spec('a', 'expected'), spec('b', 'skipped')],
        suites: [
          { title: 'by keyboard', specs: [spec('c', 'unexpected', [{ stack: 'at line 1' }]), spec('d', 'flaky')] },
        ],
      },
    ],
  };
  expect(readPlaywright(report)).toEqual({
    passed: 1,
    skipped: 1,
    failed: [
      { title: 'before any test', detail: 'no browser' },
      { title: 'stop.spec.ts: by keyboard: c', detail: 'at line 1' },
      { title: 'stop.spec.ts: by keyboard: d', detail: '' },
    ],
  });
});

it('shows the beginning of a long text, without colours', () => {
  expect(shorten('\u001b[31mred\u001b[39m\none\ntwo\n', 2)).toEqual(['red', 'one', '... and 1 more lines']);
  expect(shorten('short', 2)).toEqual(['short']);
});
