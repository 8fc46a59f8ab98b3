import type { StreamItem } from '#shared/contract/contract.ts';
import { readEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import { foldNode, path, type SessionView } from '#shared/domain/session.ts';
import { expiresAt, historyOf, iso } from './answers.ts';
import type { Call } from './call.ts';
import { DetailedProblem } from './errors.ts';
import { itemsOf } from './follow.ts';

/** Nodes in one page of what is older. */
const PAGE = 200;

/** A session as it is now; of its tree the newest part. Throws NOT_FOUND. */
export async function readSession(call: Call, session: string): Promise<SessionView> {
  const source = await call.guest.open('session.follow', { session });
  for await (const item of itemsOf<StreamItem<'session.follow'>>(source, call.signal))
    if (item !== 'idle' && item.kind === 'snapshot' && !item.view.deleted) return item.view;
    else if (item !== 'idle') break;
  throw new Problem('NOT_FOUND', `There is no session ${session}.`, 'Begin one with POST /api/v2/sessions.');
}

/** The same with the whole path to its head. */
export async function readHistory(call: Call, session: string): Promise<SessionView> {
  const view = await readSession(call, session);
  const nodes = { ...view.nodes };
  for (let oldest = path({ ...view, nodes })[0]; oldest?.parent != null; ) {
    const before = Math.min(...Object.values(nodes).map(({ seq }) => seq));
    const { events, more } = await call.guest.call('sessions.older', { session, before, limit: PAGE });
    const older: typeof nodes = {};
    for (const raw of events) {
      const event = readEvent(raw);
      const node = event === undefined ? undefined : foldNode(older, event);
      if (node !== undefined) older[node.id] = node;
    }
    for (const [id, node] of Object.entries(older)) nodes[id] ??= node;
    if (!more) break;
    oldest = path({ ...view, nodes })[0];
  }
  return { ...view, nodes };
}

/** How much of it there is, and how much of that an AI has in view. */
export async function readCounts(call: Call, session: string) {
  const { message_count, context_used } = historyOf(await readHistory(call, session));
  return { message_count, context_used };
}

/** EXPIRED is also what a command is that was forgotten; of a session it says which, and when. */
export function withExpiry(error: unknown, view: SessionView): unknown {
  const at = expiresAt(view);
  if (!(error instanceof Problem) || error.code !== 'EXPIRED' || at === null) return error;
  const details = { session_id: view.id, expired_at: iso(at) };
  return new DetailedProblem(error, details, 'SESSION_EXPIRED');
}
