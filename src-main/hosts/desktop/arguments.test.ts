import { expect, it } from 'vitest';
import { desktopArguments } from './arguments.ts';

it.each([
  [['electron', '.'], undefined, undefined],
  [['electron', '.', '--data-dir', '/data', '--config', 'c.json'], '/data', 'c.json'],
  [['choragus', '--data-dir=/data', '--no-sandbox', '--original-process-start-time=1'], '/data', undefined],
  [['choragus', '--allow-file-access-from-files', 'choragus://x', '--config='], undefined, undefined],
  [['choragus', '--data-dir'], undefined, undefined],
])('%j means the data folder %s and the configuration %s', (argv, dataDir, config) => {
  expect(desktopArguments(argv)).toEqual({ dataDir, config });
});
