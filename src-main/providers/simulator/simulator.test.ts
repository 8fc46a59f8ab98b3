import { describe, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import { type ChatRequest, type ProviderPart, ProviderRefusal } from '../provider.ts';
import { collect, expectOrder, request, textOf } from '../testing/collect.ts';
import { simulator } from './simulator.ts';

const make = (options: Record<string, unknown> = {}, clock = fakeClock()) => ({
  clock,
  provider: simulator({ id: 'sim', name: 'Simulator', options }, { clock }),
});

/** Moves the clock on, one millisecond at a time, as long as the provider waits for it. */
async function run<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let over = false;
  const done = work.finally(() => {
    over = true;
  });
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve));
    if (clock.timers > 0) clock.advance(1);
  }
  return done;
}

async function ask(
  { clock, provider }: ReturnType<typeof make>,
  change: Partial<ChatRequest>,
  each?: (part: ProviderPart) => void,
  signal = new AbortController().signal,
) {
  return run(clock, collect(provider, request({ model: 'steady', ...change }), signal, each));
}

describe('simulator', () => {
  it('says in its first sentence what it is, and gives exactly the tokens that were asked for', async () => {
    const { parts } = await ask(make({ tokens: 50, rate: 1000, firstTokenMs: 5 }), {});
    expectOrder(parts);
    expect(textOf(parts)).toMatch(/^This is a simulator, no AI is at work/);
    expect(parts.filter(({ type }) => type === 'delta')).toHaveLength(50);
    expect(parts.at(-2)).toEqual({ type: 'usage', usage: { input: 7, output: 50 } });
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  it('keeps its pace on the handed-in clock', async () => {
    const simulated = make({ tokens: 5, rate: 100, firstTokenMs: 30 });
    const times: number[] = [];
    await ask(simulated, {}, ({ type }) => type === 'delta' && times.push(simulated.clock.monotonic()));
    expect(times).toEqual([30, 40, 50, 60, 70]);
    times.length = 0;
    const slow = make({ tokens: 3, rate: 100, firstTokenMs: 30 });
    await ask(slow, { model: 'slow' }, ({ type }) => type === 'delta' && times.push(slow.clock.monotonic()));
    expect(times).toEqual([300, 400, 500]);
  });

  it('gives the same text for the same question, another for another question or seed', async () => {
    const text = async (options: object, question: string) =>
      textOf(
        (await ask(make({ rate: 1_000_000, ...options }), { messages: [{ role: 'user', text: question }] })).parts,
      );
    const one = await text({}, 'One?');
    expect(await text({}, 'One?')).toBe(one);
    expect(await text({}, 'Two?')).not.toBe(one);
    expect(await text({ seed: 2 }, 'One?')).not.toBe(one);
  });

  it('thinks before it answers', async () => {
    const { parts } = await ask(make({ rate: 1_000_000, reasoningTokens: 12 }), { model: 'thinker' });
    const types = parts.map(({ type }) => type);
    expect(types.slice(1, 13)).toEqual(new Array(12).fill('reasoning'));
    expect(types[13]).toBe('delta');
    expect(parts.at(-2)).toMatchObject({ type: 'usage', usage: { reasoning: 12 } });
  });

  it('fails twice in a way that is worth another try, then answers', async () => {
    const simulated = make({ rate: 1_000_000, failures: 2 });
    for (let attempt = 0; attempt < 2; attempt++) {
      const { parts, error } = await ask(simulated, { model: 'fails' });
      expect(parts).toEqual([]);
      expect((error as ProviderRefusal).retryable).toBe(true);
    }
    expect((await ask(simulated, { model: 'fails' })).parts.at(-1)?.type).toBe('finish');
    expect((await ask(simulated, { model: 'fails' })).error).toBeInstanceOf(ProviderRefusal);
  });

  it.each([
    ['breaks-off', 'PROVIDER_BROKE_OFF'],
    ['errors', 'PROVIDER_FAILED'],
  ])('%s in mid-stream with %s, and comes to its end when it is continued', async (model, code) => {
    const simulated = make({ rate: 1_000_000, tokens: 60, breakAfter: 20 });
    const { parts } = await ask(simulated, { model });
    expectOrder(parts);
    expect(parts.filter(({ type }) => type === 'delta')).toHaveLength(20);
    expect(parts.at(-1)).toMatchObject({ type: 'error', problem: { code } });
    const messages = [...request().messages, { role: 'assistant' as const, text: textOf(parts) }];
    const rest = await ask(simulated, { model, messages, prefill: true });
    expect(rest.parts.filter(({ type }) => type === 'delta')).toHaveLength(40);
    expect(rest.parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    const steady = await ask(make({ rate: 1_000_000, tokens: 60, breakAfter: 60 }), { model, stream: false });
    expect(textOf(parts) + textOf(rest.parts)).toBe(textOf(steady.parts));
  });

  it('falls silent until it is stopped', async () => {
    const { clock, provider } = make({ rate: 1_000_000, breakAfter: 3, tokens: 10 });
    const stop = new AbortController();
    const { promise: third, resolve } = Promise.withResolvers<void>();
    let deltas = 0;
    const reading = collect(provider, request({ model: 'stalls' }), stop.signal, ({ type }) => {
      if (type === 'delta' && ++deltas === 3) resolve();
    });
    await run(clock, third);
    clock.advance(3_600_000);
    stop.abort('enough');
    const { parts, error } = await reading;
    expect(parts.map(({ type }) => type)).toEqual(['start', 'delta', 'delta', 'delta']);
    expect(error).toBe('enough');
  });

  it('cannot stream where it is told so, and answers whole', async () => {
    const simulated = make({ rate: 1000, tokens: 20 });
    const { error } = await ask(simulated, { model: 'buffered' });
    expect((error as ProviderRefusal).problem.code).toBe('PROVIDER_CANNOT_STREAM');
    const { parts } = await ask(simulated, { model: 'buffered', stream: false });
    expect(parts.map(({ type }) => type)).toEqual(['start', 'delta', 'usage', 'finish']);
    expect(parts[0]).toEqual({ type: 'start', buffered: true });
  });

  it('stops at the limit of the request', async () => {
    const { parts } = await ask(make({ rate: 1_000_000 }), { maxTokens: 4 });
    expect(parts.filter(({ type }) => type === 'delta')).toHaveLength(4);
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'length' });
  });

  it('leaves tools and pictures out, and says so', async () => {
    const options = { tools: [{ name: 'now', parameters: {} }], seed: 3 };
    const messages = [
      { role: 'user' as const, text: 'What is it?', pictures: [{ url: 'https://example.com/cat.jpg' }] },
    ];
    const { parts } = await ask(make({ rate: 1_000_000, tokens: 2 }), { options, messages });
    expect(parts.slice(1, 4)).toEqual(
      ['tools', 'seed', 'a picture'].map((wish) => ({
        type: 'warning',
        message: `Simulator: ${wish} is not supported by this model.`,
      })),
    );
    expectOrder(parts);
  });

  it('is held back by whoever takes', async () => {
    const { clock, provider } = make({ rate: 1_000_000, tokens: 5 });
    const { promise: patience, resolve: goOn } = Promise.withResolvers<void>();
    const types: string[] = [];
    const answer = provider.chat(request({ model: 'steady' }), new AbortController().signal, ({ type }) => {
      types.push(type);
      return types.length === 2 ? patience : undefined;
    });
    const held = expect.poll(() => types.length).toBe(2);
    await run(clock, held);
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(types).toEqual(['start', 'delta']);
    goOn();
    await run(clock, answer);
    expect(types).toEqual(['start', ...Array(5).fill('delta'), 'usage', 'finish']);
  });

  it('stops waiting at once when stopped', async () => {
    const simulated = make({ firstTokenMs: 60_000 });
    const stop = new AbortController();
    const reading = collect(simulated.provider, request({ model: 'steady' }), stop.signal);
    await expect.poll(() => simulated.clock.timers).toBe(1);
    stop.abort('enough');
    expect((await reading).error).toBe('enough');
    expect(simulated.clock.timers).toBe(0);
  });

  it('refuses a model that it does not have, and options that make no sense', async () => {
    const { error } = await ask(make(), { model: 'gpt-9' });
    expect((error as ProviderRefusal).problem.code).toBe('PROVIDER_REFUSED');
    expect(() => make({ rate: 0 })).toThrow(/options of Simulator are wrong at rate/);
    expect(() => make({ speed: 1 })).toThrow(/options of Simulator are wrong/);
  });

  it('lets the event loop run while it sends as fast as it can', async () => {
    // Each look at this clock finds a second gone, so that nothing has to be waited for.
    let ms = 0;
    const late = { ...fakeClock(), monotonic: () => (ms += 1000) };
    const provider = simulator(
      { id: 'sim', name: 'Simulator', options: { firstTokenMs: 0, tokens: 5000 } },
      { clock: late },
    );
    let turns = 0;
    let reading = true;
    const tick = () => {
      turns++;
      if (reading) setImmediate(tick);
    };
    setImmediate(tick);
    await collect(provider, request({ model: 'steady' }), new AbortController().signal);
    reading = false;
    expect(turns).toBeGreaterThanOrEqual(Math.floor(5000 / 64));
  });
});
