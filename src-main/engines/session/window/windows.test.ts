import { afterEach, describe, expect, it } from 'vitest';
import { type HistoryWindow, usualWindow } from '#shared/domain/things.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { House, type HouseOptions } from './testing/house.ts';
import { Tokenizers } from './tokenizers.ts';
import { estimate } from './tokens.ts';

const houses: House[] = [];
afterEach(async () => {
  for (const house of houses.splice(0)) await house.remove();
});
const house = (options?: HouseOptions) => {
  const made = new House(options);
  houses.push(made);
  return made;
};

const bare = { ...usualWindow, summary: false };
/** What is said in the first turn: a name, a figure and a decision. */
const FIRST = 'My name is Zephyrine Okafor. We decided that the bridge opens on 7193 May and costs 4410 crowns.';
const question = (n: number) =>
  n === 1 ? FIRST : `Question ${n} is about the weather in the mountains. Tell me more.`;
const answer = (n: number) => `Answer ${n}: it depends on the wind, on the season and on where one stands.`;

async function conversation(window: HistoryWindow, options: HouseOptions = {}, exchanges = 51) {
  let n = 0;
  const h = house({ says: () => answer(++n), ...options });
  await h.create();
  await h.sessions.setWindow('s', window, h.row());
  const turns: Awaited<ReturnType<House['say']>>[] = [];
  for (let i = 1; i <= exchanges; i++) {
    turns.push(await h.say(question(i)));
    await h.summarizer.after('s');
  }
  const last = turns.at(-1)!;
  const { sent } = await h.sent.of('s', last.turn);
  return { h, turns, last, sent, words: House.words(last.request) };
}
/** In the messages themselves, not told in short. */
const texts = (turn: { request: { messages: readonly { text: string }[] } }) =>
  turn.request.messages.map(({ text }) => text);
const exchange = (n: number) => [question(n), answer(n)];
const from = (n: number) => [...Array.from({ length: 51 - n }, (_, i) => exchange(n + i)).flat(), question(51)];

describe('over fifty exchanges', () => {
  it('all that fits sends everything, in order', async () => {
    const { last, sent } = await conversation(usualWindow);
    expect(texts(last)).toEqual(from(1));
    expect(last.request.system).toBe('You are of help. Your name is Apollo.');
    expect(sent).toMatchObject({
      messages: 101,
      leftOut: null,
      summary: null,
      pinned: [],
      budget: { tokens: 27_264, of: 'assumed' },
      estimated: true,
    });
    expect(sent.total).toBe(sent.tokens + (sent.system?.tokens ?? 0));
  });

  it('the last twelve exchanges are exactly those, the message that is asked among them', async () => {
    const { last, sent, words } = await conversation({ ...bare, exchanges: 12 });
    expect(texts(last)).toEqual(from(40));
    expect(words).not.toContain('Zephyrine');
    const before = [...Array(39).keys()].flatMap((n) => exchange(n + 1)).join('');
    expect(sent.leftOut).toEqual({ messages: 78, tokens: estimate(before.length), reason: 'exchanges' });
    expect(sent).toMatchObject({ messages: 23, summary: null });
  });

  it('a token budget sends as many whole exchanges as fit, and no more', async () => {
    const { h, turns, sent, words } = await conversation({ ...bare, tokens: 500 });
    expect(words).not.toContain('Zephyrine');
    expect(sent).toMatchObject({ budget: { tokens: 500, of: 'window' }, leftOut: { reason: 'tokens' } });
    expect(sent.total).toBeLessThanOrEqual(500);
    // One more exchange would be too much.
    const [q, a] = exchange(9).map(({ length }) => estimate(length)) as [number, number];
    expect(sent.total + q + a).toBeGreaterThan(500);
    for (const { turn, request } of turns) {
      expect((await h.sent.of('s', turn)).sent.total).toBeLessThanOrEqual(500);
      expect(request.messages.length % 2).toBe(1);
      expect(request.messages[0]?.text).toMatch(/^(Question|My name)/);
    }
  });

  it("the model's own limit is the budget where nobody set one", async () => {
    const { sent, last } = await conversation(bare, { info: { contextWindow: 1000 } });
    expect(sent).toMatchObject({ budget: { tokens: 730, of: 'model' }, leftOut: { reason: 'model' } });
    expect(sent.total).toBeLessThanOrEqual(730);
    expect(texts(last)).toEqual(from(51 - (last.request.messages.length - 1) / 2));
  });

  it.each([
    ['a token budget', { ...usualWindow, tokens: 1000 }],
    ['the last exchanges', { ...usualWindow, exchanges: 6 }],
    ['one exchange', { ...usualWindow, exchanges: 1 }],
  ])('what fell out of %s is told in short: name, figures and decision, in every turn', async (_, window) => {
    const { h, turns } = await conversation(window);
    let short = 0;
    for (const { turn, request } of turns) {
      const words = House.words(request);
      for (const said of ['Zephyrine Okafor', '7193', '4410', 'decided']) expect(words).toContain(said);
      const { sent } = await h.sent.of('s', turn);
      expect(sent.total).toBeLessThanOrEqual(sent.budget.tokens);
      if (sent.leftOut !== null) {
        short++;
        expect(request.system).toContain('What was said before, in short:\n- You: My name is Zephyrine Okafor.');
        expect(sent.summary?.tokens).toBeLessThanOrEqual(Math.min(1500, sent.budget.tokens / 8));
      } else expect(sent.summary).toBeNull();
    }
    expect(short).toBeGreaterThan(20);
    expect(texts(turns[50]!)).not.toContain(FIRST);
  });

  it('a summary is not made anew for every message', async () => {
    const { h } = await conversation({ ...usualWindow, exchanges: 12 });
    const events = await h.log.read({ session: 's', limit: 5000 });
    const made = events.filter(({ type }) => type === 'history.summarized').length;
    expect(made).toBeGreaterThan(4);
    expect(made).toBeLessThan(16);
  });

  it('what was pinned is always in, before the rest, and only for as long as it is pinned', async () => {
    const { h, turns } = await conversation({ ...bare, exchanges: 3 });
    const [first, second] = [turns[0]!, turns[1]!];
    await h.sessions.pinNode('s', second.turn, true, h.row());
    await h.sessions.pinNode('s', first.message, true, h.row());
    const pinned = await h.say('And now?');
    expect(texts(pinned)).toEqual([FIRST, `You answered:\n${answer(2)}`, ...from(50), answer(51), 'And now?']);
    const { sent } = await h.sent.of('s', pinned.turn);
    expect(sent.pinned.map(({ node }) => node)).toEqual([first.message, second.turn]);
    expect(sent.leftOut?.messages).toBe(2 * 49 - 2);

    await h.sessions.pinNode('s', first.message, false, h.row());
    const unpinned = await h.say('And then?');
    expect(texts(unpinned)[0]).toBe(`You answered:\n${answer(2)}`);
    expect(House.words(unpinned.request)).not.toContain('Zephyrine');
  });

  it('what is pinned within the window stays at its place, and is there once', async () => {
    const { h, turns } = await conversation({ ...bare, exchanges: 3 });
    await h.sessions.pinNode('s', turns[50]!.message, true, h.row());
    const { request, turn } = await h.say('And now?');
    expect(texts({ request })).toEqual([...from(50), answer(51), 'And now?']);
    expect((await h.sent.of('s', turn)).sent.pinned).toEqual([]);
  });

  it('what was forgotten is neither sent nor told, and what comes after it is', async () => {
    const { h, turns } = await conversation(usualWindow);
    await h.sessions.setWindow('s', { ...usualWindow, exchanges: 2, since: turns[50]!.turn }, h.row());
    const next = await h.say('A new topic: the lighthouse has 1201 steps.');
    expect(House.words(next.request)).toBe(
      'You are of help. Your name is Apollo.\nA new topic: the lighthouse has 1201 steps.',
    );
    expect((await h.sent.of('s', next.turn)).sent.leftOut).toMatchObject({ messages: 102, reason: 'since' });
    for (let i = 0; i < 5; i++) {
      await h.say(`And ${i}?`);
      await h.summarizer.after('s');
    }
    const words = House.words(h.requests.at(-1)!);
    expect(words).toContain('in short:\n- You: A new topic: the lighthouse has 1201 steps.');
    expect(words).not.toContain('Zephyrine');
    expect(words).not.toContain('mountains');

    // What is asked for again is told again.
    await h.sessions.setWindow('s', { ...usualWindow, exchanges: 2 }, h.row());
    expect(House.words((await h.say('All again?')).request)).toContain('Zephyrine Okafor');
  });

  it('a program gets exactly the window that it asked for', async () => {
    let n = 0;
    const h = house({ says: () => answer(++n) });
    await h.create({ by: 'program', window: 5 });
    for (let i = 1; i <= 51; i++) await h.say(question(i));
    const { request } = await h.say('Last?');
    expect(texts({ request })).toEqual([...from(48), answer(51), 'Last?']);
    expect(request.system).toBe('You are of help. Your name is Apollo.');
  });
});

describe('a conversation that a program gave for one answer', () => {
  it('goes along as it is, whatever the model is assumed to take', async () => {
    const h = house();
    const history = Array.from({ length: 40 }, (_, i) => [
      { role: 'user' as const, text: `Page ${i}: ${'word '.repeat(1000)}` },
      { role: 'assistant' as const, text: 'Read.' },
    ]).flat();
    history.push({ role: 'user', text: 'What is on page 0?' });
    const made = { by: 'completion' as const };
    await h.sessions.begin({ session: 's', history, to: { specialist: 'apollo' }, made }, h.row);
    expect(texts({ request: h.requests[0]! })).toEqual(history.map(({ text }) => text));
  });
});

describe('a history window', () => {
  it('is changed from the next turn on, and not at all to what it is or by what is not there', async () => {
    const h = house();
    const { message } = await h.say('one');
    await h.sessions.setWindow('s', { ...usualWindow, exchanges: 2 }, h.row());
    await h.sessions.setWindow('s', { ...usualWindow, exchanges: 2 }, h.row());
    const events = await h.log.read({ session: 's', limit: 100 });
    expect(events.filter(({ type }) => type === 'window.set')).toHaveLength(1);
    const set = h.sessions.setWindow('s', { ...usualWindow, since: 'nowhere' }, h.row());
    await expect(set).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(h.sessions.pinNode('s', 'nowhere', true, h.row())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await h.sessions.setWindow('s', { ...usualWindow, since: message }, h.row());
    expect((await h.log.shape('s'))?.window.since).toBe(message);
  });

  it('always sends the message itself, whatever its size', async () => {
    const h = house();
    await h.say('short');
    await h.sessions.setWindow('s', { ...bare, tokens: 200 }, h.row());
    const long = 'word '.repeat(4000);
    const { request, turn } = await h.say(long);
    expect(texts({ request })).toEqual([long]);
    const { sent } = await h.sent.of('s', turn);
    expect(sent.total).toBeGreaterThan(4000);
    expect(sent.leftOut).toEqual({ messages: 2, tokens: estimate('shortNoted.'.length), reason: 'tokens' });
  });

  it('leaves room for the longest answer that is asked for', async () => {
    const h = house({ info: { contextWindow: 10_000 }, maxTokens: 4000 });
    const { turn } = await h.say('one');
    expect((await h.sent.of('s', turn)).sent).toMatchObject({
      budget: { tokens: 5800, of: 'model' },
      parameters: { temperature: 0.5, maxTokens: 4000 },
    });
  });

  it('tells others by name, within the window and in short', async () => {
    const h = house({ says: ({ system }) => (system?.includes('Athena') ? 'The owl is 42 years old.' : 'Fine.') });
    await h.say('How old is the owl?', 'athena');
    const near = await h.say('And you?', 'apollo');
    expect(texts(near)).toEqual(['How old is the owl?', 'Athena answered:\nThe owl is 42 years old.', 'And you?']);
    await h.sessions.setWindow('s', { ...usualWindow, exchanges: 1 }, h.row());
    const far = await h.say('Again?', 'apollo');
    expect(far.request.system).toContain('- You: How old is the owl?\n- Athena: The owl is 42 years old.');
  });

  it('tells a branch nothing that it never said', async () => {
    const h = house();
    await h.say('We begin with the harbour.');
    await h.sessions.setWindow('s', { ...usualWindow, exchanges: 2 }, h.row());
    const fork = await h.say('The first way is 17 miles long.');
    for (let i = 0; i < 12; i++) {
      await h.say(`Only here: the Secretariat has ${100 + i} rooms.`);
      await h.summarizer.after('s');
    }
    expect(h.requests.at(-1)?.system).toContain('Secretariat');
    await h.edit(fork.message, 'The other way is 23 miles long.');
    await h.say('On we go.');
    for (let i = 0; i < 3; i++) {
      const { request } = await h.say('And on.');
      await h.summarizer.after('s');
      expect(request.system).toContain('We begin with the harbour.');
      expect(House.words(request)).toContain('23 miles');
      expect(House.words(request)).not.toMatch(/Secretariat|17 miles/);
    }
  });

  it('tells all there is of a long history that nobody summarized, a part at once and the rest after the turn', async () => {
    const h = house();
    const history = Array.from({ length: 400 }, (_, i) => [
      { role: 'user' as const, text: i === 0 ? FIRST : `Note ${i}: box ${i} is in the Archive.` },
      { role: 'assistant' as const, text: 'Noted.' },
    ]).flat();
    history.push({ role: 'user', text: 'Is that all?' });
    const begun = h.sessions.begin({ session: 's', history, to: { specialist: 'apollo' } }, h.row);
    await begun;
    await h.sessions.stop('s', (await begun).turn);
    await h.sessions.setWindow('s', { ...usualWindow, exchanges: 4 }, h.row());
    const first = await h.say('What do you know?');
    expect(first.request.system).toContain('Zephyrine Okafor');
    expect(first.request.system).toContain('box 397');
    expect(first.request.system).not.toContain('box 200 ');
    await h.summarizer.after('s');
    const second = await h.say('And now?');
    expect(second.request.system).toContain('Zephyrine Okafor');
    const holding = await h.log.summaryOn('s', second.message);
    expect(holding?.depth).toBeGreaterThan(790);
    const events = await h.log.read({ session: 's', limit: 5000 });
    expect(events.filter(({ type }) => type === 'history.summarized')).toHaveLength(2);
  });

  it('says what would be sent now', async () => {
    const h = house();
    const turns = [];
    for (let i = 1; i <= 20; i++) turns.push(await h.say(question(i)));
    await h.sessions.setWindow('s', { ...usualWindow, exchanges: 5 }, h.row());
    await h.sessions.pinNode('s', turns[0]!.message, true, h.row());
    const context = await h.windows.context('s', { specialist: 'apollo' }, 'And now?');
    const { request, turn } = await h.say('And now?');
    const { sent } = await h.sent.of('s', turn);
    expect(request.messages[0]?.text).toBe(FIRST);
    expect(context).toEqual({
      budget: sent.budget,
      system: sent.system?.tokens,
      summary: sent.summary?.tokens,
      pinned: { nodes: 1, tokens: sent.pinned[0]?.tokens },
      history: { messages: 8, exchanges: 4, tokens: sent.tokens - 2 },
      first: turns[16]!.message,
      leftOut: sent.leftOut,
      total: sent.total,
      estimated: true,
    });
    await expect(h.windows.context('none', { specialist: 'apollo' }, '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('reads the same at turn 200 and at turn 2,000', async () => {
    const h = house();
    await h.create();
    const reads: number[] = [];
    const { up } = h.log;
    let read = 0;
    h.log.up = async (...asked) => {
      const piece = await up(...asked);
      read += piece.nodes.length;
      return piece;
    };
    await h.sessions.setWindow('s', { ...usualWindow, tokens: 600 }, h.row());
    let parent: string | null = null;
    const events = [];
    for (let i = 0; i < 2000; i++) {
      const [message, turn] = [h.id(), h.id()];
      const to = { specialist: 'apollo' };
      const at = { provider: 'p', providerName: 'P', model: 'm', offline: false };
      const speaker = { specialist: 'apollo', name: 'Apollo', ...at };
      const end = { reasoning: '', seams: [], problem: null, usage: null, timing: null, buffered: false };
      events.push(
        { type: 'message.added' as const, data: { message, parent, text: question(2), to } },
        { type: 'turn.requested' as const, data: { turn, parent: message, to, speaker } },
        {
          type: 'turn.finished' as const,
          data: { turn, state: 'done' as const, finish: 'stop' as const, text: answer(2), ...end },
        },
      );
      parent = turn;
      if (i !== 200 && i !== 1999) continue;
      await h.log.append({ session: 's', events: events.splice(0), durable: false });
      read = 0;
      await h.say('And now?');
      reads.push(read);
      parent = (await h.log.shape('s'))?.head ?? null;
    }
    // A first page, another one, and the newest of what is told in short.
    for (const each of reads) expect(each).toBeLessThanOrEqual(24 + 64 + 12);
  });
});

describe('tokens of a model whose tokenizer is here', () => {
  it('are counted by it, and budgets are kept by its count', async () => {
    const clock = fakeClock();
    const tokenizer = new Tokenizers(new URL('./tokenizer-worker.ts', import.meta.url), clock);
    try {
      await tokenizer.count('o200k_base', ['warm']);
      const h = house({ tokenizer, says: () => '桥梁将于三月十四日开放。'.repeat(6) });
      h.model = 'openai/gpt-4o';
      await h.create();
      await h.sessions.setWindow('s', { ...usualWindow, tokens: 600 }, h.row());
      for (let i = 0; i < 14; i++) await h.say(`桥梁什么时候开放？ ${i}`);
      const { request, turn } = await h.say('How much is it?');
      const { sent, exact } = await h.sent.of('s', turn);
      expect(exact).toBe(true);
      expect(sent.estimated).toBe(false);
      const counts = await tokenizer.count('o200k_base', [
        request.system ?? '',
        ...request.messages.map(({ text }) => text),
      ]);
      const total = counts.reduce((a, b) => a + b);
      expect(total).toBeLessThanOrEqual(600);
      // What is told in short is counted apart from the system text.
      expect(Math.abs(sent.total - total)).toBeLessThanOrEqual(2);
      expect(sent.leftOut?.reason).toBe('tokens');
    } finally {
      tokenizer.close();
    }
  });
});
