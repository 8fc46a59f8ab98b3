import { type Dispatch, type ReactNode, type SetStateAction, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { OpenSession } from '../../../state/open.ts';
import { useApp } from '../../../state/use.ts';
import { Running } from '../../../ui/Sign.tsx';
import type { Shown } from './shown.ts';

const MARKED_MS = 2500;
/** Messages painted above it. */
const CONTEXT = 20;

/**
 * The message that the address names: brought into sight and marked for a moment; looked for in older pages when it is
 * not here, and named when it lies on another branch.
 */
export function useTarget(
  session: string,
  items: readonly Shown[],
  open: OpenSession | undefined,
  setPainted: Dispatch<SetStateAction<number>>,
  leave: () => void,
): { marked: string | null; note: ReactNode } {
  const app = useApp();
  const wanted = useStore(app.route, (route) =>
    route.view === 'conversations' && route.session === session ? route.node : null,
  );
  const [marked, setMarked] = useState<string | null>(null);
  const reached = useRef<string | null>(null);
  const at = wanted === null ? -1 : items.findIndex((item) => item.id === wanted);
  const pending = wanted !== null && reached.current !== wanted && open?.ready === true;
  const elsewhere = pending && at < 0 && wanted in open.view.nodes;
  const searching = pending && at < 0 && !elsewhere && open.more && open.problem === null;

  useEffect(() => {
    if (wanted === null || !pending || at < 0) return;
    reached.current = wanted;
    leave();
    setPainted((count) => Math.max(count, items.length - at + CONTEXT));
    setMarked(wanted);
    requestAnimationFrame(() => {
      const element = document.getElementById(`node-${wanted}`);
      element?.scrollIntoView({ block: 'center' });
      element?.focus({ preventScroll: true });
    });
  }, [wanted, pending, at, items, leave, setPainted]);
  useEffect(() => {
    if (marked !== null) return app.clock.after(MARKED_MS, () => setMarked(null));
  }, [app, marked]);
  useEffect(() => {
    if (searching && !open.loadingOlder) void app.open.loadOlder(session);
  }, [app, session, searching, open]);

  const select = () => void app.act(session, 'sessions.select', { session, node: wanted ?? '' });
  return {
    marked,
    note: searching ? (
      <p className="thread-note">
        <Running /> Looking for the message
      </p>
    ) : elsewhere ? (
      <p className="thread-note">
        The message stands on another branch of this conversation.
        <button type="button" className="button small" onClick={select}>
          Show that branch
        </button>
      </p>
    ) : null,
  };
}
