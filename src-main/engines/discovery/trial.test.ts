import { describe, expect, it } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import { type FakeClock, fakeClock } from '#shared/kit/testing/clock.ts';
import {
  type ChatRequest,
  type Provider,
  type ProviderPart,
  ProviderRefusal,
  type Take,
} from '../../providers/provider.ts';
import { Providers } from './providers.ts';
import { listing, refused } from './testing/discovery.ts';
import { Trials } from './trial.ts';

type Chat = (request: ChatRequest, signal: AbortSignal, clock: FakeClock) => AsyncIterable<ProviderPart>;

async function push(parts: AsyncIterable<ProviderPart>, signal: AbortSignal, take: Take): Promise<void> {
  for await (const part of parts) {
    signal.throwIfAborted();
    take(part);
  }
}

/** Says each text after so many ms. */
const saying = (texts: string[], ms: number): Chat =>
  async function* (_, __, clock) {
    yield { type: 'start' };
    for (const text of texts) {
      clock.advance(ms);
      yield { type: 'delta', text };
    }
    yield { type: 'finish', reason: 'stop' };
  };

function trials(
  chat: Chat,
  { models = ['first', 'second'] as string[] | ProviderRefusal, fixed = [] as string[] } = {},
) {
  const clock = fakeClock();
  const requests: ChatRequest[] = [];
  const provider: Provider = {
    ...listing('near', models, { name: 'Near' }),
    chat: (request, signal, take) => {
      requests.push(request);
      return push(chat(request, signal, clock), signal, take);
    },
  };
  const providers = new Providers(clock);
  providers.add(provider, { origin: 'user', models: fixed });
  return { clock, requests, providers, trials: new Trials(providers, clock) };
}

describe('testing a provider', () => {
  it('tells how many models it has, and how fast the first of them answers', async () => {
    const { trials: tests, requests, providers } = trials(saying(Array(11).fill('word '), 50));
    expect(await tests.run('near')).toEqual({
      models: { count: 2, ms: 0 },
      answer: { model: 'first', firstTokenMs: 50, tokensPerSecond: 28, buffered: false },
      problem: null,
    });
    expect(requests).toMatchObject([{ model: 'first', stream: true, session: '', messages: [{ text: 'Say OK.' }] }]);
    expect(providers.info('near')).toMatchObject({ state: 'ready', models: [{ id: 'first' }, { id: 'second' }] });
  });

  it('asks the model that is named, and tells no speed of a short answer', async () => {
    const { trials: tests } = trials(saying(['OK', '.'], 50));
    expect(await tests.run('near', 'second')).toMatchObject({
      answer: { model: 'second', firstTokenMs: 50, tokensPerSecond: null },
    });
  });

  it('takes the tokens that the provider counted', async () => {
    const chat: Chat = async function* (_, __, clock) {
      yield { type: 'start' };
      yield { type: 'reasoning', text: 'Hm.' };
      clock.advance(1000);
      yield { type: 'delta', text: 'OK' };
      yield { type: 'usage', usage: { output: 30 } };
      yield { type: 'finish', reason: 'length' };
    };
    expect(await trials(chat).trials.run('near')).toMatchObject({ answer: { firstTokenMs: 0, tokensPerSecond: 30 } });
  });

  it('ends when it has heard enough, and closes the connection', async () => {
    let signal: AbortSignal | undefined;
    const chat: Chat = async function* (_, given) {
      signal = given;
      yield { type: 'start' };
      for (;;) yield { type: 'delta', text: 'and so on ' };
    };
    expect(await trials(chat).trials.run('near')).toMatchObject({ answer: { model: 'first' }, problem: null });
    expect(signal?.aborted).toBe(true);
  });

  it('asks for a whole answer where none can be streamed', async () => {
    const chat: Chat = async function* ({ stream }) {
      if (stream) throw new ProviderRefusal(new Problem('PROVIDER_CANNOT_STREAM', 'No streams.'), false);
      yield { type: 'start', buffered: true };
      yield { type: 'delta', text: 'OK, here is a longer answer than there need be.' };
      yield { type: 'finish', reason: 'stop' };
    };
    const answer = { model: 'first', firstTokenMs: 0, tokensPerSecond: null, buffered: true };
    expect(await trials(chat).trials.run('near')).toMatchObject({ answer, problem: null });
  });

  it.each<[string, Chat, string]>([
    [
      'a refusal',
      // biome-ignore lint/correctness/useYield: it refuses
      async function* () {
        throw refused();
      },
      'The key is wrong.',
    ],
    [
      'an error in the stream',
      async function* () {
        yield { type: 'start' };
        yield { type: 'error', problem: new Problem('PROVIDER_FAILED', 'Near is overloaded.') };
      },
      'Near is overloaded.',
    ],
    [
      'nothing',
      async function* () {
        yield { type: 'start' };
        yield { type: 'finish', reason: 'stop' };
      },
      'first of Near answered with nothing.',
    ],
  ])('tells %s as the problem, beside the models that it has', async (_, chat, message) => {
    expect(await trials(chat).trials.run('near')).toMatchObject({
      models: { count: 2 },
      answer: null,
      problem: { message },
    });
  });

  it('does not wait longer than 30 s, and counts what came till then', async () => {
    const silent = (first: ProviderPart[]): Chat =>
      async function* (_, signal) {
        yield* first;
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      };
    const asked = async (chat: Chat) => {
      const { trials: tests, clock, requests } = trials(chat);
      const result = tests.run('near');
      while (requests.length === 0) await new Promise(setImmediate);
      await new Promise(setImmediate);
      clock.advance(30_000);
      return result;
    };
    expect(await asked(silent([]))).toMatchObject({
      answer: null,
      problem: { message: 'first of Near did not answer within 30 s.' },
    });
    const begun = silent([{ type: 'start' }, { type: 'delta', text: 'O' }]);
    expect(await asked(begun)).toMatchObject({ answer: { firstTokenMs: 0 }, problem: null });
  });

  it('says why there is no list of models, and asks then only a model that is named', async () => {
    const { trials: tests, requests } = trials(saying(['OK'], 1), { models: refused() });
    const problem = { message: 'The key is wrong.', next: 'Enter another.' };
    expect(await tests.run('near')).toEqual({ models: null, answer: null, problem });
    expect(requests).toEqual([]);
    expect(await tests.run('near', 'mine')).toMatchObject({ models: null, answer: { model: 'mine' }, problem });
    const empty = trials(saying(['OK'], 1), { models: [] });
    expect(await empty.trials.run('near')).toMatchObject({
      models: { count: 0 },
      problem: { message: 'Near answers, but offers no model.' },
    });
  });

  it('does not ask for a list where the models were named by hand', async () => {
    const { trials: tests } = trials(saying(['OK'], 1), { models: refused(), fixed: ['mine'] });
    expect(await tests.run('near')).toMatchObject({ models: null, answer: { model: 'mine' }, problem: null });
  });

  it('is one test at a time: the same is shared, another is refused', async () => {
    const { trials: tests, requests } = trials(saying(['OK'], 1));
    const all = [tests.run('near'), tests.run('near')];
    await expect(tests.run('near', 'second')).rejects.toMatchObject({ code: 'BUSY' });
    const [one, other] = await Promise.all(all);
    expect(one).toBe(other);
    expect(requests).toHaveLength(1);
    await tests.run('near', 'second');
    expect(requests).toHaveLength(2);
  });

  it('of a provider that was changed meanwhile is a test of its own', async () => {
    const { trials: tests, providers } = trials(saying(['OK'], 1));
    const before = tests.run('near');
    const chat: Provider['chat'] = (_, signal, take) => push(said(), signal, take);
    const changed = { ...listing('near', ['third'], { name: 'Near' }), chat };
    providers.add(changed, { origin: 'user' });
    expect(await tests.run('near')).toMatchObject({ answer: { model: 'third' } });
    await before;
  });
});

async function* said(): AsyncGenerator<ProviderPart> {
  yield { type: 'start' };
  yield { type: 'delta', text: 'OK' };
  yield { type: 'finish', reason: 'stop' };
}
