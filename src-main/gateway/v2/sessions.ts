import { Problem } from '#shared/domain/problem.ts';
import type { Made } from '#shared/domain/things.ts';
import { endProblem, historyOf, iso, OWN, sessionBody, speakerId, targetId, tokensUsed } from './answers.ts';
import { askIn, whoAnswers } from './asking.ts';
import type { Handlers } from './call.ts';
import { readTurn } from './follow.ts';
import { readCounts, readHistory, readSession } from './records.ts';
import { streamTurn } from './turns.ts';

type Names = 'createSession' | 'listSessions' | 'sendMessage' | 'getSession' | 'changeSession' | 'deleteSession';

/** A session takes messages until nothing has happened in it for so long. */
const LIFETIME_MS = 3_600_000;

export const sessionHandlers: Pick<Handlers, Names> = {
  async createSession({ body }, call) {
    const { specialist_id, title, context_window: window, metadata, shared } = body;
    if (OWN in metadata) {
      const what = `metadata: "${OWN}" is a name that Choragus keeps for itself.`;
      throw new Problem('INVALID_PARAMS', what, 'Take another name for it.');
    }
    const session = body.id ?? call.newId('sess');
    const to = call.target(specialist_id);
    const own = { [OWN]: { specialist: to, shared } };
    await call.guest.call('sessions.create', {
      command: call.context.newId(),
      session,
      to,
      ...(title === undefined ? {} : { title }),
      made: {
        by: 'program',
        window,
        lifetimeMs: LIFETIME_MS,
        metadata: { ...metadata, ...own } as NonNullable<Made['metadata']>,
      },
    });
    return sessionBody(await readSession(call, session));
  },

  async listSessions({ query: { limit, before } }, call) {
    const [updatedAt, id] = splitOnce(before ?? '', '.');
    const asked = before === undefined ? { limit } : { limit, before: { updatedAt: Number(updatedAt), id } };
    const { sessions, more } = await call.guest.call('sessions.list', asked);
    const last = sessions.at(-1);
    return {
      sessions: sessions.map((each) => ({
        id: each.id,
        specialist_id: each.to === null ? null : targetId(each.to),
        title: each.title,
        message_count: each.messages,
        created_at: iso(each.createdAt),
        last_activity: iso(each.updatedAt),
      })),
      next: more && last !== undefined ? `${last.updatedAt}.${last.id}` : null,
    };
  },

  async sendMessage({ params: { session }, body }, call) {
    const { message: text, stream, specialist_id, ...rest } = body;
    const view = await readSession(call, session);
    const begun = await askIn(view, { ...rest, text, to: whoAnswers(view, specialist_id, call) }, call);
    if (stream) return streamTurn({ ...begun, session }, undefined, call);
    const { turn, requestId } = begun;
    const source = await call.guest.open('turn.follow', { turn });
    const { begin, text: response, end } = await readTurn(source, call.signal, 'end');
    if (end?.state !== 'done') throw endProblem(end!, turn);
    return {
      response,
      session_id: session,
      specialist_id: speakerId(begin.speaker),
      turn_id: turn,
      request_id: requestId,
      tokens_used: tokensUsed(end.usage),
      finish_reason: end.finish,
      ...(await readCounts(call, session)),
    };
  },

  async getSession({ params: { session } }, call) {
    const view = await readHistory(call, session);
    const { message_count, messages } = historyOf(view);
    return { ...sessionBody(view), message_count, messages };
  },

  async changeSession({ params: { session }, body: { title } }, call) {
    await call.guest.call('sessions.rename', { command: call.context.newId(), session, title });
    return sessionBody(await readSession(call, session));
  },

  async deleteSession({ params: { session } }, call) {
    await call.guest.call('sessions.delete', { command: call.context.newId(), session });
    return { status: 'deleted', session_id: session };
  },
};

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return [text.slice(0, index), text.slice(index + at.length)];
}
