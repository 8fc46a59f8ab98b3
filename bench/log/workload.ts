import type { NewEvent } from '#shared/domain/events.ts';
import type { Batch } from '../../src-main/log/log.ts';
import { id, seeded, writer } from '../harness/made-up.ts';

export interface Shape {
  sessions: number;
  /** Questions and answers in each session. */
  exchanges: number;
  /** Steps of different sessions that are written together. */
  group: number;
}

/** What each step of the workload is, made before the clock runs. Every message has about this many characters. */
const UNITS = 400;

/**
 * Conversations as the engines write them: groups of steps, each a person's message with the request of a turn (a
 * session's first one begins with the session) under a command id, or the end of that turn.
 */
export function workload({ sessions, exchanges, group }: Shape): Batch[][] {
  const random = seeded(7);
  const write = writer(random);
  const groups: Batch[][] = [];
  let seq = 0;
  for (let first = 0; first < sessions; first += group) {
    const ids = Array.from({ length: Math.min(group, sessions - first) }, () => id(random));
    const versions = new Map<string, number>();
    const heads = new Map<string, string>();
    const step = (session: string, events: NewEvent[], command?: Batch['command']): Batch => {
      const batch = { session, events, expected: versions.get(session) ?? 0, durable: true };
      seq += events.length;
      versions.set(session, seq);
      return command === undefined ? batch : { ...batch, command };
    };
    for (let exchange = 0; exchange < exchanges; exchange++) {
      const turns = new Map(ids.map((session) => [session, id(random)]));
      groups.push(
        ids.map((session) => {
          const turn = turns.get(session)!;
          const events = asked(turn, id(random), heads.get(session) ?? null, write(UNITS));
          heads.set(session, turn);
          const created: NewEvent[] = exchange > 0 ? [] : [{ type: 'session.created', data: { title: write(60), to } }];
          const command = { id: id(random), hash: 'u0y2b9Xo1jE4qV7mC5tRz8kLw3nHs6dPfGaQiYcTxNM', result: { turn } };
          return step(session, [...created, ...events], command);
        }),
      );
      groups.push(ids.map((session) => step(session, [answered(turns.get(session)!, write(UNITS))])));
    }
  }
  return groups;
}

const to = { specialist: 'athena' };
const speaker = {
  ...to,
  name: 'Athena',
  provider: 'anthropic',
  providerName: 'Anthropic',
  model: 'm-4',
  offline: false,
};

const asked = (turn: string, message: string, parent: string | null, text: string): NewEvent[] => [
  { type: 'message.added', data: { message, parent, text, to } },
  { type: 'turn.requested', data: { turn, parent: message, to, speaker } },
];

const answered = (turn: string, text: string): NewEvent => ({
  type: 'turn.finished',
  data: {
    turn,
    state: 'done',
    text,
    reasoning: '',
    seams: [],
    finish: 'stop',
    problem: null,
    usage: { input: 812, output: 104 },
    timing: { queuedMs: 0.2, firstTokenMs: 431.5, durationMs: 2204.8, tokensPerSecond: 58.6 },
    buffered: false,
  },
});
