import { afterEach, describe, expect, it } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import { type HistoryWindow, type Speaker, usualWindow } from '#shared/domain/things.ts';
import type { AskOnce } from '../ports.ts';
import { House } from './testing/house.ts';

const houses: House[] = [];
afterEach(async () => {
  for (const house of houses.splice(0)) await house.remove();
});

const by: Speaker = { name: 'Harmonia', provider: 'p', providerName: 'P', model: 'm', offline: false };
const window: HistoryWindow = { ...usualWindow, exchanges: 3, summarizer: { specialist: 'harmonia' } };

async function world(ask: AskOnce) {
  const h = new House({ ask });
  houses.push(h);
  await h.create();
  await h.sessions.setWindow('s', window, h.row());
  const made = async () =>
    (await h.log.read({ session: 's', limit: 5000 })).flatMap((event) =>
      event.type === 'history.summarized' ? [event.data] : [],
    );
  const talk = async (times: number) => {
    for (let i = 0; i < times; i++) {
      await h.say(`Note ${h.requests.length}: the Archive is open.`);
      await h.summarizer.after('s');
    }
    return h.requests.at(-1)!;
  };
  return { h, made, talk };
}

describe('a summary by a model', () => {
  it('is made after turns, from the one before and what fell out since, and goes along as soon as it is there', async () => {
    const asked: Parameters<AskOnce>[0][] = [];
    const { made, talk } = await world(async (wish) => {
      asked.push(wish);
      return { text: `Summary ${asked.length}.`, by };
    });
    // The first one falls out with the fourth turn, and is told by then.
    expect((await talk(3)).system).not.toContain('in short:');
    expect((await talk(1)).system).toContain('in short:\nSummary 1.');
    await talk(6);
    const [first, second] = asked as [(typeof asked)[0], (typeof asked)[0]];
    expect(first).toMatchObject({ to: { specialist: 'harmonia' } });
    expect(first.text).toMatch(/^The user:\nNote 0: the Archive is open\.\n\nApollo:\nNoted\./);
    expect(first.text).not.toContain('in short:');
    expect(second.text).toContain('What was said before, in short:\nSummary 1.\n\nThen this was said:');
    expect(second.text).not.toContain('Note 0:');
    const all = await made();
    const byModel = all.filter((each) => each.by !== null);
    expect(byModel[0]).toMatchObject({ after: null, text: 'Summary 1.', by });
    expect(byModel[1]).toMatchObject({ after: byModel[0]!.summary, text: 'Summary 2.' });
    expect(asked.length).toBeLessThan(10);
  });

  it('that fails is replaced by picked sentences; that is logged once, until it works again', async () => {
    let works = false;
    const { h, talk } = await world(async () => {
      if (!works) throw new Problem('PROVIDER_UNREACHABLE', 'It does not answer.');
      return { text: 'It works.', by };
    });
    for (let i = 0; i < 12; i++) {
      const { system } = await talk(1);
      if (i >= 3) expect(system).toContain('- You: Note 0: the Archive is open.');
    }
    expect(h.warnings).toHaveLength(1);
    expect(h.warnings[0]).toMatchObject({
      message: 'The summarizer failed; sentences are picked instead until it works again.',
      fields: { summarizer: { specialist: 'harmonia' } },
    });
    works = true;
    await talk(2);
    expect((await talk(1)).system).toContain('in short:\nIt works.');
    works = false;
    await talk(10);
    expect(h.warnings).toHaveLength(2);
  });

  it('that is not there yet keeps nobody waiting: what fell out since is picked then and there', async () => {
    const gate = Promise.withResolvers<void>();
    const { h, talk } = await world(async () => {
      await gate.promise;
      return { text: 'Late.', by };
    });
    for (let i = 0; i < 3; i++) await h.say(`Early ${i}: the Lantern is lit.`);
    const pending = h.summarizer.after('s');
    for (let i = 0; i < 8; i++) {
      await h.say(`Then ${i}: the Archive is open.`);
      expect(h.requests.at(-1)!.system ?? '').toMatch(i === 0 ? /./ : /Early 0/);
    }
    gate.resolve();
    await pending;
    await h.summarizer.after('s');
    expect((await talk(1)).system).toContain('Late.');
  });

  it('never says more than it may, whatever the model writes', async () => {
    const { h, talk } = await world(async () => ({ text: 'The Archive is open. '.repeat(2000), by }));
    await talk(8);
    const { turn } = await h.say('And now?');
    const { sent, exact } = await h.sent.of('s', turn);
    expect(exact).toBe(true);
    expect(sent.summary?.tokens).toBeLessThanOrEqual(200);
    expect(sent.summary?.tokens).toBeGreaterThan(150);
  });

  it('is dropped when its session is deleted meanwhile, and ends with the app', async () => {
    const gate = Promise.withResolvers<void>();
    const { h, talk } = await world(async () => {
      await gate.promise;
      return { text: 'Late.', by };
    });
    for (let i = 0; i < 5; i++) await h.say(`Note ${i}.`);
    const pending = h.summarizer.after('s');
    await h.sessions.delete('s');
    gate.resolve();
    await pending;
    expect((await h.log.read({ session: 's', limit: 100 })).map(({ type }) => type)).toEqual(['session.deleted']);
    h.summarizer.close();
    await h.summarizer.after('s');
    expect(h.warnings).toEqual([]);
    void talk;
  });
});
