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
import { Sessions } from './sessions.ts';

const to: Target = { specialist: 'apollo' };
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
      if (!('specialist' in target) || target.specialist !== 'apollo')
        throw new Problem('NEEDS_MODEL', 'It needs a model.', 'Connect one.');
      const speaker = { name: 'Apollo', provider: 'scripted', providerName: 'Scripted', model: 'm', offline: false };
      return { speaker, provider, system: 'You are Apollo.', temperature: 0.5, maxTokens: 9 };
    },
  };
  const newId = () => `${dir.slice(-6)}-${log.position}-${++ids}`;
  const sessions = new Sessions({ log, directory, turns, newId, logger });
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
  const send = (message: string, text: string, whileRunning: 'queue' | 'steer' = 'queue') =>
    sessions.send({ session: 's', message, text, to, whileRunning }, (result) => ({
      id: `c-${message}`,
      hash: 'h',
      result,
    }));
  const remember = (name: string) => (result: unknown) => ({ id: name, hash: 'h', result });
  const view = async () => (await log.snapshot('s', 200))!.view;
  const shown = async () => path(await view()).map((node) => node.text);
  return { log, provider, turns, sessions, until, row, send, remember, view, shown, clock };
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
    const path = w.log.path;
    w.log.path = async () => {
      throw new Problem('STORAGE', 'The disk cannot be read.', 'Look at the disk.');
    };
    await w.send('m1', 'one');
    w.log.path = path;
    const { data } = await w.until('turn.finished');
    expect(data).toMatchObject({ state: 'failed', problem: { code: 'STORAGE' } });
    await w.send('m2', 'two');
    await answer(w, 0, '2');
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

function copyOf(dir: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'choragus-sessions-'));
  folders.push(copy);
  cpSync(dir, copy, { recursive: true });
  return copy;
}
