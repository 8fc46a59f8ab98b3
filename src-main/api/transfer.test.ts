import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MAX_TEXT } from '#shared/contract/contract.ts';
import type { Job } from '#shared/domain/jobs.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import { bounds } from '../engines/transfer/format.ts';
import { type Composed, composed } from '../testing/composed.ts';

const dir = mkdtempSync(join(tmpdir(), 'choragus-transfer-'));
let app: Composed;
beforeEach(async () => {
  app = await composed(dir, { config: { localServices: false } });
});
afterEach(async () => {
  await app.close();
  rmSync(dir, { recursive: true, force: true });
});

const newId = () => uuidv7(Date.now(), Math.random);

/** Resolves when the job has ended, as a program hears of it. */
function ended(job: string): Promise<Job> {
  return new Promise((resolve) => {
    const follow = app.client.follow(
      'jobs.follow',
      () => ({}),
      (items) => {
        const found = items.at(-1)?.jobs.find(({ id, state }) => id === job && state !== 'running');
        if (found === undefined) return;
        follow.close();
        resolve(found);
      },
    );
  });
}

it('a program exports a session, reads the file in pieces, and imports it again', async () => {
  const { client } = app;
  const session = newId();
  await client.call('sessions.create', { command: newId(), session, title: 'Of a program', made: { by: 'program' } });
  const { job } = await client.call('exports.start', { sessions: [session], format: 'json' });
  const { result } = await ended(job);
  expect(result).toMatchObject({ sessions: 1, file: { name: 'Of a program.json', type: 'application/json' } });
  const { id, bytes } = result!.file!;

  let text = '';
  for (let end = false; !end; ) {
    const read = await client.call('files.read', { file: id, offset: text.length, bytes: 100 });
    text += Buffer.from(read.piece, 'base64').toString();
    end = read.end;
  }
  expect(text).toHaveLength(bytes);
  await client.call('files.forget', { file: id });
  await expect(client.call('files.read', { file: id, offset: 0 })).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const { file } = await client.call('files.begin', { name: 'mine.json', bytes });
  const half = Math.floor(bytes / 2);
  const write = (offset: number, piece: string) =>
    client.call('files.write', { file, offset, piece: Buffer.from(piece).toString('base64') });
  await write(0, text.slice(0, half));
  await expect(client.call('imports.start', { file })).rejects.toMatchObject({ code: 'CONFLICT' });
  await write(half, text.slice(half));
  const imported = await ended((await client.call('imports.start', { file })).job);
  expect(imported).toMatchObject({ kind: 'import', state: 'done', about: 'mine.json', result: { sessions: 1 } });
  expect(readdirSync(join(dir, 'transfer'))).toEqual([]);
  const { sessions } = await client.call('sessions.list', {});
  expect(sessions.map(({ title }) => title)).toEqual(['Of a program', 'Of a program']);
  expect(new Set(sessions.map(({ id }) => id))).toEqual(new Set([session, imported.result!.session]));
});

it('what cannot be exported, or is no file of a client, is refused at once', async () => {
  const { client } = app;
  const nobody = newId();
  await expect(client.call('exports.start', { sessions: [nobody], format: 'html' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(client.call('imports.start', { file: nobody })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(client.call('files.begin', { name: '../x', bytes: 1 })).rejects.toMatchObject({
    code: 'INVALID_PARAMS',
  });
});

it('a message of a file may be as long as one that is sent', () => {
  expect(bounds.message).toBe(MAX_TEXT);
});
