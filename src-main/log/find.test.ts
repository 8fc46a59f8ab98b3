import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '#shared/domain/events.ts';
import { Query } from '#shared/domain/search.ts';
import type { Log } from './log.ts';
import { VOLUME_TEXTS } from './search-tables.ts';
import { batch, created, Folder, finished, message, requested } from './testing/folder.ts';
import { terms, wordsOf } from './words.ts';

let folder: Folder;
let log: Log;
beforeEach(() => {
  folder = new Folder();
  log = folder.open();
});
afterEach(() => folder.remove());

type Asked = Partial<Query> & { text: string };
const find = async (query: Asked, limit = 100, after?: string) => {
  await log.indexed();
  return log.find(Query.parse(query), after === undefined ? { limit } : { limit, after });
};
const nodes = async (query: Asked) => (await find(query)).hits.map((hit) => hit.node);
const sorted = async (query: Asked) => (await nodes(query)).sort();

const by = (turn: string, parent: string, specialist: string | undefined, name: string): NewEvent => {
  const event = requested(turn, parent) as Extract<NewEvent, { type: 'turn.requested' }>;
  const look = { colour: 'metis', glyph: 'telos' } as const;
  const who = specialist === undefined ? {} : { specialist, look };
  return { ...event, data: { ...event.data, speaker: { ...event.data.speaker, ...who, name } } };
};

/** Texts one after the other in one session, by id. */
async function say(texts: Record<string, string>, session = 's'): Promise<void> {
  await log.append(batch(session, [created(`Talk ${session}`)]));
  for (const [id, text] of Object.entries(texts)) await log.append(batch(session, [message(id, text)]));
}

describe('a hit', () => {
  it('tells where it is, who said it and what around it', async () => {
    await log.append(batch('s', [created('Gardening'), message('m', 'When do I prune *roses*?')]));
    await log.append(batch('s', [by('t', 'm', 'metis', 'Metis'), finished('t', 'Prune roses\nin spring.')]));
    await log.append(batch('s', [by('u', 'm', undefined, 'gpt'), finished('u', 'Roses, when it is warm.')]));
    const common = { session: 's', title: 'Gardening', at: folder.clock.now(), archived: false, trashed: false };
    expect((await find({ text: 'roses', order: 'newest' })).hits).toEqual([
      {
        ...common,
        node: 'u',
        seq: expect.any(Number),
        role: 'answer',
        by: { name: 'gpt', specialist: null, look: null },
        snippet: [
          { text: 'Roses', hit: true },
          { text: ', when it is warm.', hit: false },
        ],
        shown: true,
      },
      {
        ...common,
        node: 't',
        seq: expect.any(Number),
        role: 'answer',
        by: { name: 'Metis', specialist: 'metis', look: { colour: 'metis', glyph: 'telos' } },
        snippet: [
          { text: 'Prune ', hit: false },
          { text: 'roses', hit: true },
          { text: ' in spring.', hit: false },
        ],
        shown: false,
      },
      {
        ...common,
        node: 'm',
        seq: expect.any(Number),
        role: 'message',
        by: null,
        snippet: [
          { text: 'When do I prune *', hit: false },
          { text: 'roses', hit: true },
          { text: '*?', hit: false },
        ],
        shown: true,
      },
    ]);
    await log.append(batch('s', [{ type: 'head.moved', data: { head: 't' } }]));
    await log.append(batch('s', [{ type: 'session.renamed', data: { title: 'Roses' } }]));
    const shown = Object.fromEntries((await find({ text: 'roses' })).hits.map((hit) => [hit.node, hit.shown]));
    expect(shown).toEqual({ m: true, t: true, u: false });
    expect((await find({ text: 'warm' })).hits[0]!.title).toBe('Roses');
  });

  it('is the same when its session has become cold', async () => {
    for (const session of ['a', 'b', 'c']) {
      await log.append(batch(session, [created(session), message(`m-${session}`, 'When do I prune roses?')]));
      await log.append(batch(session, [by(`t-${session}`, `m-${session}`, 'metis', 'Metis')]));
      await log.append(batch(session, [finished(`t-${session}`, 'Prune roses in spring. '.repeat(50))]));
    }
    const before = await find({ text: 'roses sp' });
    expect(before.hits).toHaveLength(3);
    const hot = () => folder.look((db) => db.prepare('SELECT count(*) FROM events').pluck().get() as number);
    const events = hot();
    folder.clock.advance(90 * 86_400_000);
    await log.compact({ progress: () => {}, signal: new AbortController().signal });
    expect(hot()).toBeLessThan(events);
    expect(await find({ text: 'roses sp' })).toEqual(before);
    expect((await log.search('roses spring', { limit: 9 })).map((hit) => hit.by)).toEqual(['Metis', 'Metis', 'Metis']);
  });

  it('has the words of the end of a turn, and none of its parts', async () => {
    await say({ m: 'otter' });
    await log.append(
      batch('s', [requested('t', 'm'), { type: 'turn.part', data: { turn: 't', offset: 0, text: 'otter' } }]),
    );
    expect(await nodes({ text: 'otter' })).toEqual(['m']);
    await log.append(batch('s', [finished('t', 'otters swim')]));
    expect(await sorted({ text: 'otter' })).toEqual(['m', 't']);
  });
});

describe('filters', () => {
  beforeEach(async () => {
    await log.append(
      batch('a', [created('A'), { ...message('a1', 'otter one'), at: 1000 }, by('a2', 'a1', 'metis', 'M')]),
    );
    await log.append(batch('a', [{ ...finished('a2', 'otter two'), at: 2000 }, by('a3', 'a1', 'telos', 'T')]));
    await log.append(batch('a', [{ ...finished('a3', 'otter three'), at: 3000 }, by('a4', 'a1', undefined, 'plain')]));
    await log.append(batch('a', [{ ...finished('a4', 'otter four'), at: 4000 }]));
    await log.append(batch('b', [created('B'), { ...message('b1', 'otter five'), at: 500 }]));
  });

  it('narrow by session, role and specialist', async () => {
    expect(await sorted({ text: 'otter', session: 'a' })).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(await sorted({ text: 'otter', session: 'nowhere' })).toEqual([]);
    expect(await sorted({ text: 'otter', role: 'message' })).toEqual(['a1', 'b1']);
    expect(await sorted({ text: 'otter', role: 'answer' })).toEqual(['a2', 'a3', 'a4']);
    expect(await sorted({ text: 'otter', specialist: 'telos' })).toEqual(['a3']);
    expect(await sorted({ text: 'otter', specialist: 'tel' })).toEqual([]);
    expect(await sorted({ text: 'otter', specialist: 'telos', role: 'message' })).toEqual([]);
    expect(await sorted({ text: 'otter', specialist: 'telos', session: 'b' })).toEqual([]);
  });

  it('narrow by time, both ends included, also where what came later happened earlier', async () => {
    expect(await sorted({ text: 'otter', from: 2000, to: 3000 })).toEqual(['a2', 'a3']);
    expect(await sorted({ text: 'otter', to: 1000, order: 'newest' })).toEqual(['a1', 'b1']);
    expect(await sorted({ text: 'otter', from: 3001 })).toEqual(['a4']);
    expect(await sorted({ text: 'otter', from: 5000 })).toEqual([]);
  });

  it('are no words: what they are kept as is found by nobody', async () => {
    for (const text of ['m', 'a', 's0', 's1', 's2', 'who', 'ametis', 'text'])
      expect(await nodes({ text: `${text} ` })).toEqual([]);
  });
});

describe('what may be found', () => {
  it('is in the trash only when that is asked for, and recall finds none of it', async () => {
    await say({ a: 'otter' }, 'a');
    await say({ b: 'otter' }, 'b');
    await log.append(batch('b', [{ type: 'session.arranged', data: { trashed: true } }]));
    await log.append(batch('a', [{ type: 'session.arranged', data: { archived: true } }]));
    for (const order of ['best', 'newest'] as const) {
      expect((await find({ text: 'otter', order })).hits).toMatchObject([
        { node: 'a', archived: true, trashed: false },
      ]);
      expect((await find({ text: 'otter', order, trashed: true })).hits).toMatchObject([
        { node: 'b', archived: false, trashed: true },
        { node: 'a', archived: true, trashed: false },
      ]);
    }
    expect((await log.search('otter', { limit: 10 })).map((hit) => hit.node)).toEqual(['a']);
    expect((await log.search('otter nowhere', { limit: 10 })).map((hit) => hit.node)).toEqual(['a']);
    await log.append(batch('b', [{ type: 'session.arranged', data: { trashed: false } }]));
    expect(await sorted({ text: 'otter' })).toEqual(['a', 'b']);
  });

  it('is nothing of sessions made for one answer, and nothing of those that are being filled', async () => {
    const completion: NewEvent = { type: 'session.created', data: { title: '', made: { by: 'completion' } } };
    await log.append(batch('c', [completion, message('c1', 'otter')]));
    await log.append(batch('i', [{ type: 'session.created', data: { title: 'I', job: 'j' } }, message('i1', 'otter')]));
    await say({ a: 'otter' }, 'a');
    expect(await nodes({ text: 'otter' })).toEqual(['a']);
    expect((await log.search('otter', { limit: 9 })).map((hit) => hit.node)).toEqual(['a']);
    await log.append(batch('system', [{ type: 'job.finished', data: { job: 'j' } }]));
    expect(await sorted({ text: 'otter' })).toEqual(['a', 'i1']);
  });

  it('is nothing of a session that was deleted', async () => {
    await say({ a: 'otter' }, 'a');
    await say({ b: 'otter' }, 'b');
    const first = await find({ text: 'otter', order: 'best' }, 1);
    expect(first.hits.map((hit) => hit.node)).toEqual(['b']);
    await log.delete({ session: 'a' });
    expect(await find({ text: 'otter', order: 'best' }, 1, first.more!)).toEqual({ hits: [], more: null });
    expect(await nodes({ text: 'otter' })).toEqual(['b']);
  });
});

describe('pages', () => {
  for (const order of ['best', 'newest'] as const)
    it(`have no gaps and nothing twice while more is said, ${order} first`, async () => {
      const texts = Object.fromEntries(
        Array.from({ length: 25 }, (_, index) => [`m${index}`, `otter ${'and more '.repeat(index % 7)}`]),
      );
      await say(texts);
      const whole = (await find({ text: 'otter', order })).hits.map((hit) => hit.node);
      expect(whole).toHaveLength(25);
      const seen: string[] = [];
      let after: string | undefined;
      for (let page = 0; ; page++) {
        const { hits, more } = await find({ text: 'otter', order }, 4, after);
        seen.push(...hits.map((hit) => hit.node));
        if (more === null) break;
        after = more;
        await log.append(batch('s', [message(`new${page}`, 'otter otter')]));
      }
      expect(seen).toEqual(whole);
    });

  it('are not begun in the middle of nowhere', async () => {
    await say({ a: 'otter' });
    for (const after of ['', 'x', 'n', 'b12', 'n!', 'n1.2'])
      await expect(find({ text: 'otter' }, 5, after), after).rejects.toMatchObject({ code: 'INVALID_PARAMS' });
  });

  it('begin with the best of the newest thousands, and go on with the older ones', async () => {
    const written = [log.append(batch('s', [created()]))];
    for (let index = 0; index < 5000; index++)
      written.push(log.append(batch('s', [message(`m${index}`, 'otter there')])));
    written.push(log.append(batch('s', [message('best', 'otter')])));
    await Promise.all(written);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { hits, more } = await find({ text: 'otter' }, 1000, after);
      seen.push(...hits.map((hit) => hit.node));
      after = more ?? undefined;
    } while (after !== undefined);
    expect(seen[0]).toBe('best');
    expect([seen.length, new Set(seen).size]).toEqual([5001, 5001]);
  });
});

it('finds what a look at each text finds, whatever is said and asked', async () => {
  const word = fc.constantFrom(
    'apple',
    'apples',
    'Äpfel',
    'app',
    'AND',
    'NEAR',
    'not',
    'or',
    'C++',
    '天気',
    '天',
    '気',
    'ﬁn',
    'cafe\u0301',
    "don't",
    'ß',
    'ss',
    '½',
    'κόσμος',
    'a',
    '1',
  );
  const text = fc
    .array(fc.tuple(word, fc.constantFrom(' ', '  ', ', ', '\n', '-', '"', '*', '', ' ( ')), { maxLength: 8 })
    .map((pairs) => pairs.flat().join(''));
  const asked = fc
    .array(fc.tuple(word, fc.constantFrom(' ', '* ', '" ', ' "', ' NEAR(', ' : ', '^', '')), {
      minLength: 1,
      maxLength: 3,
    })
    .map((pairs) => pairs.flat().join(''));
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { minLength: 1, maxLength: 12 }),
      fc.array(asked, { minLength: 1, maxLength: 8 }),
      async (texts, queries) => {
        const session = `s${round++}`;
        await say(Object.fromEntries(texts.map((each, index) => [`${session}-${index}`, each])), session);
        for (const query of queries.filter((each) => each.trim() !== '')) {
          const naive = texts.flatMap((each, index) => (fits(each, query) ? [`${session}-${index}`] : []));
          expect(await sorted({ text: query, session }), query).toEqual(naive.sort());
          const everywhere = (await find({ text: query }, 100_000)).hits.filter((hit) => hit.session === session);
          expect(everywhere.map((hit) => hit.node).sort(), query).toEqual(naive);
          expect(await nodes({ text: query, session, order: 'newest' }), query).toEqual(
            naive.sort((a, b) => Number(b.split('-')[1]) - Number(a.split('-')[1])),
          );
        }
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

/** As if there were no index. */
function fits(text: string, query: string): boolean {
  const there = wordsOf(text);
  const looked = terms(query.trim());
  const at = (start: number, { words, open }: (typeof looked)[number]) =>
    words.every((word, index) => {
      const found = there[start + index] ?? '';
      return open && index === words.length - 1 ? found.startsWith(word) : found === word;
    });
  return looked.length > 0 && looked.every((term) => there.some((_, start) => at(start, term)));
}

it('goes from one volume of the index to the next', async () => {
  const count = VOLUME_TEXTS + 300;
  const said = (session: string) =>
    Array.from({ length: count }, (_, index) => message(`m${index}`, index % 1000 === 0 ? 'otter' : 'x')).filter(
      (_, index) => index % 2 === (session === 's' ? 0 : 1),
    );
  for (const session of ['s', 't']) await log.append(batch(session, [created()]));
  const [even, odd] = [said('s'), said('t')];
  for (let start = 0; start < even.length; start += 200) {
    await log.append(batch('s', even.slice(start, start + 200)));
    await log.append(batch('t', odd.slice(start, start + 200)));
  }
  const otters = Array.from({ length: Math.ceil(count / 1000) }, (_, index) => `m${1000 * index}`).reverse();
  expect(await nodes({ text: 'otter', order: 'newest' })).toEqual(otters);
  expect(new Set(await nodes({ text: 'otter', order: 'best' }))).toEqual(new Set(otters));
  expect(folder.look((db) => db.prepare('SELECT count(DISTINCT segid) FROM search_0_idx').pluck().get())).toBe(1);
  await log.delete({ session: 's' });
  await log.indexed();
  expect(await nodes({ text: 'otter' })).toEqual([]);
  expect(await find({ text: 'x', session: 't' }, 3)).toMatchObject({ hits: [{ session: 't' }, {}, {}] });
  const held = ['search_0', 'search_1'].map((name) =>
    folder.look((db) => db.prepare(`SELECT count(*) FROM ${name}_data WHERE id >= 9007199254740992`).pluck().get()),
  );
  expect(held).toEqual([0, 0]);
}, 60_000);

it('looks for a short beginning beside other words among few texts and among many', async () => {
  const texts = Array.from({ length: 700 }, (_, index) => {
    const rare = index % 100 === 0 ? ' badger' : '';
    return message(
      `m${index}`,
      `otter number${index} ${index % 3 === 0 ? 'swims' : 'sleeps'}${index === 20 ? ' quiet' : ''}${rare}`,
    );
  });
  await log.append(batch('s', [created(), ...texts]));
  const where = (fits: (index: number) => boolean) => texts.flatMap((_, index) => (fits(index) ? [`m${index}`] : []));
  const asked: [string, (index: number) => boolean][] = [
    ['badger s', (index) => index % 100 === 0],
    ['badger sw', (index) => index % 300 === 0],
    ['otter sw', (index) => index % 3 === 0],
    ['otter qu', (index) => index === 20],
    ['sw', (index) => index % 3 === 0],
  ];
  for (const [text, fits] of asked)
    for (const order of ['best', 'newest'] as const)
      for (const session of [undefined, 's']) {
        const found: string[] = [];
        let after: string | undefined;
        do {
          const { hits, more } = await find({ text, order, ...(session === undefined ? {} : { session }) }, 50, after);
          found.push(...hits.map((hit) => hit.node));
          after = more ?? undefined;
        } while (after !== undefined);
        if (order === 'newest') expect(found, text).toEqual(where(fits).reverse());
        expect(found.sort(), text).toEqual(where(fits).sort());
      }
});
