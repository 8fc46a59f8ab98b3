import { createHash } from 'node:crypto';
import type { NewEvent } from '#shared/domain/events.ts';
import { usualWindow } from '#shared/domain/things.ts';
import type { Log } from '../../../log/log.ts';

const at = Date.UTC(2025, 5, 1, 12);
const persona = 'You are Athena. Be brief.';
const hash = createHash('sha256').update(persona).digest('base64url');

const speaker = {
  specialist: 'athena',
  look: { colour: 'athena', glyph: 'athena' } as const,
  name: 'Athena',
  provider: 'openai',
  providerName: 'OpenAI',
  model: 'gpt-5',
  offline: false,
};
const to = { specialist: 'athena' };
const problem = { code: 'PROVIDER_BROKE_OFF' as const, message: 'The provider closed the connection.', next: 'Retry.' };

/** One of everything that a session can have: branches, a continued answer, receipts, summaries, pins, a queue. */
export const richEvents = (id = (name: string) => name): NewEvent[] => {
  const finished = (turn: string, text: string, more: object = {}): NewEvent => ({
    type: 'turn.finished',
    at: at + 9_000,
    data: {
      turn: id(turn),
      state: 'done',
      text,
      reasoning: '',
      seams: [],
      finish: 'stop',
      problem: null,
      usage: { input: 12, output: 4 },
      timing: { queuedMs: 1, firstTokenMs: 210.5, durationMs: 900, tokensPerSecond: 84.2 },
      buffered: false,
      ...more,
    },
  });
  return [
    {
      type: 'session.created',
      at,
      data: { title: 'First words', to, made: { by: 'program', window: 4, metadata: { a: [1, { b: null }] } } },
    },
    { type: 'session.renamed', at: at + 1, data: { title: 'Greek “chorus”\u202e & <b>more</b>' } },
    { type: 'session.arranged', at: at + 2, data: { pinned: true, folder: 'Plays', tags: ['greek', 'old'] } },
    { type: 'message.added', at: at + 10, data: { message: id('m1'), parent: null, text: 'Hello 👋 \ud800', to } },
    { type: 'system.told', at: at + 10, data: { hash, text: persona } },
    {
      type: 'turn.requested',
      at: at + 10,
      data: { turn: id('t1'), parent: id('m1'), to, speaker, parameters: { temperature: 0.5 }, system: 'In Greek.' },
    },
    { type: 'turn.connecting', at: at + 11, data: { turn: id('t1'), attempt: 1 } },
    { type: 'turn.waiting', at: at + 12, data: { turn: id('t1'), attempt: 1, ms: 500, problem } },
    { type: 'turn.connecting', at: at + 512, data: { turn: id('t1'), attempt: 2 } },
    finished('t1', 'Half an', { state: 'failed', finish: null, problem }),
    { type: 'turn.timed', at: at + 9_000, data: { turn: id('t1'), track: [0, 0, 210, 0, 5, 30] } },
    {
      type: 'turn.requested',
      at: at + 10_000,
      data: {
        turn: id('t2'),
        parent: id('m1'),
        to,
        speaker,
        from: { turn: id('t1'), text: 'Half an', reasoning: '', seams: [] },
      },
    },
    finished('t2', 'Half an answer, and `code`.', {
      seams: [{ offset: 7, reason: 'The provider closed the connection.' }],
      reasoning: 'I think.',
    }),
    { type: 'message.added', at: at + 20_000, data: { message: id('m2'), parent: id('t2'), text: 'And then?', to } },
    {
      type: 'history.summarized',
      at: at + 20_001,
      data: { summary: id('s1'), upTo: id('t2'), after: null, text: 'They greeted.', by: null },
    },
    {
      type: 'turn.requested',
      at: at + 20_002,
      data: { turn: id('t3'), parent: id('m2'), to: { provider: 'openai', model: 'gpt-5' }, speaker },
    },
    {
      type: 'turn.sent',
      at: at + 20_002,
      data: {
        turn: id('t3'),
        provider: 'openai',
        model: 'gpt-5',
        window: { ...usualWindow, exchanges: 1, since: id('m1') },
        budget: { tokens: 8000, of: 'model' },
        system: { hash, tokens: 7 },
        summary: { summary: id('s1'), tokens: 3 },
        pinned: [{ node: id('m1'), tokens: 2 }],
        first: id('m2'),
        messages: 2,
        tokens: 5,
        goesOn: null,
        parameters: {},
        leftOut: { messages: 2, tokens: 9, reason: 'exchanges' },
        total: 17,
        estimated: false,
        digest: 'not-looked-at-here',
      },
    },
    finished('t3', 'Then the chorus **sings**.\n\n```js\nlet a = 1;\n```'),
    { type: 'message.added', at: at + 30_000, data: { message: id('m3'), parent: id('t2'), text: 'Or else?', to } },
    {
      type: 'history.summarized',
      at: at + 30_001,
      data: { summary: id('s2'), upTo: id('m2'), after: id('s1'), text: 'They greeted, and asked.', by: speaker },
    },
    { type: 'node.pinned', at: at + 30_002, data: { node: id('m1'), pinned: true } },
    { type: 'node.pinned', at: at + 30_002, data: { node: id('t3'), pinned: true } },
    { type: 'branch.named', at: at + 30_003, data: { branch: id('m3'), name: 'Otherwise' } },
    {
      type: 'window.set',
      at: at + 30_004,
      data: { window: { exchanges: 3, tokens: 4_000, summary: true, summarizer: to, since: id('m1') } },
    },
    { type: 'queue.added', at: at + 30_005, data: { message: id('q1'), text: 'Wait for it.', to } },
    { type: 'head.moved', at: at + 30_006, data: { head: id('t3') } },
  ];
};

/** Appends such a session; names of nodes are its ids behind this prefix. */
export async function richSession(log: Log, session: string): Promise<void> {
  const events = richEvents((name) => `${session}-${name}`);
  await log.append({ session, events, durable: false });
}

/** A plain one of so many messages and answers. */
export async function plainSession(log: Log, session: string, nodes: number, text = 'Some words.'): Promise<void> {
  let events: NewEvent[] = [{ type: 'session.created', at, data: { title: `Session ${session}` } }];
  let parent: string | null = null;
  for (let nth = 0; nth < nodes; nth += 2) {
    const [message, turn] = [`${session}-m${nth}`, `${session}-t${nth}`];
    events.push({ type: 'message.added', at: at + nth, data: { message, parent, text: `${nth}: ${text}`, to } });
    events.push({ type: 'turn.requested', at: at + nth, data: { turn, parent: message, to, speaker } });
    events.push({
      type: 'turn.finished',
      at: at + nth + 1,
      data: {
        ...{ turn, state: 'done', text: `${nth}: ${text}`, reasoning: '', seams: [], finish: 'stop' },
        ...{ problem: null, usage: null, timing: null, buffered: false },
      } as const,
    } as NewEvent);
    parent = turn;
    if (events.length < 60) continue;
    await log.append({ session, events, durable: false });
    events = [];
  }
  if (events.length > 0) await log.append({ session, events, durable: false });
}
