import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import type { Event, EventOf } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import { path } from '#shared/domain/session.ts';
import type { Target } from '#shared/domain/things.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { Log } from '../../log/log.ts';
import { openLog } from '../../log/open.ts';
import { ScriptedProvider } from '../streaming/testing/scripted-provider.ts';
import { Turns } from '../streaming/turns.ts';
import type { Said } from './begin.ts';
import { Sessions } from './sessions.ts';
import { Tokens } from './window/tokens.ts';
import { Windows } from './window/windows.ts';

const to: Target = { specialist: 'apollo' };
const team: Record<string, string> = { apollo: 'Apollo', athena: 'Athena', sophia: 'Sophia' };
const folders: string[] = [];
const open: Log[] = [];
afterEach(async () => {
  for (const log of open.splice(0)) await log.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function start(dir: string, { prefill = false } = {}) {
  const clock = fakeClock();
  const log = openLog({ dir, clock, random: Math.random });
  open.push(log);
  const provider = new ScriptedProvider({ prefill });
  const logger = { warn: () => {} };
  const observations = { streams: () => true, cannotStream: () => {} };
  const limits = { turns: 9, stallMs: 30_000, retries: 0 };
  const turns = new Turns({ log, clock, random: Math.random, logger, limits, observations });
  let ids = 0;
  const directory = {
    known: async () => {},
    resolve: (target: Target) => {
      const name = 'specialist' in target ? team[target.specialist] : undefined;
      if (name === undefined) throw new Problem('NEEDS_MODEL', 'It needs a model.', 'Connect one.');
      const at = { provider: 'scripted', providerName: 'Scripted', model: 'm', offline: false };
      const speaker = { specialist: name.toLowerCase(), name, ...at };
      return { speaker, provider, system: `You are ${name}.`, temperature: 0.5, maxTokens: 9 };
    },
  };
  const newId = () => `${dir.slice(-6)}-${log.position}-${++ids}`;
  const windows = new Windows({ log, directory, tokens: new Tokens(null, clock), newId, logger });
  const sessions = new Sessions({ log, directory, turns, windows, newId, now: () => clock.now(), logger });
  turns.ended.on(({ session, state }) => sessions.turnEnded(session, state));

  /** Reads the session's events until one is there for which `test` holds. */
  const until = async <T extends Event['type']>(type: T, test: (event: EventOf<T>) => boolean = () => true) => {
    let heard: () => void = () => {};
    const follower = log.follow({ session: 's', after: 0, ready: () => heard() });
    for (;;) {
      const next = new Promise<void>((resolve) => {
        heard = resolve;
      });
      const events = await follower.read(100);
      const found = events.find((event) => event.type === type && test(event as EventOf<T>));
      if (found !== undefined) {
        follower.close();
        return found as EventOf<T>;
      }
      if (events.length === 0) await next;
    }
  };
  const row = (n: number) => ({ id: `c${n}`, hash: 'h', result: {} });
  const send = (message: string, text: string, whileRunning: 'queue' | 'steer' | 'refuse' = 'queue') =>
    sessions.send({ session: 's', message, text, to, whileRunning }, (result) => ({
      id: `c-${message}`,
      hash: 'h',
      result,
    }));
  const remember = (name: string) => (result: unknown) => ({ id: name, hash: 'h', result });
  const ask = (message: string, specialist: string, parameters?: { maxTokens: number }) =>
    sessions.send(
      { session: 's', message, text: message, to: { specialist }, whileRunning: 'queue', parameters },
      remember(`c-${message}`),
    );
  const begin = (history: Said[], more: Parameters<Sessions['begin']>[0] | object = {}) =>
    sessions.begin({ session: 's', history, to, ...more }, remember('c-begin'));
  const view = async () => (await log.snapshot('s', 200))!.view;
  const shown = async () => path(await view()).map((node) => node.text);
  return { log, provider, turns, sessions, until, row, send, ask, begin, remember, view, shown, clock };
}

const world = (options?: { prefill?: boolean }) => {
  const dir = mkdtempSync(join(tmpdir(), 'choragus-sessions-'));
  folders.push(dir);
  return { ...start(dir, options), dir };
};

const answer = async ({ provider, until }: ReturnType<typeof start>, n: number, text: string) => {
  const call = await provider.call(n);
  call.say(text);
  call.finish();
  await until('turn.finished', ({ data }) => data.text === text);
  return call;
};

describe('a conversation', () => {
  it('sends persona, limits and all that was said before', async () => {
    const w = world();
    await w.send('m1', 'Hello');
    await answer(w, 0, 'Hi.');
    await w.send('m2', 'Why?');
    const { request } = await answer(w, 1, 'Because.');
    expect(request).toMatchObject({ system: 'You are Apollo.', model: 'm', temperature: 0.5, maxTokens: 9 });
    expect(request.messages).toEqual([
      { role: 'user', text: 'Hello' },
      { role: 'assistant', text: 'Hi.' },
      { role: 'user', text: 'Why?' },
    ]);
    expect(await w.shown()).toEqual(['Hello', 'Hi.', 'Why?', 'Because.']);
  });

  it('keeps its context over more than ten exchanges', async () => {
    const w = world();
    for (let n = 0; n < 12; n++) {
      await w.send(`m${n}`, `question ${n}`);
      await answer(w, n, `answer ${n}`);
    }
    const { request } = await w.provider.call(11);
    expect(request.messages).toHaveLength(23);
    expect(request.messages[0]).toEqual({ role: 'user', text: 'question 0' });
  });

  it('refuses what nobody can answer, and begins no session for it', async () => {
    const w = world();
    const wish = { session: 's', message: 'm', text: 'x', to: { specialist: 'metis' }, whileRunning: 'queue' as const };
    await expect(w.sessions.send(wish, w.remember('c'))).rejects.toMatchObject({ code: 'NEEDS_MODEL' });
    expect(await w.log.shape('s')).toBeNull();
  });

  it('refuses what must not wait while a turn runs, leaves nothing of it, and takes it by the same command later', async () => {
    const w = world();
    await w.send('m1', 'one');
    await expect(w.send('m2', 'two', 'refuse')).rejects.toMatchObject({ code: 'BUSY' });
    expect(await w.shown()).toEqual(['one', '']);
    expect((await w.view()).queue).toEqual([]);
    await answer(w, 0, 'One.');
    expect(await w.send('m2', 'two', 'refuse')).toEqual({ turn: expect.any(String) });
    await answer(w, 1, 'Two.');
    expect(await w.shown()).toEqual(['one', 'One.', 'two', 'Two.']);
  });

  it('queues what is written while a turn runs, and sends it when that turn is done', async () => {
    const w = world();
    await w.send('m1', 'one');
    const first = await w.provider.call(0);
    expect(await w.send('m2', 'two')).toEqual({ turn: null });
    expect((await w.view()).queue).toMatchObject([{ id: 'm2', text: 'two' }]);
    await w.sessions.editQueued('s', 'm2', 'two, better', to, w.row(2));
    first.say('1');
    first.finish();
    const second = await w.provider.call(1);
    expect(second.request.messages.at(-1)).toEqual({ role: 'user', text: 'two, better' });
    expect((await w.view()).queue).toEqual([]);
  });

  it('lets a queued message be taken back', async () => {
    const w = world();
    await w.send('m1', 'one');
    await w.send('m2', 'two');
    await w.sessions.unqueue('s', 'm2', w.row(2));
    await answer(w, 0, '1');
    await w.sessions.rename('s', 'Renamed', w.row(3));
    expect(w.provider.calls).toHaveLength(1);
    expect(await w.shown()).toEqual(['one', '1']);
  });

  it('keeps the queue waiting after a failure, until somebody sends it', async () => {
    const w = world();
    await w.send('m1', 'one');
    await w.send('m2', 'two');
    const call = await w.provider.call(0);
    call.say('Half');
    call.end();
    await w.until('turn.finished');
    expect((await w.view()).queue).toHaveLength(1);
    await w.sessions.sendQueued('s', 'm2', w.remember('c3'));
    await answer(w, 1, '2');
    expect(await w.shown()).toEqual(['one', 'Half', 'two', '2']);
  });

  it('steers: stops the running turn, keeps what came, and answers the new message with it in view', async () => {
    const w = world();
    await w.send('m1', 'one');
    const call = await w.provider.call(0);
    call.say('Half an');
    await w.until('turn.part');
    await w.send('m2', 'No, the other', 'steer');
    expect(call.signal.aborted).toBe(true);
    const { request } = await answer(w, 1, 'The other.');
    expect(request.messages.slice(1)).toEqual([
      { role: 'assistant', text: 'Half an' },
      { role: 'user', text: 'No, the other' },
    ]);
  });

  it('sends a queued message at once as a steer', async () => {
    const w = world();
    await w.send('m1', 'one');
    const call = await w.provider.call(0);
    call.say('Half');
    await w.until('turn.part');
    await w.send('m2', 'two');
    await w.sessions.sendQueued('s', 'm2', w.remember('c3'));
    expect(call.signal.aborted).toBe(true);
    await answer(w, 1, '2');
    expect(await w.shown()).toEqual(['one', 'Half', 'two', '2']);
  });

  it('keeps every try and every wording, and shows the one that was chosen', async () => {
    const w = world();
    const { turn } = await w.send('m1', 'one');
    await answer(w, 0, 'first try');
    await w.sessions.retry('s', turn!, undefined, w.remember('c2'));
    await answer(w, 1, 'second try');
    expect(await w.shown()).toEqual(['one', 'second try']);
    await w.sessions.select('s', turn!, w.row(3));
    expect(await w.shown()).toEqual(['one', 'first try']);
    await w.sessions.edit({ session: 's', replaces: 'm1', message: 'm1b', text: 'one, better', to }, w.remember('c4'));
    await answer(w, 2, 'third');
    expect(await w.shown()).toEqual(['one, better', 'third']);
    await w.sessions.select('s', 'm1', w.row(5));
    expect(await w.shown()).toEqual(['one', 'second try']);
  });

  it('goes on with a broken answer by an instruction, and cuts the overlap', async () => {
    const w = world();
    const { turn } = await w.send('m1', 'one');
    const call = await w.provider.call(0);
    call.say('The sleep between two');
    call.end();
    await w.until('turn.finished');
    await w.sessions.continue('s', turn!, w.remember('c2'));
    const { request } = await w.provider.call(1);
    expect(request.prefill).toBe(false);
    expect(request.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    (await w.provider.call(1)).say('between two attempts.');
    (await w.provider.call(1)).finish();
    const { data } = await w.until('turn.finished', ({ data }) => data.state === 'done');
    expect(data).toMatchObject({ text: 'The sleep between two attempts.', seams: [{ offset: 21 }] });
    expect(await w.shown()).toEqual(['one', 'The sleep between two attempts.']);
  });

  it('goes on with a broken answer by prefill where the provider has it', async () => {
    const w = world({ prefill: true });
    const { turn } = await w.send('m1', 'one');
    const call = await w.provider.call(0);
    call.say('Half');
    call.end();
    await w.until('turn.finished');
    await w.sessions.continue('s', turn!, w.remember('c2'));
    const { request } = await w.provider.call(1);
    expect(request.prefill).toBe(true);
    expect(request.messages.at(-1)).toEqual({ role: 'assistant', text: 'Half' });
  });

  it('stops nothing for a command that is refused', async () => {
    const w = world();
    const { turn } = await w.send('m1', 'one');
    const call = await w.provider.call(0);
    call.say('Half');
    await w.until('turn.part');
    const metis = { specialist: 'metis' };
    const edited = { session: 's', replaces: 'm1', message: 'm1b', text: 'x', to: metis };
    await expect(w.sessions.retry('s', 'unknown', undefined, w.remember('c1'))).rejects.toThrow('no turn');
    await expect(w.sessions.retry('s', turn!, metis, w.remember('c2'))).rejects.toThrow('needs a model');
    await expect(w.sessions.continue('s', turn!, w.remember('c3'))).rejects.toThrow('nothing to go on with');
    await expect(w.sessions.edit(edited, w.remember('c4'))).rejects.toThrow('needs a model');
    await expect(w.sessions.edit({ ...edited, replaces: 'gone', to }, w.remember('c5'))).rejects.toThrow('no message');
    await expect(w.sessions.sendQueued('s', 'gone', w.remember('c6'))).rejects.toThrow('no longer in the queue');
    await expect(w.send('m1', 'again', 'steer')).rejects.toThrow('is taken');
    expect(call.signal.aborted).toBe(false);
    call.finish();
    expect((await w.until('turn.finished')).data).toMatchObject({ state: 'done', text: 'Half' });
  });

  it('keeps the order in which it was written: what comes while others wait goes behind them', async () => {
    const w = world();
    await w.send('m1', 'one');
    await w.send('m2', 'two');
    const call = await w.provider.call(0);
    call.say('Half');
    call.end();
    await w.until('turn.finished');
    expect(await w.send('m3', 'three')).toEqual({ turn: null });
    await answer(w, 1, '2');
    await answer(w, 2, '3');
    expect(await w.shown()).toEqual(['one', 'Half', 'two', '2', 'three', '3']);
  });

  it('refuses the id of a message that waits already, and a queue without end', async () => {
    const w = world();
    await w.send('m1', 'one');
    await w.send('m2', 'two');
    await expect(w.send('m2', 'two again')).rejects.toThrow('is taken');
    for (let n = 3; n < 52; n++) await w.send(`m${n}`, `message ${n}`);
    await expect(w.send('m99', 'too many')).rejects.toMatchObject({ code: 'LIMIT' });
  });

  it('gives a turn that was asked for and could not be started its end', async () => {
    const w = world();
    const { nodes } = w.log;
    w.log.nodes = async () => {
      throw new Problem('STORAGE', 'The disk cannot be read.', 'Look at the disk.');
    };
    await w.send('m1', 'one');
    w.log.nodes = nodes;
    const { data } = await w.until('turn.finished');
    expect(data).toMatchObject({ state: 'failed', problem: { code: 'STORAGE' } });
    await w.send('m2', 'two');
    await answer(w, 0, '2');
  });

  it('stops a turn that was asked for and is just about to be started', async () => {
    const w = world();
    const { nodes } = w.log;
    const gate = Promise.withResolvers<void>();
    w.log.nodes = async (session, ids) => {
      await gate.promise;
      return nodes(session, ids);
    };
    const sent = w.send('m1', 'one');
    const { data } = await w.until('turn.requested');
    const stopped = w.sessions.stop('s', data.turn);
    gate.resolve();
    await Promise.all([sent, stopped]);
    expect(w.turns.running).toBe(0);
    const events = await w.log.read({ session: 's', limit: 100 });
    expect(events.filter(({ type }) => type === 'turn.finished')).toMatchObject([{ data: { state: 'stopped' } }]);
  });

  it('takes one effect when many commands come at once', async () => {
    const w = world();
    await Promise.all(Array.from({ length: 20 }, (_, n) => w.send(`m${n}`, `message ${n}`)));
    const { queue, nodes } = await w.view();
    expect(queue).toHaveLength(19);
    expect(Object.keys(nodes)).toHaveLength(2);
  });

  it('marks a turn that ran when the process ended, with all that had been seen of it', async () => {
    const w = world();
    await w.send('m1', 'one');
    (await w.provider.call(0)).say('Half an answer');
    await w.until('turn.part');
    // What a kill leaves behind: the same file, opened by a new process.
    const again = start(copyOf(w.dir));
    expect(await again.sessions.recover()).toBe(1);
    const { data } = await again.until('turn.finished');
    expect(data).toMatchObject({ state: 'interrupted', text: 'Half an answer' });
    expect(await again.sessions.recover()).toBe(0);
  });

  it('marks what it can after a start, whatever else cannot be read', async () => {
    const w = world();
    await w.send('m1', 'one');
    (await w.provider.call(0)).say('Half');
    await w.until('turn.part');
    const copy = copyOf(w.dir);
    const db = new Database(join(copy, 'choragus.db'));
    db.exec("UPDATE events SET data = 'no JSON' WHERE type = 'turn.requested'");
    db.close();
    const again = start(copy);
    expect(await again.sessions.recover()).toBe(1);
    expect((await again.until('turn.finished')).data).toMatchObject({ state: 'interrupted' });
    expect(await again.log.unfinished()).toEqual([]);
  });

  it('waits with its commands until what ran at the last end is marked', async () => {
    const w = world();
    await w.send('m1', 'one');
    (await w.provider.call(0)).say('Half');
    await w.until('turn.part');
    const again = start(copyOf(w.dir));
    const recovered = again.sessions.recover();
    const sent = again.send('m2', 'two');
    expect(await recovered).toBe(1);
    expect((await sent).turn).not.toBeNull();
    await answer(again, 0, '2');
    expect(await again.shown()).toEqual(['one', 'Half', 'two', '2']);
  });
});

describe('a session of a program', () => {
  const history: Said[] = [
    { role: 'user', text: 'Hello' },
    { role: 'assistant', text: 'Hi.' },
    { role: 'user', text: 'What is a rose?' },
  ];
  const chosen = { parameters: { maxTokens: 5 }, system: 'Be brief.' };

  it('begins with a conversation, and answers the last of it, all in one step', async () => {
    const w = world();
    const { turn } = await w.begin(history, { ...chosen, made: { by: 'program' } });
    const { request } = await answer(w, 0, 'A flower.');
    expect(request).toMatchObject({ system: 'You are Apollo.\n\nBe brief.', maxTokens: 5, temperature: 0.5 });
    expect(request.messages.map(({ role, text }) => `${role}: ${text}`)).toEqual([
      'user: Hello',
      'assistant: Hi.',
      'user: What is a rose?',
    ]);
    expect(await w.shown()).toEqual(['Hello', 'Hi.', 'What is a rose?', 'A flower.']);
    expect(await w.log.command('c-begin')).toMatchObject({ result: { turn } });
    expect(await w.log.sessionOfTurn(turn)).toBe('s');
    expect(await w.log.unfinished()).toEqual([]);
    const events = await w.log.read({ session: 's', limit: 100 });
    const last = events.find(({ type, data }) => type === 'turn.requested' && data.turn === turn)!;
    expect(events.filter(({ seq }) => seq <= last.seq).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is refused where there is one, and leaves nothing when it cannot begin', async () => {
    const w = world();
    await expect(w.begin(history.slice(0, 2))).rejects.toMatchObject({ code: 'INVALID_PARAMS' });
    await expect(w.begin(history, { to: { specialist: 'metis' } })).rejects.toMatchObject({ code: 'NEEDS_MODEL' });
    expect([await w.log.shape('s'), w.log.position]).toEqual([null, 0]);
    await w.begin(history);
    await expect(w.begin(history)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(w.sessions.create({ session: 's' }, w.row(9))).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('keeps what was chosen for a turn when it is tried again or gone on with, and not for the next message', async () => {
    const w = world();
    const { turn } = await w.begin(history, chosen);
    const call = await w.provider.call(0);
    call.say('Half');
    call.end();
    await w.until('turn.finished', ({ data }) => data.state === 'failed');
    const more = await w.sessions.continue('s', turn, w.remember('c2'));
    const kept = { system: 'You are Apollo.\n\nBe brief.', maxTokens: 5 };
    expect((await w.provider.call(1)).request).toMatchObject(kept);
    await w.sessions.retry('s', more.turn, { specialist: 'athena' }, w.remember('c3'));
    expect((await w.provider.call(2)).request).toMatchObject({ ...kept, system: 'You are Athena.\n\nBe brief.' });
    await w.send('m2', 'Next', 'steer');
    expect((await w.provider.call(3)).request).toMatchObject({ system: 'You are Apollo.', maxTokens: 9 });
  });

  it('takes parameters with a message for its own turn; one that waited is answered as the specialist is set', async () => {
    const w = world();
    await w.ask('m1', 'apollo', { maxTokens: 3 });
    await w.ask('m2', 'apollo', { maxTokens: 4 });
    expect((await answer(w, 0, 'A')).request.maxTokens).toBe(3);
    expect((await answer(w, 1, 'B')).request.maxTokens).toBe(9);
  });

  it('sends along no more than its window', async () => {
    const w = world();
    const messages = async (call: number) => (await w.provider.call(call)).request.messages.map(({ text }) => text);
    await w.begin(history, { made: { by: 'program', window: 2 } });
    await answer(w, 0, 'A flower.');
    expect(await messages(0)).toEqual(['Hello', 'Hi.', 'What is a rose?']);
    await w.send('m2', 'And a tulip?');
    await answer(w, 1, 'Another.');
    expect(await messages(1)).toEqual(['What is a rose?', 'A flower.', 'And a tulip?']);
    await w.sessions.create({ session: 'one', made: { by: 'program', window: 1 } }, w.row(2));
    expect((await w.log.shape('one'))!.made).toEqual({ by: 'program', window: 1 });
  });

  it('takes no more once its lifetime is over, and can still be read', async () => {
    const w = world();
    const { turn } = await w.begin(history, { made: { by: 'program', lifetimeMs: 60_000 } });
    await w.send('m2', 'Waits');
    w.clock.advance(20_000);
    const call = await w.provider.call(0);
    call.say('A flower.');
    call.end();
    await w.until('turn.finished', ({ data }) => data.state === 'failed');
    // Its last sign of life was that end.
    w.clock.advance(60_000);
    w.clock.jump(-3_600_000);
    await w.sessions.rename('s', 'Named', w.row(2));
    w.clock.jump(3_600_000 + 1);
    const refused = { code: 'EXPIRED', message: 'This session expired at 2026-01-05T09:01:20.000Z.' };
    const edited = { session: 's', replaces: 'm1', message: 'm1b', text: 'x', to };
    await expect(w.send('m3', 'More')).rejects.toMatchObject(refused);
    await expect(w.sessions.edit(edited, w.remember('c3'))).rejects.toMatchObject(refused);
    await expect(w.sessions.retry('s', turn, undefined, w.remember('c4'))).rejects.toMatchObject(refused);
    await expect(w.sessions.continue('s', turn, w.remember('c5'))).rejects.toMatchObject(refused);
    await expect(w.sessions.sendQueued('s', 'm2', w.remember('c6'))).rejects.toMatchObject(refused);
    expect(await w.shown()).toEqual(['Hello', 'Hi.', 'What is a rose?', 'A flower.']);
    // The clock was wrong: at the very end of its life it lives.
    w.clock.jump(-1);
    await w.sessions.sendQueued('s', 'm2', w.remember('c7'));
    await answer(w, 1, 'Here.');
  });
});

describe('a team in one session', () => {
  it('hears the others by name, and each its own words as its own', async () => {
    const w = world();
    const heard = [];
    for (const [n, name] of ['apollo', 'athena', 'sophia', 'athena'].entries()) {
      await w.ask(`question ${n}`, name);
      const { request } = await answer(w, n, `${name} ${n}`);
      heard.push(request.messages.map(({ role, text }) => `${role}: ${text}`));
    }
    expect(heard[0]).toEqual(['user: question 0']);
    expect(heard[2]).toEqual([
      'user: question 0',
      'user: Apollo answered:\napollo 0',
      'user: question 1',
      'user: Athena answered:\nathena 1',
      'user: question 2',
    ]);
    expect(heard[3]!.slice(1, 6)).toEqual([
      'user: Apollo answered:\napollo 0',
      'user: question 1',
      'assistant: athena 1',
      'user: question 2',
      'user: Sophia answered:\nsophia 2',
    ]);
  });
});

describe('a deleted session', () => {
  it('is gone with its running turn, whose provider is hung up on, and its id is never given again', async () => {
    const w = world();
    const { turn } = await w.send('m1', 'one');
    await w.send('m2', 'waits');
    const call = await w.provider.call(0);
    call.say('Half');
    await w.until('turn.part');
    const follower = w.log.follow({ session: 's', after: 0, ready: () => {} });
    await w.sessions.delete('s', w.row(2));
    expect(call.signal.aborted).toBe(true);
    expect((await follower.read(100)).map(({ type }) => type)).toEqual(['session.deleted']);
    expect(await w.log.unfinished()).toEqual([]);
    expect(w.turns.running).toBe(0);

    const there = { code: 'NOT_FOUND', message: 'Session s was deleted.' };
    await expect(w.send('m3', 'again')).rejects.toMatchObject(there);
    await expect(w.sessions.rename('s', 'x', w.row(3))).rejects.toMatchObject(there);
    await expect(w.sessions.delete('s', w.row(4))).rejects.toMatchObject(there);
    await expect(w.sessions.retry('s', turn!, undefined, w.remember('c5'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(w.sessions.stop('s', turn!)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(w.sessions.create({ session: 's' }, w.row(6))).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(w.begin([{ role: 'user', text: 'x' }])).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(w.sessions.delete('unknown', w.row(7))).rejects.toThrow('There is no session unknown.');
    expect(w.provider.calls).toHaveLength(1);
    expect(await w.log.command('c2')).toEqual({ hash: 'h', result: {} });
  });

  it('is deleted with what a killed process had left running in it', async () => {
    const w = world();
    await w.send('m1', 'one');
    (await w.provider.call(0)).say('Half');
    await w.until('turn.part');
    const again = start(copyOf(w.dir));
    await again.sessions.delete('s', again.row(2));
    expect(await again.log.read({ session: 's', limit: 10 })).toMatchObject([{ type: 'session.deleted' }]);
  });

  it('goes of itself only where nobody has used or pinned it since, also while that is being asked', async () => {
    const w = world();
    const gone: string[] = [];
    w.sessions.deleted.on((session) => gone.push(session));
    await w.send('m1', 'Hello');
    await answer(w, 0, 'Hi.');
    const used = async () => (await w.log.shape('s'))!.updatedAt;
    const before = await used();
    w.clock.advance(1000);
    // What was asked for first is done first.
    const sent = w.send('m2', 'Still here');
    expect(await w.sessions.deleteUnused('s', before)).toBe(false);
    await sent;
    await answer(w, 1, 'Yes.');
    await w.sessions.arrange('s', { pinned: true });
    expect(await w.sessions.deleteUnused('s', await used())).toBe(false);
    expect(await w.shown()).toEqual(['Hello', 'Hi.', 'Still here', 'Yes.']);
    await w.sessions.arrange('s', { pinned: false });
    expect(await w.sessions.deleteTrashed('s')).toBe(false);
    expect(gone).toEqual([]);
    expect(await w.sessions.deleteUnused('s', await used())).toBe(true);
    expect(gone).toEqual(['s']);
    expect(await w.sessions.deleteUnused('s', before)).toBe(false);
    expect(await w.log.shape('s')).toBeNull();
  });
});

function copyOf(dir: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'choragus-sessions-'));
  folders.push(copy);
  cpSync(dir, copy, { recursive: true });
  return copy;
}
