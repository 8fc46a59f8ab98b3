import { Problem } from '#shared/domain/problem.ts';
import type { Made } from '#shared/domain/things.ts';
import { endProblem, iso, OWN, sessionBody, speakerId, stateOf, targetId, tokensUsed } from './answers.ts';
import { askIn, whoAnswers } from './asking.ts';
import type { Call, Handlers } from './call.ts';
import { readTurn } from './follow.ts';
import { readCounts, readHistory, readSession } from './records.ts';
import { streamTurn } from './turns.ts';

type Names =
  | 'createSession'
  | 'listSessions'
  | 'sendMessage'
  | 'getSession'
  | 'changeSession'
  | 'pruneSession'
  | 'deleteSession';

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

  async listSessions({ query: { limit, before, specialist_id, state, folder, tag } }, call) {
    const [updatedAt, id] = splitOnce(before ?? '', '.');
    const filter = {
      archived: state === 'archived',
      trashed: state === 'trashed',
      ...(folder === undefined ? {} : { folder }),
      ...(tag === undefined ? {} : { tag }),
      ...(specialist_id === undefined ? {} : { specialist: specialistOf(specialist_id, call) }),
    };
    const page = before === undefined ? {} : { before: { updatedAt: Number(updatedAt), id } };
    const { sessions, more } = await call.guest.call('sessions.list', { filter, limit, ...page });
    const last = sessions.at(-1);
    return {
      sessions: sessions.map((each) => ({
        id: each.id,
        specialist_id: each.to === null ? null : targetId(each.to),
        title: each.title,
        message_count: each.messages,
        created_at: iso(each.createdAt),
        last_activity: iso(each.updatedAt),
        state: stateOf(each.arrangement),
        folder: each.arrangement.folder,
        tags: each.arrangement.tags,
        pinned: each.arrangement.pinned,
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
    const { view, message_count, messages } = await readHistory(call, session);
    return { ...sessionBody(view), message_count, messages };
  },

  async changeSession({ params: { session }, body }, call) {
    const { title, context_window: exchanges, state, ...kept } = body;
    const { window } = await readSession(call, session);
    const command = () => call.context.newId();
    if (title !== undefined) await call.guest.call('sessions.rename', { command: command(), session, title });
    if (exchanges !== undefined) {
      const changed = { ...window, exchanges: exchanges || null };
      await call.guest.call('sessions.setWindow', { command: command(), session, window: changed });
    }
    const place = state === undefined ? {} : { archived: state === 'archived', trashed: state === 'trashed' };
    const arrangement = { ...kept, ...place };
    if (Object.keys(arrangement).length > 0)
      await call.guest.call('sessions.arrange', { command: command(), session, ...arrangement });
    return sessionBody(await readSession(call, session));
  },

  async pruneSession({ params: { session }, body: { keep_recent: kept } }, call) {
    const { window, head } = await readSession(call, session);
    if (head === null) return { session_id: session, kept: 0, left_out: 0 };
    const { length } = await call.guest.call('sessions.path', { session, to: head, limit: 1 });
    const from = Math.max(0, length - 2 * kept);
    const page = await call.guest.call('sessions.path', { session, to: head, from, limit: 1 });
    const since = from === 0 ? null : page.nodes[0]!.id;
    await call.guest.call('sessions.setWindow', {
      command: call.context.newId(),
      session,
      window: { ...window, since },
    });
    return { session_id: session, kept: length - from, left_out: from };
  },

  async deleteSession({ params: { session } }, call) {
    await call.guest.call('sessions.delete', { command: call.context.newId(), session });
    return { status: 'deleted', session_id: session };
  },
};

/** A plain model is nobody of the roster. */
function specialistOf(name: string, call: Call): string {
  const to = call.target(name);
  if ('specialist' in to) return to.specialist;
  throw new Problem('INVALID_PARAMS', `${name} is a model, not a specialist.`, 'Ask for a specialist of the roster.');
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return [text.slice(0, index), text.slice(index + at.length)];
}
