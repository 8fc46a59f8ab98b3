import type { StreamItem } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Node, SessionView } from '#shared/domain/session.ts';
import { expiresAt, historyOf, iso } from './answers.ts';
import type { Call } from './call.ts';
import { DetailedProblem } from './errors.ts';
import { itemsOf } from './follow.ts';

/** Nodes in one page of a path. */
const PAGE = 200;

/** A session as it is now; of its tree the newest part. Throws NOT_FOUND. */
export async function readSession(call: Call, session: string): Promise<SessionView> {
  const source = await call.guest.open('session.follow', { session });
  for await (const item of itemsOf<StreamItem<'session.follow'>>(source, call.signal))
    if (item !== 'idle' && item.kind === 'snapshot' && !item.view.deleted) return item.view;
    else if (item !== 'idle') break;
  throw new Problem('NOT_FOUND', `There is no session ${session}.`, 'Begin one with POST /api/v2/sessions.');
}

/** What was said last in it, `most` of it or all, and how much there is; null: nothing yet. */
async function readPath(call: Call, view: SessionView, most: number): Promise<{ length: number; nodes: Node[] }> {
  if (view.head === null) return { length: 0, nodes: [] };
  const of = { session: view.id, to: view.head };
  const { length } = await call.guest.call('sessions.path', { ...of, limit: 1 });
  const nodes: Node[] = [];
  for (let from = Math.max(0, length - most); from < length; ) {
    const page = await call.guest.call('sessions.path', { ...of, from, limit: Math.min(PAGE, length - from) });
    nodes.push(...page.nodes);
    from += page.nodes.length;
  }
  return { length, nodes };
}

/** With what its history window tells of what was said. */
export async function readHistory(call: Call, session: string) {
  const view = await readSession(call, session);
  const { exchanges } = view.window;
  const said = await readPath(call, view, exchanges === null ? Number.MAX_SAFE_INTEGER : 2 * exchanges);
  return { view, ...historyOf(view, said) };
}

/** How much of it there is, and how much of that an AI has in view. */
export async function readCounts(call: Call, session: string) {
  const view = await readSession(call, session);
  const { message_count, context_used } = historyOf(view, await readPath(call, view, 1));
  return { message_count, context_used };
}

/** EXPIRED is also what a command is that was forgotten; of a session it says which, and when. */
export function withExpiry(error: unknown, view: SessionView): unknown {
  const at = expiresAt(view);
  if (!(error instanceof Problem) || error.code !== 'EXPIRED' || at === null) return error;
  const details = { session_id: view.id, expired_at: iso(at) };
  return new DetailedProblem(error, details, 'SESSION_EXPIRED');
}
