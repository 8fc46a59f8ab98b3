import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Scope } from '#shared/domain/gateway.ts';
import type { Job } from '#shared/domain/jobs.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import type { Guest } from '../compose.ts';
import { type Composed, composed } from '../testing/composed.ts';

const id = () => uuidv7(Date.now(), Math.random);
const missing = { code: 'NOT_FOUND' };

let dir: string;
let app: Composed;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'choragus-owned-'));
  app = await composed(dir, { config: { localServices: false } });
});
afterEach(async () => {
  await app.close();
  rmSync(dir, { recursive: true });
});

function program(token: string | null, scopes: readonly Scope[] | 'user' = ['chat', 'read']): Guest {
  const who = { kind: 'rpc', address: 'test', host: null, scopes } as const;
  const own = token === null ? null : { id: token, name: token };
  return app.choragus.admit({ ...who, token: own }, { name: 'test', version: '0' }, () => 0);
}

/** The board as somebody sees it; `wanted`: once this job has ended. */
async function board(guest: Guest, wanted?: string): Promise<Job[]> {
  const source = await guest.open('jobs.follow', {});
  let news = Promise.withResolvers<void>();
  source.onReady(() => news.resolve());
  try {
    for (;;) {
      for (const { jobs } of (await source.pull(9)) ?? [])
        if (wanted === undefined || jobs.some((job) => job.id === wanted && job.state !== 'running')) return jobs;
      await news.promise;
      news = Promise.withResolvers();
    }
  } finally {
    source.close();
  }
}

it('a program has the jobs and files that its token made; the user has all', async () => {
  const [user, one, other] = [program(null, 'user'), program('one'), program('other')];
  const session = id();
  await user.call('sessions.create', { command: id(), session, title: 'Secret' });
  const { job } = await one.call('exports.start', { sessions: [session], format: 'json' });
  const [made] = await board(one, job);
  const file = made!.result!.file!.id;
  expect((await board(user)).map((each) => each.id)).toEqual([job]);
  expect(await board(other)).toEqual([]);

  await expect(other.call('files.read', { file, offset: 0, bytes: 9 })).rejects.toMatchObject(missing);
  await expect(other.call('jobs.cancel', { job })).rejects.toMatchObject(missing);
  await expect(other.call('imports.start', { file })).rejects.toMatchObject(missing);
  await other.call('files.forget', { file });
  expect((await user.call('files.read', { file, offset: 0, bytes: 9 })).piece).not.toBe('');
  // Another connection of the same program, as each request of HTTP is.
  expect((await program('one').call('files.read', { file, offset: 0, bytes: 9 })).piece).not.toBe('');

  const { file: begun } = await one.call('files.begin', { name: 'mine.json', bytes: 4 });
  const piece = Buffer.from('{}  ').toString('base64');
  await expect(other.call('files.write', { file: begun, offset: 0, piece })).rejects.toMatchObject(missing);
  await one.call('files.write', { file: begun, offset: 0, piece });
  const { job: importing } = await one.call('imports.start', { file: begun });
  expect((await board(one, importing)).map((each) => [each.kind, each.state])).toEqual([
    ['export', 'done'],
    ['import', 'failed'],
  ]);
});

it('what the user does is no matter of a program', async () => {
  const [user, one, admin] = [program(null, 'user'), program('one'), program('admin', ['admin'])];
  const { job } = await user.call('data.check', {});
  await board(user, job);
  expect(await board(one)).toEqual([]);
  await expect(one.call('jobs.cancel', { job })).rejects.toMatchObject(missing);
  await expect(one.call('sessions.emptyTrash', { command: id() })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const { job: checking } = await admin.call('data.check', {});
  expect((await board(admin, checking)).map((each) => each.id)).toEqual([checking]);
});
