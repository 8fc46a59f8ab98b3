import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '#shared/domain/problem.ts';
import type { Choragus, Guest } from '../compose.ts';
import { AnswerStream } from './answer-stream.ts';
import type { AreaContext } from './area.ts';
import { asGuest } from './guest.ts';
import { beginTurn, wantsTurn } from './resumable.ts';

type Completions = Choragus['completions'];
type Completion = Awaited<ReturnType<Completions['prepare']>>;
/** What a program asks for. */
export type Wish = Parameters<Completions['prepare']>[0];
export type Message = Wish['messages'][number];
export type Options = NonNullable<Wish['options']>;
export type Take = Parameters<Completion['run']>[0];
export type AnswerPart = Parameters<Take>[0];
export type AnswerEnd = Pick<Awaited<ReturnType<Completion['run']>>, 'state' | 'finish' | 'problem' | 'usage'>;

/** Pictures come within the body, as base64. */
export const MAX_BODY = 25 * 1024 * 1024;

/** An answer that is asked for once. Never rejects, but with what the log's streams reject with. */
export interface Answer {
  /** `accepted`: the provider has begun to stream. */
  run(take: Take, signal: AbortSignal, accepted?: () => void): Promise<AnswerEnd>;
}

/** How a dialect tells one answer as a stream. Everything is whole events; `''` is nothing. */
export interface Telling {
  readonly ping: string;
  part(part: AnswerPart): string;
  end(end: AnswerEnd): string;
  /** What goes wrong once it has begun. */
  failure(problem: Problem): string;
}

export interface ToolCall {
  id: string;
  name: string;
  /** JSON, as the model wrote it. */
  input: string;
}

/** An answer that is complete. */
export interface WholeAnswer extends AnswerEnd {
  text: string;
  reasoning: string;
  toolCalls: ToolCall[];
}

/** A request of a program, read. */
export interface Asked {
  wish: Omit<Wish, 'token'>;
  telling: () => Telling;
  /** The body of an answer in one piece. */
  whole: (answer: WholeAnswer) => unknown;
}

/**
 * Answers a request in its dialect: as a stream or in one piece, from a provider or, when a header asks for it, as a turn
 * of the log. Whoever hangs up stops the provider, but not a turn. Rejects with the Problem that is to be told; in a
 * stream that has begun it is told there, and the stream ends without the end of an answer.
 */
export const answerRequest = (
  request: FastifyRequest,
  reply: FastifyReply,
  context: AreaContext,
  { wish, telling, whole }: Asked,
): Promise<unknown> =>
  asGuest(request, reply, context, async (guest, token) => {
    const full = { ...wish, token };
    const answer = wantsTurn(request)
      ? await resumable(guest, full, context.newId, reply)
      : await context.choragus.completions.prepare(full);
    if (!wish.stream) return whole(await collect(answer, guest.signal));
    await tell(answer, telling(), guest.signal, reply, context);
    return reply.hijack();
  });

async function resumable(guest: Guest, wish: Wish, newId: () => string, reply: FastifyReply): Promise<Answer> {
  const begun = await beginTurn(guest, wish, newId);
  reply.headers({ 'x-choragus-turn': begun.turn, 'x-choragus-session': begun.session });
  return begun;
}

async function tell(
  answer: Answer,
  says: Telling,
  signal: AbortSignal,
  reply: FastifyReply,
  { clock, logger }: AreaContext,
): Promise<void> {
  const out = new AnswerStream(reply, { clock, ping: says.ping });
  try {
    // The headers are on their way while the AI thinks: the first token need not wait for them.
    const end = await answer.run(
      (part) => out.send(says.part(part)),
      signal,
      () => out.begin(),
    );
    expectDone(end, signal);
    out.end(says.end(end));
  } catch (error) {
    if (!out.begun) throw error;
    if (!(error instanceof Problem)) logger.error({ error }, 'a stream failed');
    out.end(says.failure(Problem.of(error)));
  } finally {
    out.close();
  }
}

async function collect(answer: Answer, signal: AbortSignal): Promise<WholeAnswer> {
  let text = '';
  let reasoning = '';
  const toolCalls: ToolCall[] = [];
  const end = await answer.run((part) => {
    if (part.type === 'delta') text += part.text;
    else if (part.type === 'reasoning') reasoning += part.text;
    else if (part.type === 'tool-call') toolCalls.push({ id: part.id, name: part.name, input: part.input });
  }, signal);
  expectDone(end, signal);
  return { ...end, text, reasoning, toolCalls };
}

/** Throws the Problem of an answer that is not. */
function expectDone({ state, problem }: AnswerEnd, signal: AbortSignal): void {
  if (state === 'done') return;
  if (problem !== null) throw problem;
  if (signal.aborted) throw Problem.of(signal.reason);
  throw new Problem('STOPPED', 'This answer was stopped.', 'Ask again.');
}
