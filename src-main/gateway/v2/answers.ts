import { z } from 'zod';
import { path, type SessionView, type TurnNode } from '#shared/domain/session.ts';
import { type Speaker, Target, type Usage } from '#shared/domain/things.ts';
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
    context_window: view.made?.window ?? 0,
    shared: own.shared,
    created_at: iso(view.at),
    last_activity: iso(lastActivity(view)),
    expires_at: expires === null ? null : iso(expires),
    metadata,
  };
}

/** What is said in it, in reading order, and how much of that is sent along; `view` holds the whole path. */
export function historyOf(view: SessionView) {
  const nodes = path(view);
  const window = view.made?.window ?? 0;
  const exchanges = nodes.filter(({ kind }) => kind === 'message').length;
  const messages = (window === 0 ? nodes : nodes.slice(-2 * window)).map((node) =>
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
    message_count: nodes.length,
    context_used: window === 0 ? exchanges : Math.min(window, exchanges),
    messages,
  };
}
