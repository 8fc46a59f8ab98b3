import { afterEach, describe, expect, it } from 'vitest';
import { calls } from '#shared/contract/contract.ts';
import { usualWindow } from '#shared/domain/things.ts';
import { fits } from '#shared/wire/frame.ts';
import type { Context } from '#shared/wire/table.ts';
import { House } from '../engines/session/window/testing/house.ts';
import { Commands } from './commands.ts';
import { contextCalls } from './context.ts';
import { sentCalls } from './sent.ts';

const houses: House[] = [];
afterEach(async () => {
  for (const house of houses.splice(0)) await house.remove();
});

function world() {
  const h = new House();
  houses.push(h);
  const handlers = { ...contextCalls(h.sessions, h.windows, new Commands(h.log)), ...sentCalls(h.sent) };
  return { h, handlers, caller: {} as Context };
}

describe('history windows', () => {
  it('are set, and messages pinned, once by the same command', async () => {
    const { h, handlers, caller } = world();
    const { message } = await h.say('one');
    const set = { command: h.id(), session: 's', window: { ...usualWindow, exchanges: 2 } };
    const pin = { command: h.id(), session: 's', node: message, pinned: true };
    for (let times = 0; times < 2; times++) {
      expect(await handlers['sessions.setWindow'](set, caller)).toEqual({});
      expect(await handlers['sessions.pinNode'](pin, caller)).toEqual({});
    }
    const types = (await h.log.read({ session: 's', limit: 100 })).map(({ type }) => type);
    expect(types.filter((type) => type === 'window.set' || type === 'node.pinned')).toEqual([
      'window.set',
      'node.pinned',
    ]);
    const other = handlers['sessions.setWindow']({ ...set, window: usualWindow }, caller);
    await expect(other).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('say what would be sent, as the contract has it', async () => {
    const { h, handlers, caller } = world();
    await h.say('one');
    const asked = { session: 's', to: { specialist: 'apollo' }, text: 'two' };
    const context = await handlers['sessions.context'](asked, caller);
    expect(calls['sessions.context'].result.parse(context)).toEqual(context);
    expect(context.history).toEqual({ messages: 2, exchanges: 1, tokens: 3 });
  });
});

describe('what was sent', () => {
  it('comes in pages that fit a frame, the system text with the first', async () => {
    const { h, handlers, caller } = world();
    await h.sessions.create({ session: 's' }, h.row());
    await h.sessions.setWindow('s', { ...usualWindow, tokens: null }, h.row());
    for (let i = 0; i < 3; i++) await h.say(`${i} ${'€'.repeat(30_000)}`);
    const long = await h.say('€'.repeat(160_000));
    const sent = handlers['turns.sent'];
    const first = await sent({ session: 's', turn: long.turn, from: 0, limit: 50 }, caller);
    expect(calls['turns.sent'].result.parse(first)).toEqual(first);
    expect(first).toMatchObject({ exact: true, system: 'You are of help. Your name is Apollo.' });
    const { turn } = await h.say('And now?');
    const texts: string[] = [];
    for (let total = 1; texts.length < total; ) {
      const page = await sent({ session: 's', turn, from: texts.length, limit: 50 }, caller);
      expect(fits(page)).toBe(true);
      expect(page.system === null).toBe(texts.length > 0);
      total = page.total;
      texts.push(...page.messages.map(({ text }) => text));
    }
    const { messages } = h.requests.at(-1)!;
    expect(texts.slice(-messages.length)).toEqual(messages.map(({ text }) => text));
  });

  it('counts tokens of each message, in sum those of the record', async () => {
    const { h, handlers, caller } = world();
    await h.say('one');
    const { turn } = await h.say('two or three');
    const { sent, messages } = await handlers['turns.sent']({ session: 's', turn, from: 0, limit: 50 }, caller);
    expect(messages.map(({ why, tokens }) => [why, tokens])).toEqual([
      ['history', 1],
      ['history', 2],
      ['question', 3],
    ]);
    expect(sent.tokens).toBe(6);
  });
});
