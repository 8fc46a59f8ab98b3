import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Problem } from '#shared/domain/problem.ts';
import type { OpenSession } from '../../../state/open.ts';
import { useApp } from '../../../state/use.ts';
import { Running } from '../../../ui/Sign.tsx';
import type { Rows } from './shown.ts';

const MARKED_MS = 2500;
/** Frames in which it is tried to focus a message that has just been painted. */
const TRIES = 30;

type Search =
  | { kind: 'looking' }
  | { kind: 'gone' }
  | { kind: 'failed'; message: string }
  /** It stands on another branch, which is shown now; `from`: where that one had its end. */
  | { kind: 'switched'; from: string };

/**
 * The message that the address names: fetched with what stands around it, its branch shown if it is another one, brought
 * into sight and marked for a moment.
 */
export function useTarget(
  session: string,
  rows: Rows,
  open: OpenSession | undefined,
  show: (index: number) => void,
  leave: () => void,
): { marked: string | null; note: ReactNode } {
  const app = useApp();
  const wanted = useStore(app.route, (route) =>
    route.view === 'conversations' && route.session === session ? route.node : null,
  );
  const [marked, setMarked] = useState<string | null>(null);
  const [search, setSearch] = useState<Search | null>(null);
  const reached = useRef<string | null>(null);
  const asked = useRef<string | null>(null);
  const index = wanted === null ? -1 : rows.indexOf(wanted);
  const ready = open?.ready === true && open.spine.length !== null;
  const head = open?.view.head ?? null;
  const latest = useRef(show);
  latest.current = show;

  useEffect(() => {
    if (wanted === null) {
      reached.current = asked.current = null;
      return setSearch(null);
    }
    if (!ready || reached.current === wanted) return;
    if (index >= 0) {
      reached.current = wanted;
      leave();
      setMarked(wanted);
      setSearch((now) => (now?.kind === 'switched' ? now : null));
      focusSoon(wanted, () => latest.current(index));
      return;
    }
    if (asked.current === wanted) return;
    asked.current = wanted;
    setSearch({ kind: 'looking' });
    app.open.find(session, wanted).then(
      (end) => {
        if (asked.current !== wanted) return;
        if (end === null) return setSearch({ kind: 'gone' });
        if (end === head || head === null) return;
        setSearch({ kind: 'switched', from: head });
        void app.act(session, 'sessions.select', { session, node: wanted });
        app.say('Another branch of this conversation is shown.');
      },
      (error: unknown) => {
        asked.current = null;
        setSearch({ kind: 'failed', message: Problem.of(error).message });
      },
    );
  }, [app, session, wanted, ready, index, head, leave]);
  useEffect(() => {
    if (marked !== null) return app.clock.after(MARKED_MS, () => setMarked(null));
  }, [app, marked]);

  const back = (from: string) => {
    setSearch(null);
    void app.act(session, 'sessions.select', { session, node: from });
  };
  return { marked, note: search && <Note search={search} onBack={back} onClose={() => setSearch(null)} /> };
}

function Note({ search, onBack, onClose }: { search: Search; onBack(from: string): void; onClose(): void }) {
  return (
    <p className="thread-note" role="status">
      {search.kind === 'looking' && (
        <>
          <Running /> Looking for the message
        </>
      )}
      {search.kind === 'gone' && 'This conversation has no such message any more.'}
      {search.kind === 'failed' && search.message}
      {search.kind === 'switched' && (
        <>
          The message stands on another branch, which is shown now.
          <button type="button" className="button small" onClick={() => onBack(search.from)}>
            Back to the other branch
          </button>
        </>
      )}
      {search.kind !== 'looking' && (
        <button type="button" className="button bare small" onClick={onClose}>
          Dismiss
        </button>
      )}
    </p>
  );
}

/** What was just scrolled to is painted in one of the next frames, and its height is known only then. */
function focusSoon(node: string, show: () => void, tries = TRIES): void {
  show();
  requestAnimationFrame(() => {
    const element = document.getElementById(`node-${node}`);
    if (element === null && tries > 0) return focusSoon(node, show, tries - 1);
    element?.scrollIntoView({ block: 'center' });
    element?.focus({ preventScroll: true });
  });
}
