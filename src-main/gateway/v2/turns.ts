import { endProblem, speakerId, tokensUsed } from './answers.ts';
import { askAlone, askIn, isRepeatable, type Wish, whoAnswers } from './asking.ts';
import { type Call, type Handlers, written } from './call.ts';
import { failureOf } from './errors.ts';
import { TurnEvents } from './events.ts';
import { readTurn } from './follow.ts';
import { readCounts, readSession } from './records.ts';

type Names = 'streamAnswer' | 'streamAnswerByAddress' | 'resumeTurn' | 'getTurn' | 'stopTurn';

interface Question extends Omit<Wish, 'text' | 'to'> {
  content: string;
  session_id?: string | undefined;
}

export const turnHandlers: Pick<Handlers, Names> = {
  streamAnswer: ({ params, body }, call) => streamAnswer(params.specialist, body, undefined, call),

  async streamAnswerByAddress({ params, query, headers }, call) {
    const last = headers['last-event-id'] || undefined;
    if (last === undefined || isRepeatable(query.request_id)) return streamAnswer(params.specialist, query, last, call);
    // It asks by itself after a lost connection; to answer as if for the first time would ask the AI a second time.
    call.reply.code(204).send();
    return written;
  },

  async resumeTurn({ params: { turn }, query, headers }, call) {
    const last = query.last_event_id || headers['last-event-id'] || undefined;
    return streamTurn({ turn, requestId: call.newId('req') }, last, call);
  },

  getTurn: ({ params }, call) => readBody(params.turn, 'now', call),

  async stopTurn({ params: { turn } }, call) {
    const { session_id: session } = await readBody(turn, 'now', call);
    await call.guest.call('turns.stop', { command: call.context.newId(), session, turn });
    return readBody(turn, 'end', call);
  },
};

async function streamAnswer(
  specialist: string,
  question: Question,
  last: string | undefined,
  call: Call,
): Promise<typeof written> {
  const { content: text, session_id: session, ...rest } = question;
  const to = call.target(specialist);
  if (session === undefined) return streamTurn(await askAlone({ ...rest, text, to }, call), last, call);
  const view = await readSession(call, session);
  const begun = await askIn(view, { ...rest, text, to: whoAnswers(view, specialist, call) }, call);
  return streamTurn({ ...begun, session }, last, call);
}

/** `last`: the id of the last event that the client has; the stream goes on after it. */
export async function streamTurn(
  { turn, requestId, session }: { turn: string; requestId: string; session?: string },
  last: string | undefined,
  call: Call,
): Promise<typeof written> {
  const source = await call.guest.open('turn.follow', last === undefined ? { turn } : { turn, cursor: cursorOf(last) });
  const inSession = session === undefined ? {} : { session, counts: () => readCounts(call, session) };
  const events = new TurnEvents(source, { turn, requestId, resumed: last !== undefined, ...inSession });
  return call.stream(events, turn);
}

/** What is no cursor is one that nothing can be served from. */
const cursorOf = (last: string) => (/^[\w-]{1,100}:\d{1,16}$/.test(last) ? last : 'unknown:0');

async function readBody(turn: string, until: 'now' | 'end', call: Call) {
  const source = await call.guest.open('turn.follow', { turn });
  const { begin, text, end, cursor } = await readTurn(source, call.signal, until);
  return {
    id: turn,
    session_id: begin.session,
    specialist_id: speakerId(begin.speaker),
    status: end?.state ?? begin.state,
    content: text,
    finish_reason: end?.finish ?? null,
    tokens_used: end === null ? null : tokensUsed(end.usage),
    error: end === null || end.state === 'done' ? null : failureOf(endProblem(end, turn)),
    last_event_id: cursor,
  };
}
