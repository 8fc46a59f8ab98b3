import { useStore } from 'zustand';
import type { SessionView } from '#shared/domain/session.ts';
import type { Target } from '#shared/domain/things.ts';
import { draftOf } from '../../../state/drafts.ts';
import { defaultTarget } from '../../../state/targets.ts';
import { useApp, useRoster } from '../../../state/use.ts';

/** Whom the next message of a conversation is for. */
export function useTo(draft: string, view: Pick<SessionView, 'to'> | null): Target | undefined {
  const app = useApp();
  const chosen = useStore(app.drafts.store, (drafts) => draftOf(drafts, draft).to);
  const last = useStore(app.preferences, ({ target }) => target);
  const roster = useRoster();
  // Until the roster is known, the last one is as good a guess as there is; the server has the last word.
  return chosen ?? view?.to ?? (roster === null ? last : defaultTarget(roster, last));
}
