import { describe, expect, it } from 'vitest';
import { COMPLETIONS, eventData } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { type Provider, ProviderRefusal } from '../../providers/provider.ts';
import type { MiddlePart } from './attempt.ts';
import { type CompletionDependencies, Completions, type CompletionWish } from './completions.ts';
import { MemoryLog } from './testing/memory-log.ts';
import { ScriptedProvider } from './testing/scripted-provider.ts';

const SECRET = 'the secret of the question';
const wish: CompletionWish = {
  to: { specialist: 'apollo' },
  system: 'Answer in verse.',
  messages: [{ role: 'user', text: SECRET }],
  maxTokens: undefined,
  temperature: undefined,
  stream: true,
  token: 'tok-1',
  dialect: 'openai',
};

function setUp(change: { completions?: number; provider?: Provider } = {}) {
  const log = new MemoryLog();
  const clock = fakeClock();
  const provider = new ScriptedProvider();
  const cannot = new Set<string>();
  const deps: CompletionDependencies = {
    log,
    clock,
    random: () => 1,
    limits: { turns: 1, completions: change.completions ?? 2, stallMs: 30_000, retries: 3 },
    observations: {
      streams: (id, model) => !cannot.has(`${id}/${model}`),
      cannotStream: (id, model) => void cannot.add(`${id}/${model}`),
    },
    logger: { warn: () => {} },
  };
  const speaker = { name: 'Apollo', provider: 'scripted', providerName: 'Scripted', model: 'm', offline: false };
  const answerer = {
    speaker,
    provider: change.provider ?? provider,
    system: 'You are Apollo.',
    temperature: 0.5,
    maxTokens: 100,
  };
  const completions = new Completions({ known: async () => {}, resolve: () => answerer }, deps);
  const parts: MiddlePart[] = [];
  async function run(asked: Partial<CompletionWish> = {}, signal = new AbortController().signal) {
    const completion = await completions.prepare({ ...wish, ...asked });
    return completion.run((part) => void parts.push(part), signal);
  }
  return { log, clock, provider, cannot, completions, parts, run, speaker };
}

const refusal = (code: 'PROVIDER_RATE_LIMITED' | 'PROVIDER_REFUSED' | 'PROVIDER_CANNOT_STREAM', retryable: boolean) =>
  new ProviderRefusal(new Problem(code, 'No.', 'Wait.'), retryable);

describe('a completion', () => {
  it('asks as the specialist is set, and gives each part as it comes', async () => {
    const world = setUp();
    const options = { stop: ['END'] };
    const ended = world.run({ options, temperature: 0 });
    const call = await world.provider.call(0);
    expect(call.request).toMatchObject({
      system: 'You are Apollo.\n\nAnswer in verse.',
      messages: wish.messages,
      temperature: 0,
      maxTokens: 100,
      options,
      stream: true,
    });
    call.say('Hel');
    expect(world.parts).toEqual([{ type: 'start' }, { type: 'delta', text: 'Hel' }]);
    call.give({ type: 'tool-call', id: 'c1', name: 'now', input: '{}' }, { type: 'usage', usage: { output: 3 } });
    expect(world.parts).toHaveLength(4);
    call.finish();
    expect(await ended).toMatchObject({ state: 'done', finish: 'stop', problem: null, usage: { output: 3 } });
  });

  it('is accounted in its own session, without any text', async () => {
    const world = setUp();
    const ended = world.run();
    const call = await world.provider.call(0);
    world.clock.advance(50);
    call.say('The secret of the answer');
    call.give({ type: 'usage', usage: { input: 7, output: 5 } });
    call.finish();
    await ended;
    const event = await world.log.until(({ type }) => type === 'completion.finished');
    expect(event.session).toBe(COMPLETIONS);
    expect(event.data).toMatchObject({
      speaker: world.speaker,
      token: 'tok-1',
      dialect: 'openai',
      state: 'done',
      finish: 'stop',
      problem: null,
      usage: { input: 7, output: 5 },
      timing: { firstTokenMs: 50, durationMs: 50 },
    });
    expect(eventData('completion.finished').safeParse(event.data).success).toBe(true);
    expect(JSON.stringify(world.log.events)).not.toMatch(/secret/i);
  });

  it('asks again before the first part, after a wait', async () => {
    const world = setUp();
    const ended = world.run();
    (await world.provider.call(0)).refuse(refusal('PROVIDER_RATE_LIMITED', true));
    await expect.poll(() => world.clock.timers).toBe(1);
    expect(world.provider.calls).toHaveLength(1);
    world.clock.advance(500);
    const again = await world.provider.call(1);
    again.say('ok');
    again.finish();
    expect(await ended).toMatchObject({ state: 'done' });
    expect(world.parts).toEqual([{ type: 'start' }, { type: 'delta', text: 'ok' }]);
  });

  it('does not ask again for what will be refused again, nor after the first part', async () => {
    const world = setUp();
    const refused = world.run();
    (await world.provider.call(0)).refuse(refusal('PROVIDER_REFUSED', false));
    expect(await refused).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_REFUSED' } });
    const broken = world.run();
    const call = await world.provider.call(1);
    call.say('half');
    call.give({ type: 'error', problem: new Problem('PROVIDER_BROKE_OFF', 'Cut.', 'Retry.') });
    expect(await broken).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_BROKE_OFF' } });
    expect(world.provider.calls).toHaveLength(2);
  });

  it('asks for the whole where none can be streamed, and remembers it', async () => {
    const world = setUp();
    const ended = world.run();
    (await world.provider.call(0)).refuse(refusal('PROVIDER_CANNOT_STREAM', false));
    const whole = await world.provider.call(1);
    expect(whole.request.stream).toBe(false);
    whole.give({ type: 'start', buffered: true }, { type: 'delta', text: 'All.' });
    whole.finish();
    expect(await ended).toMatchObject({ state: 'done' });
    void world.run();
    expect((await world.provider.call(2)).request.stream).toBe(false);
  });

  it('asks for the whole where one piece is enough, and holds that against nobody', async () => {
    const world = setUp();
    const ended = world.run({ stream: false });
    const call = await world.provider.call(0);
    expect(call.request.stream).toBe(false);
    call.give({ type: 'start', buffered: true }, { type: 'delta', text: 'All.' });
    call.finish();
    await ended;
    expect(world.cannot.size).toBe(0);
  });

  it('closes its request in the same turn of the event loop in which it is aborted, and takes nothing more', async () => {
    const world = setUp();
    const stop = new AbortController();
    const ended = world.run({}, stop.signal);
    const call = await world.provider.call(0);
    call.say('half');
    stop.abort();
    expect(call.signal.aborted).toBe(true);
    call.give({ type: 'delta', text: 'more' });
    expect(await ended).toMatchObject({ state: 'stopped', problem: null, usage: { output: 1, estimated: true } });
    expect(world.parts).toEqual([{ type: 'start' }, { type: 'delta', text: 'half' }]);
    expect(world.clock.timers).toBe(0);
  });

  it('ends at once when it is aborted while it waits to ask again', async () => {
    const world = setUp();
    const stop = new AbortController();
    const ended = world.run({}, stop.signal);
    (await world.provider.call(0)).refuse(refusal('PROVIDER_RATE_LIMITED', true));
    await expect.poll(() => world.clock.timers).toBe(1);
    stop.abort();
    expect(await ended).toMatchObject({ state: 'stopped' });
    expect([world.provider.calls.length, world.clock.timers]).toEqual([1, 0]);
  });

  it('passes patience on to the provider, and takes it for no silence of the provider', async () => {
    const world = setUp();
    const { promise: patience, resolve: goOn } = Promise.withResolvers<void>();
    const completion = await world.completions.prepare(wish);
    const ended = completion.run(({ type }) => (type === 'delta' ? patience : undefined), new AbortController().signal);
    const call = await world.provider.call(0);
    call.give({ type: 'start' });
    expect(call.patience).toBe(undefined);
    call.give({ type: 'delta', text: 'much' });
    expect(call.patience).toBe(patience);
    world.clock.advance(100_000);
    expect(call.signal.aborted).toBe(false);
    goOn();
    await patience;
    world.clock.advance(60_000);
    expect(await ended).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_STALLED' } });
  });

  it('is one of so many at the same time, and says so on top of them', async () => {
    const world = setUp({ completions: 1 });
    const first = world.run();
    const call = await world.provider.call(0);
    expect(await world.run()).toMatchObject({ state: 'failed', problem: { code: 'LIMIT' } });
    call.say('ok');
    call.finish();
    expect(await first).toMatchObject({ state: 'done' });
    void world.run();
    await world.provider.call(1);
  });

  it('fails with what is thrown by whoever takes its parts', async () => {
    const chat: Provider['chat'] = async (_, __, take) => take({ type: 'start' });
    const world = setUp({ provider: Object.assign(new ScriptedProvider(), { chat }) });
    const completion = await world.completions.prepare(wish);
    const ended = completion.run(() => {
      throw new Error('no room');
    }, new AbortController().signal);
    expect(await ended).toMatchObject({ state: 'failed', problem: { code: 'INTERNAL' } });
  });
});

describe('embeddings', () => {
  const asked = { to: wish.to, token: 'tok-1', dialect: 'openai', texts: ['a', 'b'] };

  it('are made by whoever would answer', async () => {
    const requests: unknown[] = [];
    const embed: Provider['embed'] = async (request) => {
      requests.push(request);
      return { vectors: [[1], [2]], tokens: 2 };
    };
    const world = setUp({ provider: Object.assign(new ScriptedProvider(), { embed }) });
    expect(await world.completions.embed({ ...asked, dimensions: 1 }, new AbortController().signal)).toEqual({
      vectors: [[1], [2]],
      tokens: 2,
      speaker: world.speaker,
    });
    expect(requests).toEqual([{ model: 'm', texts: ['a', 'b'], dimensions: 1 }]);
    const accounted = await world.log.until(({ session }) => session === COMPLETIONS);
    expect(accounted.data).toMatchObject({
      token: 'tok-1',
      state: 'done',
      usage: { input: 2 },
      speaker: world.speaker,
    });
  });

  it('are refused where none are made, and as the provider refuses them', async () => {
    const { signal } = new AbortController();
    await expect(setUp().completions.embed(asked, signal)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    const embed = async () => Promise.reject(refusal('PROVIDER_REFUSED', false));
    const world = setUp({ provider: Object.assign(new ScriptedProvider(), { embed }) });
    await expect(world.completions.embed(asked, signal)).rejects.toMatchObject({ code: 'PROVIDER_REFUSED' });
    const accounted = await world.log.until(({ session }) => session === COMPLETIONS);
    expect(accounted.data).toMatchObject({ state: 'failed', problem: { code: 'PROVIDER_REFUSED' } });
  });
});
