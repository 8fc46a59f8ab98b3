import { createHash } from 'node:crypto';
import type { EventData, NewEvent } from '#shared/domain/events.ts';
import { usualWindow } from '#shared/domain/things.ts';
import type { Log } from '../../src-main/log/log.ts';
import { id, seeded, writer } from '../harness/made-up.ts';

/** Units of a message, on average: with its index about 445 bytes in a bare table. */
const UNITS = 230;
/** Events in one commit while a log is filled. */
const GROUP = 2048;
/** Exchanges of a session that are written in one step when there are many messages, as an import does. */
const MANY = 10;
const HOUR = 3_600_000;

export interface Conversations {
  sessions: number;
  /** A person's message and its answer, in each session. */
  exchanges: number;
  /** A word that is to stand in every second message. */
  common?: string;
  seed?: number;
  /** Without what was sent and when each piece came: only what can be read and found. */
  plain?: boolean;
}

export interface Made {
  sessions: string[];
  /** Nodes of the first session, in order. */
  nodes: string[];
  /** Of the texts, as often as they stand in them. */
  words: string[];
}

const to = { specialist: 'athena' };
const speaker = {
  ...to,
  look: { colour: 'athena', glyph: 'athena' } as const,
  name: 'Athena',
  provider: 'anthropic',
  providerName: 'Anthropic',
  model: 'm-4',
  offline: false,
};
const sha256 = (text: string) => createHash('sha256').update(text).digest();
const hashOf = (text: string) => sha256(text).toString('base64url');
const digestOf = (text: string) => sha256(text).toString('base64url', 0, 16);

/**
 * Fills a log with conversations as the engines write them, with what was sent, and when each piece of an answer came;
 * all of it older than `now` by a day, so that it is cold.
 */
export async function fill(log: Log, wish: Conversations, now: number): Promise<Made> {
  const random = seeded(wish.seed ?? 11);
  const write = writer(random);
  const made: Made = { sessions: [], nodes: [], words: [] };
  let waiting: Promise<unknown>[] = [];
  let count = 0;
  const step = async (session: string, events: NewEvent[]) => {
    waiting.push(log.append({ session, events, durable: false }));
    count += events.length;
    if (count < GROUP) return;
    await Promise.all(waiting);
    [waiting, count] = [[], 0];
  };
  const text = () => {
    const words = write(Math.round(UNITS * (0.4 + 1.2 * random())));
    return wish.common !== undefined && random() < 0.5 ? `${wish.common} ${words}` : words;
  };
  let at = now - 30 * 24 * HOUR;
  const end = now - 24 * HOUR;
  const pace = (end - at) / (wish.sessions * wish.exchanges);
  const heads: (string | null)[] = [];
  const firsts: string[] = [];
  const hashes: string[] = [];
  for (let index = 0; index < wish.sessions; index++) {
    const session = id(random);
    made.sessions.push(session);
    heads.push(null);
    const system = write(600);
    hashes.push(hashOf(system));
    await step(session, [
      { type: 'session.created', data: { title: write(40), to }, at },
      { type: 'system.told', data: { hash: hashes[index]!, text: system }, at },
    ]);
  }
  const exchange = (index: number, nth: number): NewEvent[] => {
    at += pace;
    const [message, turn] = [id(random), id(random)];
    firsts[index] ??= message;
    const events = asked({ message, turn, parent: heads[index]!, text: text() }, Math.round(at));
    const said = text();
    if (made.words.length < 40 && random() < 0.01) made.words.push(said.split(' ')[2]!);
    const answer = { turn, first: firsts[index]!, system: hashes[index]!, exchange: nth, text: said, random };
    heads[index] = turn;
    if (index === 0) made.nodes.push(message, turn);
    return [...events, ...(wish.plain ? [finished(answer, Math.round(at))] : answered(answer, Math.round(at)))];
  };
  // One after the other in time, as a person has them: in turns of a few sessions.
  const [block, most] = [20, wish.plain ? MANY : 1];
  for (let from = 0; from < wish.sessions; from += block) {
    for (let nth = 0; nth < wish.exchanges; nth += most) {
      for (let index = from; index < Math.min(from + block, wish.sessions); index++) {
        const events: NewEvent[] = [];
        for (let each = nth; each < Math.min(nth + most, wish.exchanges); each++) events.push(...exchange(index, each));
        await step(made.sessions[index]!, events);
      }
    }
  }
  await Promise.all(waiting);
  await log.indexed();
  return made;
}

/** One more exchange, in the middle of which its turn is sent: what comes before that, and what after. */
export function said(message: string, turn: string, parent: string | null): [NewEvent[], NewEvent[]] {
  const random = seeded(parent === null ? 0 : Number.parseInt(parent.slice(-6), 16));
  const write = writer(random);
  const at = Date.now();
  const answer = { turn, first: message, system: '', exchange: 0, text: write(UNITS), random };
  return [asked({ message, turn, parent, text: write(UNITS) }, at), [finished(answer, at)]];
}

function asked(of: { message: string; turn: string; parent: string | null; text: string }, at: number): NewEvent[] {
  const { message, turn, parent, text } = of;
  return [
    { type: 'message.added', data: { message, parent, text, to }, at },
    { type: 'turn.requested', data: { turn, parent: message, to, speaker }, at },
  ];
}

interface Answer {
  turn: string;
  first: string;
  /** Hash of the system text. */
  system: string;
  exchange: number;
  text: string;
  random: () => number;
}

/** Tokens of what was sent for it. */
const historyOf = (exchange: number) => Math.min(32_000, exchange * 115 + 60);

function answered(of: Answer, at: number): NewEvent[] {
  const { turn, first, system, exchange, text, random } = of;
  const history = historyOf(exchange);
  const sent: EventData<'turn.sent'> = {
    turn,
    provider: 'anthropic',
    model: 'm-4',
    window: usualWindow,
    budget: { tokens: 32_000, of: 'assumed' },
    system: { hash: system, tokens: 150 },
    summary: null,
    pinned: [],
    first,
    messages: 2 * exchange + 1,
    tokens: history,
    goesOn: null,
    parameters: {},
    leftOut: null,
    total: history + 150,
    estimated: true,
    digest: digestOf(turn),
  };
  const end = finished(of, at);
  const firstMs = end.data.timing!.firstTokenMs!;
  return [
    { type: 'turn.sent', data: sent, at },
    { type: 'turn.connecting', data: { turn, attempt: 1 }, at },
    end,
    { type: 'turn.timed', data: { turn, track: track(text, firstMs, random) }, at: end.at },
  ];
}

function finished({ turn, exchange, text, random }: Answer, at: number) {
  const tokens = Math.ceil(text.length / 4);
  const firstMs = 200 + Math.floor(random() * 600);
  const durationMs = firstMs + tokens * 14;
  return {
    type: 'turn.finished',
    data: {
      turn,
      state: 'done',
      text,
      reasoning: '',
      seams: [],
      finish: 'stop',
      problem: null,
      usage: { input: historyOf(exchange) + 150, output: tokens },
      timing: {
        queuedMs: 0.2,
        firstTokenMs: firstMs,
        durationMs,
        tokensPerSecond: Math.round(600 + random() * 200) / 10,
      },
      buffered: false,
    } satisfies EventData<'turn.finished'>,
    at: at + durationMs,
  } as const;
}

/** A token is a part, about every 14 ms. */
function track(text: string, firstMs: number, random: () => number): number[] {
  const found = [1, 4, firstMs];
  for (let offset = 4; offset < text.length; ) {
    const units = Math.min(text.length - offset, 2 + Math.floor(random() * 5));
    found.push(1 + Math.floor(random() * 1.2), units, 10 + Math.floor(random() * 8));
    offset += units;
  }
  return found;
}
