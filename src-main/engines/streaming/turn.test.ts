import { describe, expect, it } from 'vitest';
import type { EventOf } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { ProviderRefusal } from '../../providers/provider.ts';
import type { TurnDependencies, TurnSpec } from './ports.ts';
import { MemoryLog } from './testing/memory-log.ts';
import { ScriptedProvider } from './testing/scripted-provider.ts';
import { Turn } from './turn.ts';
import { Turns } from './turns.ts';

const speaker = { name: 'Apollo', provider: 'scripted', providerName: 'Scripted', model: 'm', offline: false };

function setUp(
  change: { prefill?: boolean; from?: TurnSpec['from']; limits?: Partial<TurnDependencies['limits']> } = {},
) {
  const log = new MemoryLog();
  const clock = fakeClock();
  const provider = new ScriptedProvider({ prefill: change.prefill ?? false });
  const cannot = new Set<string>();
  const warnings: string[] = [];
  const deps: TurnDependencies = {
    log,
    clock,
    random: () => 1,
    limits: { turns: 2, stallMs: 30_000, retries: 3, ...change.limits },
    observations: {
      streams: (id, model) => !cannot.has(`${id}/${model}`),
      cannotStream: (id, model) => void cannot.add(`${id}/${model}`),
    },
    logger: { warn: (_, message) => void warnings.push(message) },
  };
  const spec = (turn = 't1'): TurnSpec => ({
    session: 's1',
    turn,
    speaker,
    provider,
    request: {
      model: 'm',
      system: undefined,
      messages: [{ role: 'user', text: 'hi' }],
      prefill: false,
      maxTokens: undefined,
      temperature: undefined,
      session: 's1',
    },
    from: change.from,
  });
  return { log, clock, provider, deps, spec, cannot, warnings };
}

const begin = (world: ReturnType<typeof setUp>) => {
  const turn = new Turn(world.spec(), world.deps);
  void turn.run();
  return turn;
};

const finished = async (log: MemoryLog) =>
  ((await log.until((event) => event.type === 'turn.finished')) as EventOf<'turn.finished'>).data;

const refusal = (
  code: 'PROVIDER_RATE_LIMITED' | 'PROVIDER_REFUSED' | 'PROVIDER_CANNOT_STREAM' | 'PROVIDER_EMPTY',
  retryable: boolean,
  after?: number,
) => new ProviderRefusal(new Problem(code, 'No.', 'Wait.'), retryable, after);

describe('a turn', () => {
  it('passes what came in one turn of the event loop on as one part, and ends with the whole text', async () => {
    const world = setUp();
    begin(world);
    const call = await world.provider.call(0);
    call.give({ type: 'start' }, { type: 'delta', text: 'Hel' }, { type: 'delta', text: 'lo' });
    await world.log.until((event) => event.type === 'turn.part');
    call.give({ type: 'delta', text: ' world' });
    await world.log.until((event) => event.type === 'turn.part' && event.data.offset === 5);
    call.finish();
    expect(await finished(world.log)).toMatchObject({
      state: 'done',
      finish: 'stop',
      text: 'Hello world',
      problem: null,
    });
    const parts = world.log.events.filter((event) => event.type === 'turn.part');
    expect(parts.map(({ data }) => [data.offset, data.text])).toEqual([
      [0, 'Hello'],
      [5, ' world'],
    ]);
  });

  it('keeps reasoning and usage apart from the text', async () => {
    const world = setUp();
    begin(world);
    const call = await world.provider.call(0);
    call.give({ type: 'start' }, { type: 'reasoning', text: 'Hm.' }, { type: 'delta', text: 'Yes.' });
    call.give({ type: 'usage', usage: { input: 9, output: 7 } });
    call.finish();
    expect(await finished(world.log)).toMatchObject({ text: 'Yes.', reasoning: 'Hm.', usage: { input: 9, output: 7 } });
  });

  it('measures time to first token and tokens per second', async () => {
    const world = setUp();
    begin(world);
    const call = await world.provider.call(0);
    world.clock.advance(212);
    call.say('a');
    await world.log.until((event) => event.type === 'turn.part');
    world.clock.advance(1000);
    call.give({ type: 'delta', text: 'b' }, { type: 'usage', usage: { output: 84 } });
    call.finish();
    const { timing } = await finished(world.log);
    expect(timing).toMatchObject({ firstTokenMs: 212, tokensPerSecond: 84, durationMs: 1212 });
  });

  it('keeps when each part came, as a track of differences', async () => {
    const world = setUp();
    begin(world);
    const call = await world.provider.call(0);
    call.say('abc');
    await world.log.until((event) => event.type === 'turn.part');
    world.clock.advance(10);
    call.give({ type: 'delta', text: 'de' });
    await world.log.until((event) => event.type === 'turn.part' && event.data.offset === 3);
    call.finish();
    const timed = (await world.log.until((event) => event.type === 'turn.timed')) as EventOf<'turn.timed'>;
    const seqs = world.log.events.filter((event) => event.type === 'turn.part').map(({ seq }) => seq);
    expect(timed.data.track).toEqual([seqs[0], 0, 0, seqs[1]! - seqs[0]!, 3, 10]);
  });

  it('asks again with back-off while nothing came, as long as the provider asks to wait', async () => {
    const world = setUp();
    begin(world);
    (await world.provider.call(0)).refuse(refusal('PROVIDER_RATE_LIMITED', true, 7000));
    const waiting = (await world.log.until((event) => event.type === 'turn.waiting')) as EventOf<'turn.waiting'>;
    expect(waiting.data).toMatchObject({ attempt: 1, ms: 7000, problem: { code: 'PROVIDER_RATE_LIMITED' } });
    world.clock.advance(6999);
    expect(world.provider.calls).toHaveLength(1);
    world.clock.advance(1);
    (await world.provider.call(1)).say('now');
    (await world.provider.call(1)).finish();
    expect(await finished(world.log)).toMatchObject({ state: 'done', text: 'now' });
  });

  it('gives up after the retries, with what the provider said', async () => {
    const world = setUp({ limits: { retries: 1 } });
    begin(world);
    (await world.provider.call(0)).refuse(refusal('PROVIDER_RATE_LIMITED', true));
    await world.log.until((event) => event.type === 'turn.waiting');
    world.clock.advance(60_000);
    (await world.provider.call(1)).refuse(refusal('PROVIDER_RATE_LIMITED', true));
    expect(await finished(world.log)).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_RATE_LIMITED' } });
  });

  it('does not sit out a wait of many minutes', async () => {
    const world = setUp();
    begin(world);
    (await world.provider.call(0)).refuse(refusal('PROVIDER_RATE_LIMITED', true, 3_600_000));
    expect(await finished(world.log)).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_RATE_LIMITED' } });
  });

  it('does not ask again when the refusal is final', async () => {
    const world = setUp();
    begin(world);
    (await world.provider.call(0)).refuse(refusal('PROVIDER_REFUSED', false));
    expect(await finished(world.log)).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_REFUSED' } });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('never asks again once something came: what came is kept and the failure is said', async () => {
    const world = setUp();
    begin(world);
    const call = await world.provider.call(0);
    call.say('Half an ans');
    call.give({ type: 'error', problem: new Problem('PROVIDER_BROKE_OFF', 'The connection was reset.') });
    call.end();
    expect(await finished(world.log)).toMatchObject({
      state: 'failed',
      text: 'Half an ans',
      problem: { code: 'PROVIDER_BROKE_OFF', message: 'The connection was reset.' },
    });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('takes an end without a finish for a failure', async () => {
    const world = setUp();
    begin(world);
    const call = await world.provider.call(0);
    call.say('Half');
    call.end();
    expect(await finished(world.log)).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_BROKE_OFF' } });
  });

  it('aborts the request at once when it is stopped, and keeps what came', async () => {
    const world = setUp();
    const turn = begin(world);
    const call = await world.provider.call(0);
    call.say('Half');
    await world.log.until((event) => event.type === 'turn.part');
    turn.stop();
    expect(call.signal.aborted).toBe(true);
    expect(await turn.ended).toBe('stopped');
    expect(await finished(world.log)).toMatchObject({ state: 'stopped', text: 'Half', problem: null });
  });

  it('keeps what came in the same turn of the event loop as the stop', async () => {
    const world = setUp();
    const turn = begin(world);
    const call = await world.provider.call(0);
    call.say('one');
    await world.log.until((event) => event.type === 'turn.part');
    call.give({ type: 'delta', text: ' two' });
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    turn.stop();
    const { text } = await finished(world.log);
    expect(['one', 'one two']).toContain(text);
    expect(world.log.events.at(-1)?.type).not.toBe('turn.part');
  });

  it('can be stopped while it waits for the next attempt', async () => {
    const world = setUp();
    const turn = begin(world);
    (await world.provider.call(0)).refuse(refusal('PROVIDER_RATE_LIMITED', true, 50_000));
    await world.log.until((event) => event.type === 'turn.waiting');
    turn.stop();
    expect(await turn.ended).toBe('stopped');
    world.clock.advance(60_000);
    expect(world.provider.calls).toHaveLength(1);
  });

  it('fails when the provider falls silent, before and after the first part', async () => {
    for (const words of ['', 'Half']) {
      const world = setUp();
      begin(world);
      const call = await world.provider.call(0);
      if (words !== '') {
        call.say(words);
        await world.log.until((event) => event.type === 'turn.part');
      }
      world.clock.advance(30_000);
      expect(await finished(world.log)).toMatchObject({
        state: 'failed',
        text: words,
        problem: { code: 'PROVIDER_STALLED', message: 'Scripted sent nothing for 30 s.' },
      });
      expect(call.signal.aborted).toBe(true);
    }
  });

  it('does not take a slow provider for a silent one', async () => {
    const world = setUp();
    begin(world);
    const call = await world.provider.call(0);
    call.say('a');
    for (const text of ['b', 'c', 'd']) {
      await world.log.until((event) => event.type === 'turn.part');
      world.clock.advance(29_000);
      call.give({ type: 'delta', text });
      await world.log.until((event) => event.type === 'turn.part' && event.data.text.endsWith(text));
    }
    call.finish();
    expect(await finished(world.log)).toMatchObject({ state: 'done', text: 'abcd' });
  });

  it('does not take a provider that thinks in silence, but pings, for a silent one', async () => {
    const world = setUp();
    begin(world);
    const call = await world.provider.call(0);
    for (let n = 0; n < 4; n++) {
      world.clock.advance(29_000);
      call.request.heard?.();
    }
    call.say('Yes');
    call.finish();
    expect(await finished(world.log)).toMatchObject({ state: 'done', text: 'Yes' });
  });

  it('waits longer for a whole answer, which is silent until it is complete', async () => {
    const world = setUp();
    world.cannot.add('scripted/m');
    begin(world);
    const call = await world.provider.call(0);
    world.clock.advance(299_000);
    expect(call.signal.aborted).toBe(false);
    world.clock.advance(1_000);
    expect(await finished(world.log)).toMatchObject({ problem: { code: 'PROVIDER_STALLED' } });
  });

  it('asks an AI that cannot stream for the whole answer, marks it, and remembers', async () => {
    for (const code of ['PROVIDER_CANNOT_STREAM', 'PROVIDER_EMPTY'] as const) {
      const world = setUp();
      begin(world);
      (await world.provider.call(0)).refuse(refusal(code, false));
      const whole = await world.provider.call(1);
      expect(whole.request.stream).toBe(false);
      whole.say('All of it.');
      whole.finish();
      expect(await finished(world.log)).toMatchObject({ state: 'done', text: 'All of it.', buffered: true });
      expect([...world.cannot]).toEqual(['scripted/m']);

      void new Turn(world.spec('t2'), world.deps).run();
      expect((await world.provider.call(2)).request.stream).toBe(false);
    }
  });

  it('marks an answer that came in one piece although a stream was asked for', async () => {
    const world = setUp();
    begin(world);
    const call = await world.provider.call(0);
    call.give({ type: 'start', buffered: true }, { type: 'delta', text: 'All.' });
    call.finish();
    expect(await finished(world.log)).toMatchObject({ buffered: true });
    expect([...world.cannot]).toEqual(['scripted/m']);
  });

  it('ends an answer without end, and keeps what came', async () => {
    const world = setUp();
    begin(world);
    const call = await world.provider.call(0);
    call.give({ type: 'start' });
    for (let n = 0; n < 40; n++) call.give({ type: 'delta', text: 'x'.repeat(10_000) });
    const end = await finished(world.log);
    expect(end).toMatchObject({ state: 'failed', problem: { code: 'LIMIT' } });
    expect(end.text).toHaveLength(300_000);
    expect(call.signal.aborted).toBe(true);
  });

  it('goes on from a broken answer, without what is repeated, and keeps the seam', async () => {
    const text = 'The longest wait still holds the socket';
    const seams = [{ offset: text.length, reason: 'Reset.' }];
    const world = setUp({ from: { text, reasoning: '', seams, overlap: true } });
    begin(world);
    const call = await world.provider.call(0);
    call.say('still holds the socket open.');
    call.finish();
    expect(await finished(world.log)).toMatchObject({ text: `${text} open.`, seams });
  });

  it('does not lose text when the disk is full for a while', async () => {
    const world = setUp();
    begin(world);
    const call = await world.provider.call(0);
    call.say('one');
    await world.log.until((event) => event.type === 'turn.part');
    world.log.failing = true;
    call.give({ type: 'delta', text: ' two' });
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    world.log.failing = false;
    call.give({ type: 'delta', text: ' three' });
    const part = await world.log.until((event) => event.type === 'turn.part' && event.data.offset === 3);
    expect(part.data).toMatchObject({ text: ' two three' });
    call.finish();
    expect(await finished(world.log)).toMatchObject({ text: 'one two three' });
  });
});

describe('turns', () => {
  it('run up to the limit, the others wait in order and can be stopped while they wait', async () => {
    const world = setUp();
    const turns = new Turns(world.deps);
    for (const turn of ['a', 'b', 'c', 'd']) turns.start(world.spec(turn));
    await world.provider.call(1);
    expect(world.provider.calls).toHaveLength(2);
    await turns.stop('c');
    (await world.provider.call(0)).say('x');
    (await world.provider.call(0)).finish();
    await world.log.until((event) => event.type === 'turn.connecting' && event.data.turn === 'd');
    const asked = world.log.events.filter((event) => event.type === 'turn.connecting').map(({ data }) => data.turn);
    expect(asked).toEqual(['a', 'b', 'd']);
    await turns.drain(0);
    expect(turns.running).toBe(0);
  });

  it('are left interrupted when the app quits before they are done', async () => {
    const world = setUp();
    const turns = new Turns(world.deps);
    turns.start(world.spec());
    (await world.provider.call(0)).say('Half');
    await world.log.until((event) => event.type === 'turn.part');
    const drained = turns.drain(5000);
    world.clock.advance(5000);
    await drained;
    expect(await finished(world.log)).toMatchObject({ state: 'interrupted', text: 'Half' });
  });

  it('that come while the app quits are interrupted at once, and never ask their provider', async () => {
    const world = setUp();
    const turns = new Turns(world.deps);
    await turns.drain(0);
    turns.start(world.spec());
    expect(await finished(world.log)).toMatchObject({ state: 'interrupted' });
    expect(world.provider.calls).toHaveLength(0);
  });

  it('may end by themselves when the app quits and waits for them', async () => {
    const world = setUp();
    const turns = new Turns(world.deps);
    turns.start(world.spec());
    const call = await world.provider.call(0);
    const drained = turns.drain(5000);
    call.say('Whole');
    call.finish();
    await drained;
    expect(await finished(world.log)).toMatchObject({ state: 'done', text: 'Whole' });
  });
});
