import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Log } from './log.ts';
import { batch, created, Folder, finished, message, part, requested, withConnection } from './testing/folder.ts';

let folder: Folder;
let log: Log;
beforeEach(() => {
  folder = new Folder();
  log = folder.open();
});
afterEach(() => folder.remove());

const found = async (query: string, options: { limit?: number; excludeNodes?: string[] } = {}) => {
  await log.indexed();
  return (await log.search(query, { limit: 10, ...options })).map((hit) => hit.node);
};

async function say(texts: Record<string, string>): Promise<void> {
  await log.append(batch('s', [created('A talk')]));
  for (const [id, text] of Object.entries(texts)) await log.append(batch('s', [message(id, text)]));
}

test('messages and ends of turns are found, with who wrote them and where', async () => {
  await log.append(batch('s', [created('Gardening'), message('m', 'When do I prune roses?'), requested('t', 'm')]));
  await log.append(batch('s', [part('t', 0, 'Prune roses '), part('t', 12, 'in spring.')]));
  await log.indexed();
  const question = {
    session: 's',
    title: 'Gardening',
    node: 'm',
    at: folder.clock.now(),
    by: 'you',
    text: 'When do I prune roses?',
  };
  expect(await log.search('roses', { limit: 10 })).toEqual([question]);

  await log.append(batch('s', [finished('t', 'Prune roses in spring.')]));
  await log.indexed();
  const answer = { ...question, node: 't', by: 'Editor', text: 'Prune roses in spring.' };
  expect(await log.search('spring', { limit: 10 })).toEqual([answer]);
  expect(new Set((await log.search('roses', { limit: 10 })).map((hit) => hit.node))).toEqual(new Set(['m', 't']));
});

test('the last word may be unfinished, others only with an asterisk', async () => {
  await say({ a: 'The configuration file', b: 'The file of configurations', c: 'Confetti' });
  expect((await found('conf')).sort()).toEqual(['a', 'b', 'c']);
  expect((await found('file conf')).sort()).toEqual(['a', 'b']);
  expect(await found('conf nowhere')).toEqual([]);
  expect((await found('conf* nowhere')).sort()).toEqual(['a', 'b', 'c']);
});

test('case and diacritics do not matter, neither does how a sharp s is written', async () => {
  await say({ a: 'Übergröße', b: 'Ein Café in Málaga', c: 'STRASSE' });
  expect(await found('ubergrosse')).toEqual(['a']);
  expect(await found('ÜBERGRÖẞE')).toEqual(['a']);
  expect(await found('cafe malaga')).toEqual(['b']);
  expect(await found('straße')).toEqual(['c']);
});

test('words are found in scripts without spaces', async () => {
  await say({ a: '今日は天気がいいですね', b: '明日は雨です', c: '我喜欢春天的花园' });
  expect(await found('天気')).toEqual(['a']);
  expect(await found('雨')).toEqual(['b']);
  expect(await found('春天')).toEqual(['c']);
  expect(await found('天春')).toEqual([]);
});

test('texts with all words come first; without any, those with some', async () => {
  await say({ a: 'apples and pears', b: 'apples', c: 'pears and plums and more', d: 'cherries' });
  expect(await found('apples pears')).toEqual(['a']);
  expect((await found('what about apples or plums')).sort()).toEqual(['a', 'b', 'c']);
  expect(await found('bananas')).toEqual([]);
});

test('the text that fits best comes first', async () => {
  await say({
    a: 'This long text is about many different things, one of which, among all the others, is an otter.',
    b: 'Otter, otter, otter.',
  });
  expect(await found('otter')).toEqual(['b', 'a']);
  expect(await found('otter', { limit: 1 })).toEqual(['b']);
});

test('nodes can be left out without shortening the answer', async () => {
  await say({ a: 'otter otter', b: 'otter here', c: 'an otter there' });
  expect(await found('otter', { limit: 2, excludeNodes: ['a'] })).toEqual(['b', 'c']);
});

test('whatever stands in a query is a word, never syntax', async () => {
  await say({ a: 'C++ and "quotes" AND (brackets) NOT col:umn ^caret' });
  for (const query of ['"quotes"', 'C++', '(brackets', 'col:umn', 'NOT', 'AND', '^caret', 'text:quotes"', '""" quotes'])
    expect(await found(query), query).toEqual(query === 'text:quotes"' ? [] : ['a']);
  for (const query of ['', ' ', '"', '*', '***', '()', '\0', '- -', "';--", 'NEAR(']) await found(query);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (query) => {
      await log.search(query, { limit: 3 });
    }),
    { numRuns: 200 },
  );
});

test('the index lags at most a second, and nothing ticks when there is nothing to index', async () => {
  await log.append(batch('s', [created()]));
  const idle = folder.clock.timers;
  await log.append(batch('s', [message('m', 'Hello otter'), requested('t', 'm'), part('t', 0, 'Hi')]));
  expect(folder.clock.timers).toBe(idle + 1);
  folder.clock.advance(1000);
  expect(folder.clock.timers).toBe(idle);
  await vi.waitFor(async () => expect(await log.search('otter', { limit: 1 })).toHaveLength(1), { interval: 5 });
});

test('many texts and long texts are all in the index after one wait', async () => {
  const written = [log.append(batch('s', [created()]))];
  for (let index = 0; index < 1500; index++)
    written.push(log.append(batch('s', [message(`m${index}`, `otter number${index}`), part('x', 0, '')])));
  written.push(log.append(batch('s', [message('long', 'word '.repeat(30_000))])));
  written.push(log.append(batch('s', [message('last', 'badger')])));
  await Promise.all(written);
  expect(await found('otter', { limit: 5000 })).toHaveLength(1500);
  expect([await found('number1499'), await found('word'), await found('badger')]).toEqual([
    ['m1499'],
    ['long'],
    ['last'],
  ]);
});

test('what was committed before a crash and not indexed is indexed after the next start', async () => {
  await say({ a: 'otter' });
  await folder.close(log);
  expect(folder.look((db) => db.prepare(`SELECT count(*) FROM search_spans`).pluck().get())).toBe(0);
  log = folder.open();
  const search = () => log.search('otter', { limit: 1 });
  expect(await search()).toEqual([]);
  await vi.waitFor(
    async () => {
      folder.clock.advance(1000);
      expect((await search()).map((hit) => hit.node)).toEqual(['a']);
    },
    { interval: 5 },
  );
});

test('an index that could not be written catches up later', async () => {
  await folder.close(log);
  const { migrations, db } = withConnection();
  log = folder.open({ migrations });
  await say({ a: `otter ${Array.from({ length: 3000 }, (_, index) => `word${index}`).join(' ')}` });
  db().pragma(`max_page_count = ${db().pragma('page_count', { simple: true })}`);
  await expect(log.indexed()).rejects.toMatchObject({ code: 'STORAGE' });
  db().pragma('max_page_count = 1000000');
  expect(await found('otter')).toEqual(['a']);
});

test('a search that waits when the log closes is told', async () => {
  await say({ a: 'otter' });
  const search = log.search('otter', { limit: 1 });
  const refused = expect(search).rejects.toMatchObject({ message: 'The log is closed.' });
  await folder.close(log);
  await refused;
  await expect(log.search('otter', { limit: 1 })).rejects.toMatchObject({ message: 'The log is closed.' });
});

test('a worker that cannot start fails the search, not the log', async () => {
  await folder.close(log);
  log = folder.open({ workerFile: new URL('./missing.ts', import.meta.url) });
  await say({ a: 'otter' });
  await expect(log.search('otter', { limit: 1 })).rejects.toMatchObject({ code: 'INTERNAL' });
  await expect(log.search('otter', { limit: 1 })).rejects.toMatchObject({ code: 'INTERNAL' });
  expect((await log.shape('s'))!.head).toBe('a');
});
