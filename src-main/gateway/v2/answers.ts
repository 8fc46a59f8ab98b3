import { z } from 'zod';
import type { Node, SessionView, TurnNode } from '#shared/domain/session.ts';
import { type Arrangement, type Speaker, Target, type Usage } from '#shared/domain/things.ts';
import { canonicalId } from '../models.ts';
import { type TurnEnd, turnProblem } from '../turn-end.ts';
import { DetailedProblem } from './errors.ts';

/** A session's own fields of v2 stand in its metadata under this key. */
export const OWN = 'choragus';
const Own = z.object({ specialist: Target, shared: z.boolean() });
type Own = z.infer<typeof Own>;

export const iso = (at: number): string => new Date(at).toISOString();
export const targetId = (to: Target): string =>
  'specialist' in to ? canonicalId(to.specialist) : `${to.provider}/${to.model}`;
export const speakerId = ({ specialist, provider, model }: Speaker): string =>
  targetId(specialist === undefined ? { provider, model } : { specialist });
/** Reasoning is part of the output. */
export const tokensUsed = (usage: Usage | null): number => (usage?.input ?? 0) + (usage?.output ?? 0);

/** Why a turn ended without being done. */
export const endProblem = (end: TurnEnd, turn: string): DetailedProblem =>
  new DetailedProblem(turnProblem(end), { turn_id: turn }, end.state === 'interrupted' ? 'INTERRUPTED' : undefined);

/** Of a session that began elsewhere nothing is known of these, whatever its program wrote at their place. */
export function ownOf(view: SessionView): Partial<Own> & Pick<Own, 'shared'> {
  const own = Own.safeParse(view.made?.metadata?.[OWN]);
  return own.success ? own.data : { shared: true };
}

/** Wall clock of the last thing that happened in it. */
function lastActivity(view: SessionView): number {
  const ends = Object.values(view.nodes).map((node) => (node.kind === 'turn' ? endOf(node) : node.at));
  return Math.max(view.at, ...ends);
}
const endOf = ({ at, timing }: TurnNode) => at + (timing === null ? 0 : timing.queuedMs + timing.durationMs);

/** Null: it does not expire. */
export function expiresAt(view: SessionView): number | null {
  const lifetime = view.made?.lifetimeMs;
  return lifetime === undefined ? null : lastActivity(view) + lifetime;
}

export const stateOf = ({ archived, trashed }: Arrangement) =>
  trashed ? ('trashed' as const) : archived ? ('archived' as const) : ('active' as const);

/** As v2 tells of a session. */
export function sessionBody(view: SessionView) {
  const { [OWN]: _, ...metadata } = view.made?.metadata ?? {};
  const own = ownOf(view);
  const to = own.specialist ?? view.to;
  const expires = expiresAt(view);
  return {
    id: view.id,
    specialist_id: to === null ? null : targetId(to),
    title: view.title,
    context_window: view.window.exchanges ?? 0,
    shared: own.shared,
    created_at: iso(view.at),
    last_activity: iso(lastActivity(view)),
    expires_at: expires === null ? null : iso(expires),
    state: stateOf(view.arrangement),
    folder: view.arrangement.folder,
    tags: view.arrangement.tags,
    pinned: view.arrangement.pinned,
    metadata,
  };
}

/** What was said last in it, in reading order, and how much there is; questions and answers alternate. */
export function historyOf({ window }: SessionView, said: { length: number; nodes: readonly Node[] }) {
  const exchanges = Math.ceil(said.length / 2);
  const messages = said.nodes.map((node) =>
    node.kind === 'message'
      ? { role: 'user' as const, content: node.text, timestamp: iso(node.at) }
      : {
          role: 'assistant' as const,
          content: node.text,
          timestamp: iso(endOf(node)),
          specialist_id: speakerId(node.speaker),
          turn_id: node.id,
          status: node.state,
        },
  );
  return {
    message_count: said.length,
    context_used: Math.min(window.exchanges ?? exchanges, exchanges),
    messages,
  };
}
