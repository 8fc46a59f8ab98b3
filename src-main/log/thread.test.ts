import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Query } from '#shared/domain/search.ts';
import { batch, created, Folder, message } from './testing/folder.ts';
import { Thread } from './thread.ts';

const file = new URL('./worker.ts', import.meta.url);
let folder: Folder;
let threads: Thread[];
beforeEach(async () => {
  folder = new Folder();
  threads = [];
  const log = folder.open();
  await log.append(batch('s', [created(), message('a', 'otter'), message('b', 'badger')]));
  await log.indexed();
  await folder.close(log);
});
afterEach(async () => {
  for (const thread of threads) await thread.close();
  await folder.remove();
});

const begin = (options?: { ends: boolean }) => {
  const thread = new Thread(file, folder.file, options);
  threads.push(thread);
  return thread;
};
const search = (thread: Thread, query: string) => thread.ask('search', { query, limit: 5, exclude: [] });

describe('the worker', () => {
  it('gives each order its own answer, however many are under way', async () => {
    const thread = begin();
    const answers = await Promise.all(['otter', 'badger', 'weasel', 'otter'].map((query) => search(thread, query)));
    expect(answers.map((hits) => hits.map((hit) => hit.node))).toEqual([['a'], ['b'], [], ['a']]);
  });

  it('tells a Problem as it was, and an error of SQLite with its code', async () => {
    const thread = begin();
    const query = Query.parse({ text: 'otter' });
    await expect(thread.ask('find', { query, limit: 5, after: '?' })).rejects.toMatchObject({
      name: 'Problem',
      code: 'INVALID_PARAMS',
      next: 'Search again from the beginning.',
    });
    await thread.close();
    folder.change((db) => db.exec('DROP TABLE search_spans'));
    await expect(search(begin(), 'otter')).rejects.toMatchObject({ name: 'Error', code: 'SQLITE_ERROR' });
  });

  it('begins nothing that was stopped before', async () => {
    const control = new AbortController();
    const copy = join(folder.dir, 'copy.db');
    const asked = begin().ask('backup', { file: copy }, { signal: control.signal });
    control.abort();
    await expect(asked).rejects.toMatchObject({ code: 'STOPPED' });
    expect(existsSync(copy)).toBe(false);
  });

  it('that ends when it has nothing to do begins again when it is asked', async () => {
    const thread = begin({ ends: true });
    for (const query of ['otter', 'badger']) expect(await search(thread, query)).toHaveLength(1);
  });

  it('tells who waits when it is closed, and whoever comes later', async () => {
    const thread = begin();
    const waiting = expect(search(thread, 'otter')).rejects.toMatchObject({ message: 'The log is closed.' });
    await thread.close();
    await waiting;
    await expect(search(thread, 'otter')).rejects.toMatchObject({ message: 'The log is closed.' });
  });
});
