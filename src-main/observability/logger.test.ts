import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import { type FileLoggerOptions, openLogger } from './logger.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-log-'));
  file = join(folder, 'logs', 'choragus.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What stands in the file after `work`, line by line. */
async function logged(
  work: (logger: ReturnType<typeof openLogger>) => void | Promise<void>,
  options: Partial<FileLoggerOptions> = {},
): Promise<Record<string, unknown>[]> {
  const logger = openLogger({ file, ...options });
  await work(logger);
  await logger.close();
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('writes a line of JSON for what happened, in a file for its owner alone', async () => {
  const [line] = await logged((log) => log.info({ turn: 't1', ms: 3 }, 'turn finished'));
  expect(line).toMatchObject({ turn: 't1', ms: 3, msg: 'turn finished', level: 30 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('leaves out what is below its level', async () => {
  const lines = await logged((log) => {
    log.debug({}, 'small');
    log.warn({}, 'large');
  });
  expect(lines.map((line) => line.msg)).toEqual(['large']);
});

it('writes errors with their code, stack and cause', async () => {
  const error = new Problem('STORAGE', 'The disk is full.', 'Make room.', { cause: new Error('ENOSPC') });
  const [line] = await logged((log) => log.error({ error }, 'commit failed'));
  expect(line?.error).toMatchObject({ code: 'STORAGE', stack: expect.stringContaining('ENOSPC') });
});

it('never writes keys, access tokens or what people wrote', async () => {
  const canary = 'canary-"quoted"-7f3a';
  await logged((log) => {
    log.hide(canary);
    log.info({ url: `http://x/?${canary}`, error: new Error(`refused: ${canary}`) }, `by value ${canary}`);
    log.info({ token: 'secret-1', headers: { authorization: 'secret-2' }, text: 'secret-3' }, 'by field');
    log.info({}, 'by looks: Incorrect API key provided: sk-proj-secret4. Authorization: Bearer secret-5');
  });
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain('canary');
  expect(text).not.toMatch(/secret-?\d/);
  expect(text.split('\n')).toHaveLength(4);
});

it('begins a new file when the old one is large, and keeps one old one', async () => {
  const old = `${file}.1`;
  await logged((log) => log.info({}, 'first'));
  writeFileSync(old, 'older still');
  const lines = await logged(
    async (log) => {
      log.info({}, 'the last one in there');
      await expect.poll(() => readFileSync(old, 'utf8')).toContain('the last one in there');
      log.info({}, 'the first one of the new file');
    },
    { maxBytes: 100 },
  );
  expect(lines.map((line) => line.msg)).toEqual(['the first one of the new file']);
  expect(readFileSync(old, 'utf8')).toMatch(/^\{.*"first"/);
});

it('costs lines when it cannot be written, and nothing else', async () => {
  mkdirSync(file, { recursive: true });
  const logger = openLogger({ file });
  for (let line = 0; line < 100; line++) logger.info({ line, filler: 'x'.repeat(20_000) }, 'lost');
  await new Promise((resolve) => setImmediate(resolve));
  logger.info({}, 'lost as well');
  await logger.close();
  logger.info({}, 'too late');
});

it('goes on in the file of the last start', async () => {
  await logged((log) => log.info({}, 'first'));
  expect((await logged((log) => log.info({}, 'second'))).map((line) => line.msg)).toEqual(['first', 'second']);
});

it.skipIf(process.platform === 'win32')('closes in the end when its file takes nothing', async () => {
  mkdirSync(join(folder, 'logs'));
  // Nobody reads at the other end, so it cannot even be opened.
  execFileSync('mkfifo', [file]);
  const logger = openLogger({ file, closeMs: 10 });
  logger.info({}, 'lost');
  await logger.close();
  closeSync(openSync(file, constants.O_RDONLY | constants.O_NONBLOCK));
});
