import { describe, expect, it } from 'vitest';
import type { CallParams, CallResult } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { everything, isNarrowed, Search } from './search.ts';

type Answer = CallResult<'search.find'>;
const hit = (node: string): Answer['hits'][number] => ({
  session: 's',
  title: 'Talk',
  node,
  seq: 1,
  at: 0,
  role: 'message',
  by: null,
  snippet: [],
  shown: true,
  archived: false,
  trashed: false,
});
const page = (nodes: string, more: string | null = null): Answer => ({ hits: [...nodes].map(hit), more });

function searching() {
  const asked: {
    params: CallParams<'search.find'>;
    answer: (answer: Answer) => void;
    refuse: (error: unknown) => void;
  }[] = [];
  const clock = fakeClock();
  const search = new Search(
    (params) => new Promise((answer, refuse) => void asked.push({ params, answer, refuse })),
    clock,
  );
  const settle = async (what: () => void) => {
    what();
    await new Promise(setImmediate);
  };
  const shown = () =>
    search.store
      .getState()
      .hits.map(({ node }) => node)
      .join('');
  return { search, asked, clock, settle, shown, state: () => search.store.getState() };
}

describe('a search as one types', () => {
  it('asks one question at a time, and of those that come meanwhile only the newest', async () => {
    const { search, asked, settle, shown, state } = searching();
    for (const text of ['o', 'ot', 'ott', 'otter ']) search.ask({ text });
    expect(asked.map(({ params }) => params.text)).toEqual(['o']);
    await settle(() => asked[0]!.answer(page('a')));
    expect([shown(), state().waiting]).toEqual(['', true]);
    expect(asked.map(({ params }) => params.text)).toEqual(['o', 'otter']);
    await settle(() => asked[1]!.answer(page('bc')));
    expect([shown(), state().waiting, state().answered?.text]).toEqual(['bc', false, 'otter ']);
  });

  it('keeps what was found until the newest answer is here', async () => {
    const { search, asked, settle, shown, state } = searching();
    search.ask({ text: 'otter' });
    await settle(() => asked[0]!.answer(page('ab', 'next')));
    search.ask({ text: 'otters' });
    expect([shown(), state().waiting, state().answered?.text]).toEqual(['ab', true, 'otter']);
    await settle(() => asked[1]!.answer(page('')));
    expect([shown(), state().more, state().answered?.text]).toEqual(['', null, 'otters']);
  });

  it('asks nothing for the same words, and nothing without words', async () => {
    const { search, asked, settle, shown, state } = searching();
    search.ask({ text: 'otter' });
    await settle(() => asked[0]!.answer(page('a')));
    search.ask({ text: ' otter ' });
    expect([asked.length, state().asked.text]).toEqual([1, ' otter ']);
    search.ask({ text: 'otters' });
    search.ask({ text: '  ' });
    expect([shown(), state().waiting, state().answered]).toEqual(['', false, null]);
    await settle(() => asked[1]!.answer(page('b')));
    expect([shown(), asked.length]).toEqual(['', 2]);
    search.ask({ text: 'badger' });
    await settle(() => asked[2]!.answer(page('c')));
    expect(shown()).toBe('c');
  });

  it('tells what went wrong, keeps what was found, and asks again', async () => {
    const { search, asked, settle, shown, state } = searching();
    search.ask({ text: 'otter' });
    await settle(() => asked[0]!.answer(page('a')));
    search.ask({ order: 'newest' });
    await settle(() => asked[1]!.refuse(new Problem('STORAGE', 'The disk is gone.')));
    expect([shown(), state().waiting, state().problem?.message]).toEqual(['a', false, 'The disk is gone.']);
    search.again();
    await settle(() => asked[2]!.answer(page('b')));
    expect([shown(), state().problem]).toEqual(['b', null]);
    expect(asked[2]!.params.order).toBe('newest');
  });
});

describe('pages', () => {
  it('come one at a time, with the question that the first was asked with', async () => {
    const { search, asked, clock, settle, shown, state } = searching();
    search.ask({ text: 'otter', span: 'today' });
    await settle(() => asked[0]!.answer(page('ab', 'next')));
    clock.advance(86_400_000);
    void search.loadMore();
    void search.loadMore();
    expect(asked).toHaveLength(2);
    expect(asked[1]!.params).toEqual({ ...asked[0]!.params, after: 'next' });
    await settle(() => asked[1]!.answer(page('cd')));
    expect([shown(), state().more, state().loading]).toEqual(['abcd', null, false]);
    await search.loadMore();
    expect(asked).toHaveLength(2);
  });

  it('of something that is not asked any more are dropped', async () => {
    const { search, asked, settle, shown, state } = searching();
    search.ask({ text: 'otter' });
    await settle(() => asked[0]!.answer(page('a', 'next')));
    void search.loadMore();
    search.ask({ text: 'badger' });
    await settle(() => asked[2]!.answer(page('x', 'more')));
    await settle(() => asked[1]!.answer(page('b')));
    expect([shown(), state().more, state().loading]).toEqual(['x', 'more', false]);
    // Nor is one asked for while another question waits.
    search.ask({ text: 'weasel' });
    void search.loadMore();
    expect(asked.map(({ params }) => params.text)).toEqual(['otter', 'otter', 'badger', 'weasel']);
  });
});

describe('what is asked', () => {
  it('is narrowed by what was chosen, times by days of the calendar', async () => {
    const { search, asked, clock, settle } = searching();
    search.ask({ text: 'otter', role: 'answer', specialist: 'metis', session: 's', span: 'week', trashed: true });
    const from = new Date(new Date(clock.now()).setHours(0, 0, 0, 0) - 6 * 86_400_000).setHours(0, 0, 0, 0);
    expect(asked[0]!.params).toEqual({
      text: 'otter',
      order: 'best',
      role: 'answer',
      specialist: 'metis',
      session: 's',
      trashed: true,
      from,
      limit: 30,
    });
    expect(isNarrowed(search.store.getState().asked)).toBe(true);
    await settle(() => asked[0]!.answer(page('')));
    search.ask({ ...everything });
    expect(asked[1]!.params).toEqual({ text: 'otter', order: 'best', trashed: false, limit: 30 });
    expect(isNarrowed(search.store.getState().asked)).toBe(false);
  });
});
