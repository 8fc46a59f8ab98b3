import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { usualWindow } from '#shared/domain/things.ts';
import { House, type HouseOptions } from './testing/house.ts';

const houses: House[] = [];
afterEach(async () => {
  for (const house of houses.splice(0)) await house.remove();
});
const house = (options?: HouseOptions) => {
  const made = new House(options);
  houses.push(made);
  return made;
};

describe('what was sent for a turn', () => {
  it('is put together again: system text, parameters, each message with where it comes from, and why', async () => {
    const h = house();
    const first = await h.say('I am Ada.');
    await h.say('It rains in Lisbon.');
    await h.sessions.setWindow('s', { ...usualWindow, exchanges: 1 }, h.row());
    await h.sessions.pinNode('s', first.message, true, h.row());
    const third = await h.say('And now?');
    const { sent, exact, system, messages } = await h.sent.of('s', third.turn);
    expect(exact).toBe(true);
    expect(system).toBe('You are of help. Your name is Apollo.');
    expect(sent).toMatchObject({ turn: third.turn, provider: 'p', model: 'm', parameters: { temperature: 0.5 } });
    expect(messages).toEqual([
      {
        role: 'system',
        text: 'What was said before, in short:\n- You: I am Ada.\n- You: It rains in Lisbon.\n- Apollo: Noted.',
        node: null,
        why: 'summary',
      },
      { role: 'user', text: 'I am Ada.', node: first.message, why: 'pinned' },
      { role: 'user', text: 'And now?', node: third.message, why: 'question' },
    ]);
    const tokens = await h.sent.count({ sent, exact, system, messages }, messages);
    expect(sent.total).toBe(tokens.reduce((a, b) => a + b) + sent.system!.tokens);
  });

  it('is the same after the persona has changed, the app was restarted, and messages were unpinned and reworded', async () => {
    const h = house();
    const first = await h.say('one');
    await h.sessions.pinNode('s', first.message, true, h.row());
    await h.sessions.setWindow('s', { ...usualWindow, exchanges: 1 }, h.row());
    const second = await h.say('two');
    h.persona = 'You are somebody else.';
    const third = await h.say('three');
    await h.sessions.pinNode('s', first.message, false, h.row());
    await h.edit(first.message, 'another one');
    await h.close();
    h.open();
    const old = await h.sent.of('s', second.turn);
    expect(old).toMatchObject({ exact: true, system: 'You are of help. Your name is Apollo.' });
    expect(await h.sent.of('s', third.turn)).toMatchObject({
      exact: true,
      system: 'You are somebody else. Your name is Apollo.',
    });
    await h.say('four');
    const told = (await h.log.read({ session: 's', limit: 500 })).filter(({ type }) => type === 'system.told');
    expect(told).toHaveLength(2);
  });

  it.each([true, false])('tells how a broken answer was gone on with (prefill: %s)', async (prefill) => {
    let n = 0;
    const h = house({ prefill, says: () => (++n === 1 ? { broken: 'Once upon' } : ' a time.') });
    const { turn } = await h.say('Tell me a story.');
    const on = await h.goOn(turn);
    const { sent, exact, messages } = await h.sent.of('s', on.turn);
    expect({ exact, goesOn: sent.goesOn }).toEqual({ exact: true, goesOn: prefill ? 'prefill' : 'asked' });
    expect(messages.map(({ why }) => why)).toEqual(['question', ...Array(prefill ? 1 : 2).fill('continued')]);
    expect(messages[1]).toMatchObject({ role: 'assistant', text: 'Once upon', node: null });
  });

  it('of a turn of before it was recorded is told plainly to be unknown, and so is a turn that is not there', async () => {
    const h = house();
    await h.say('one');
    const turn = h.id();
    const at = { provider: 'p', providerName: 'P', model: 'm', offline: false };
    const parent = (await h.log.shape('s'))!.head!;
    const to = { specialist: 'apollo' };
    const speaker = { specialist: 'apollo', name: 'Apollo', ...at };
    await h.log.append({
      session: 's',
      events: [{ type: 'turn.requested', data: { turn, parent, to, speaker } }],
      durable: false,
    });
    await expect(h.sent.of('s', turn)).rejects.toMatchObject({ code: 'NOT_FOUND', message: /was not recorded/ });
    await expect(h.sent.of('s', 'none')).rejects.toMatchObject({ code: 'NOT_FOUND', message: /has no turn/ });
  });

  it('does not keep a turn from being answered when it cannot be recorded', async () => {
    const h = house();
    const { append } = h.log;
    h.log.append = (batch) =>
      batch.events.some(({ type }) => type === 'turn.sent') ? Promise.reject(new Error('disk full')) : append(batch);
    const { request, turn } = await h.say('one');
    expect(request.messages).toHaveLength(1);
    expect(h.warnings.map(({ message }) => message)).toEqual(['What was sent could not be recorded.']);
    await expect(h.sent.of('s', turn)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is exact for every turn of any conversation, within its budget, and whole exchanges', async () => {
    const step = fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({ say: fc.lorem({ maxCount: 30 }), who: fc.constantFrom('apollo', 'athena') }),
      },
      { weight: 1, arbitrary: fc.record({ retry: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ edit: fc.nat(), text: fc.lorem() }) },
      { weight: 1, arbitrary: fc.record({ pin: fc.nat(), pinned: fc.boolean() }) },
      { weight: 1, arbitrary: fc.record({ persona: fc.lorem({ maxCount: 12 }) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          window: fc.record({
            exchanges: fc.option(fc.integer({ min: 1, max: 8 })),
            tokens: fc.option(fc.integer({ min: 200, max: 700 })),
            summary: fc.boolean(),
          }),
          since: fc.option(fc.nat()),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
        let n = 0;
        const h = new House({
          says: () => (++n % 11 === 0 ? { broken: n % 2 ? '' : 'Well,' } : `Answer ${n}. It is ${n} miles.`),
        });
        try {
          const { message, turn } = await h.say('We begin.');
          const [messages, turns] = [[message], [turn]];
          for (const each of steps) {
            const at = (index: number) => messages[index % messages.length]!;
            if ('say' in each) {
              const made = await h.say(each.say, each.who);
              messages.push(made.message);
              turns.push(made.turn);
            } else if ('retry' in each) turns.push((await h.retry(turns[each.retry % turns.length]!)).turn);
            else if ('edit' in each) {
              const made = await h.edit(at(each.edit), each.text);
              messages.push(made.message);
              turns.push(made.turn);
            } else if ('pin' in each) await h.sessions.pinNode('s', at(each.pin), each.pinned, h.row());
            else if ('persona' in each) h.persona = each.persona;
            else {
              const since = each.since === null ? null : at(each.since);
              await h.sessions.setWindow('s', { ...usualWindow, ...each.window, since }, h.row());
            }
            await h.summarizer.after('s');
          }
          for (const [index, id] of turns.entries()) {
            const { sent, exact, messages: told } = await h.sent.of('s', id);
            expect(exact).toBe(true);
            const request = h.requests[index]!;
            const said = told.filter(({ why }) => why !== 'summary');
            expect(said.map(({ role, text }) => ({ role, text }))).toEqual(request.messages);
            expect(told.filter(({ why }) => why === 'history')[0]?.role ?? 'user').toBe('user');
            const history = said.filter(({ why }) => why === 'history' || why === 'question');
            expect(history[0]?.node).toBe(sent.first);
            expect(messages).toContain(sent.first);
            const always = sent.total - sent.tokens + Math.ceil((told.at(-1)?.text.length ?? 0) / 4);
            if (sent.leftOut?.reason === 'tokens' && history.length > 1)
              expect(sent.total).toBeLessThanOrEqual(Math.max(sent.budget.tokens, always));
            if (sent.total > sent.budget.tokens) expect(history).toHaveLength(1);
          }
        } finally {
          await h.remove();
        }
      }),
      { numRuns: 12 },
    );
  });
});
