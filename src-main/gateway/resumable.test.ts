import { describe, expect, it } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Guest } from '../compose.ts';
import type { AnswerPart, Wish } from './answer.ts';
import { beginTurn } from './resumable.ts';

type Item = StreamItem<'turn.follow'>;

/** A log with one turn, whose stream gives what it is fed. */
function logOf(...batches: (Item[] | null)[]) {
  const calls: { method: string; params: unknown }[] = [];
  let ready = () => {};
  let closed = 0;
  const source: Source<Item> = {
    pull: async () => (batches.length === 0 ? [] : batches.shift()!),
    onReady: (call) => {
      ready = call;
    },
    close: () => void closed++,
  };
  const guest = {
    call: async (method: string, params: unknown) => {
      calls.push({ method, params });
      return { turn: 'turn-1' };
    },
    open: async (method: string, params: unknown) => {
      calls.push({ method, params });
      return source;
    },
  } as unknown as Pick<Guest, 'call' | 'open'>;
  return {
    guest,
    calls,
    closed: () => closed,
    feed(...more: (Item[] | null)[]) {
      batches.push(...more);
      ready();
    },
  };
}

const speaker = { name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };
const begin: Item = {
  kind: 'begin',
  cursor: 'e:1',
  session: 's',
  turn: 'turn-1',
  speaker,
  state: 'queued',
  recovered: true,
};
const text = (offset: number, piece: string): Item => ({ kind: 'text', cursor: 'e:2', offset, text: piece });
const end = (more: Partial<Extract<Item, { kind: 'end' }>> = {}): Item => ({
  kind: 'end',
  cursor: 'e:9',
  state: 'done',
  finish: 'stop',
  problem: null,
  usage: { input: 1, output: 2 },
  timing: null,
  buffered: false,
  ...more,
});

const wish: Wish = {
  to: { specialist: 'apollo' },
  system: 'Be short.',
  messages: [
    { role: 'user', text: 'A?' },
    { role: 'assistant', text: 'B.' },
    { role: 'user', text: 'C?' },
  ],
  maxTokens: 9,
  temperature: undefined,
  stream: true,
  token: null,
  dialect: 'openai',
};

let made = 0;
const newId = () => `id-${made++}`;

async function run(log: ReturnType<typeof logOf>, signal = new AbortController().signal) {
  const parts: AnswerPart[] = [];
  const { run } = await beginTurn(log.guest, wish, newId);
  return { parts, end: await run((part) => void parts.push(part), signal) };
}

describe('a resumable completion', () => {
  it('is a turn of a session of its own that begins with the whole conversation', async () => {
    const log = logOf([begin, end()]);
    const { turn, session } = await beginTurn(log.guest, wish, newId);
    expect(turn).toBe('turn-1');
    expect(log.calls).toEqual([
      {
        method: 'sessions.begin',
        params: {
          command: expect.any(String),
          session,
          history: wish.messages,
          system: 'Be short.',
          to: wish.to,
          parameters: { maxTokens: 9 },
          made: { by: 'completion' },
        },
      },
    ]);
  });

  it('streams the turn, each character once however the pieces overlap', async () => {
    const reasoning: Item = { kind: 'reasoning', cursor: 'e:2', offset: 0, text: 'Hm.' };
    const log = logOf([begin, reasoning], [text(0, 'One ')], [text(0, 'One two'), text(3, ' two'), text(7, ' three')]);
    log.feed([end()]);
    const { parts, end: over } = await run(log);
    expect(parts[0]).toEqual({ type: 'start' });
    expect(parts.map((part) => (part.type === 'delta' ? part.text : '')).join('')).toBe('One two three');
    expect(parts).toContainEqual({ type: 'reasoning', text: 'Hm.' });
    expect(over).toEqual({ state: 'done', finish: 'stop', problem: null, usage: { input: 1, output: 2 } });
    expect(log.closed()).toBe(1);
  });

  it('waits for what is not there yet', async () => {
    const log = logOf([begin]);
    const running = run(log);
    await new Promise((resolve) => setImmediate(resolve));
    log.feed([text(0, 'Late'), end()]);
    expect((await running).parts).toContainEqual({ type: 'delta', text: 'Late' });
  });

  it('ends as the turn ends: with its problem', async () => {
    const problem = { code: 'PROVIDER_BROKE_OFF' as const, message: 'Broken.', next: 'Retry.' };
    const { end: over } = await run(logOf([begin, end({ state: 'failed', finish: null, problem })]));
    expect(over.state).toBe('failed');
    expect(over.problem).toBeInstanceOf(Problem);
    expect(over.problem!.toBody()).toEqual(problem);
  });

  it('an answer that grew too long is told as what does not get better by asking again', async () => {
    const problem = { code: 'LIMIT' as const, message: 'Too long.', next: 'Ask for less.' };
    const { end: over } = await run(logOf([begin, end({ state: 'failed', finish: null, problem })]));
    expect(over.problem!.toBody()).toEqual({ ...problem, code: 'UNSUPPORTED' });
  });

  it.each([
    ['stopped', 'STOPPED'],
    ['interrupted', 'DISCONNECTED'],
  ] as const)('ends as the turn ends: %s, which is why it is not done', async (state, code) => {
    expect((await run(logOf([begin, end({ state, finish: null })]))).end).toMatchObject({ state, problem: { code } });
  });

  it('fails when the stream of the turn ends without its end', async () => {
    expect((await run(logOf([begin], null))).end).toMatchObject({ state: 'failed', problem: { code: 'INTERNAL' } });
  });

  it('lets go of the turn, and leaves it alone, when its reader goes', async () => {
    const log = logOf([begin]);
    const gone = new AbortController();
    const running = run(log, gone.signal);
    await new Promise((resolve) => setImmediate(resolve));
    gone.abort();
    expect((await running).end.state).toBe('stopped');
    expect(log.closed()).toBe(1);
    expect(log.calls.map(({ method }) => method)).toEqual(['sessions.begin', 'turn.follow']);
  });

  it.each<[string, Partial<Wish>]>([
    ['pictures', { messages: [{ role: 'user', text: '', pictures: [{ url: 'https://example.org/a.png' }] }] }],
    ['results of tools', { messages: [{ role: 'tool', text: '', toolCall: { id: '1', name: 'a' } }] }],
    ['calls of tools', { messages: [{ role: 'assistant', text: '', toolCalls: [{ id: '1', name: 'a', input: '' }] }] }],
    ['other options', { options: { stop: ['x'] } }],
  ])('takes no %s', async (_, more) => {
    const log = logOf();
    const begun = beginTurn(log.guest, { ...wish, ...more }, newId);
    await expect(begun).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining('text only') });
    expect(log.calls).toEqual([]);
  });
});
