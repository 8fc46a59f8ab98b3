import type { FastifyRequest } from 'fastify';
import { Problem } from '#shared/domain/problem.ts';
import type { Guest } from '../compose.ts';
import type { Answer, AnswerEnd, Take, Wish } from './answer.ts';
import { RequestProblem } from './request-problem.ts';
import { type TurnEnd, turnProblem } from './turn-end.ts';

const RESUMABLE = 'x-choragus-resumable';

/** It is asked that the answer is a turn of the log. */
export const wantsTurn = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  !['', '0', 'false'].includes(String(headers[RESUMABLE] ?? '').toLowerCase());

/**
 * The answer as a turn in the log, of a session of its own that is in no list: it outlives its reader, and can be read
 * again from any place. Rejects with what the contract's calls reject with.
 */
export async function beginTurn(
  guest: Pick<Guest, 'call' | 'open'>,
  wish: Wish,
  newId: () => string,
): Promise<Answer & { session: string; turn: string }> {
  const { to, system, maxTokens, temperature } = wish;
  const session = newId();
  const { turn } = await guest.call('sessions.begin', {
    command: newId(),
    session,
    history: historyOf(wish),
    ...(system === undefined ? {} : { system }),
    to,
    parameters: {
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(temperature === undefined ? {} : { temperature }),
    },
    made: { by: 'completion' },
  });
  return { session, turn, run: (take, signal) => followTurn(guest, turn, take, signal) };
}

/** The log keeps text alone. */
function historyOf({ messages, options }: Wish) {
  const refuse = (what: string): never => {
    throw new RequestProblem(
      null,
      `A resumable completion takes text only, and this one has ${what}.`,
      `Leave that out, or the header ${RESUMABLE}.`,
      'UNSUPPORTED',
    );
  };
  const [option] = Object.keys(options ?? {});
  if (option !== undefined) refuse(`options that go to the model as they are: ${option}`);
  return messages.map((message) => {
    if (message.role === 'tool') return refuse('the result of a tool');
    if ('toolCalls' in message && message.toolCalls !== undefined) return refuse('calls of tools');
    if ('pictures' in message && message.pictures !== undefined) return refuse('pictures');
    return { role: message.role, text: message.text };
  });
}

/** Gives the turn's stream as the parts that a provider would give. Ends early, and leaves the turn alone, at `signal`. */
async function followTurn(
  guest: Pick<Guest, 'open'>,
  turn: string,
  take: Take,
  signal: AbortSignal,
): Promise<AnswerEnd> {
  const left: AnswerEnd = { state: 'stopped', finish: null, problem: null, usage: null };
  const source = await guest.open('turn.follow', { turn });
  let wake = () => {};
  let ready = false;
  const wakeUp = () => {
    ready = true;
    wake();
  };
  source.onReady(wakeUp);
  signal.addEventListener('abort', wakeUp, { once: true });
  const got = { text: 0, reasoning: 0 };
  try {
    while (!signal.aborted) {
      ready = false;
      const items = await source.pull(64);
      if (items === null) return { ...left, state: 'failed', problem: brokeOff() };
      for (const item of items) {
        if (item.kind === 'end') return endOf(item);
        if (signal.aborted) return left;
        if (item.kind === 'begin') await take({ type: 'start' });
        if (item.kind !== 'text' && item.kind !== 'reasoning') continue;
        const text = item.text.slice(Math.max(0, got[item.kind] - item.offset));
        got[item.kind] += text.length;
        if (text !== '') await take({ type: item.kind === 'text' ? 'delta' : 'reasoning', text });
      }
      if (items.length > 0 || ready || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return left;
  } finally {
    signal.removeEventListener('abort', wakeUp);
    source.close();
  }
}

const endOf = (end: TurnEnd): AnswerEnd => ({
  state: end.state,
  finish: end.finish,
  usage: end.usage,
  problem: end.state === 'done' ? null : final(turnProblem(end)),
});

/** An answer that grew too long would do so again: clients of these dialects ask again after what LIMIT is told as. */
const final = (problem: Problem): Problem =>
  problem.code === 'LIMIT' ? new Problem('UNSUPPORTED', problem.message, problem.next) : problem;

const brokeOff = () =>
  new Problem('INTERNAL', 'The stream of this turn ended without its end.', 'Follow the turn again.');
