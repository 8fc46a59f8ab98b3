import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useApp, useToday } from '../../../state/use.ts';
import { arrowKeys } from '../../../ui/arrow-keys.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { grouped } from '../../../ui/time.ts';
import { pressed, shortcutText } from '../../shortcuts.ts';
import { keptRows, type Row } from './rows.ts';
import { SessionRow } from './SessionRow.tsx';
import './list.css';

/** All sessions, newest first, in their groups; more come while one scrolls. */
export function SessionList({ current }: { current: string | null }) {
  const app = useApp();
  const { rows, more, ready, loading, problem } = useStore(app.sessions.store);
  const outbox = useStore(app.outbox.store);
  const today = useToday();
  const [renaming, setRenaming] = useState<string | null>(null);
  const all = useMemo(() => [...keptRows(outbox, rows), ...rows] as Row[], [outbox, rows]);
  const groups = useMemo(() => grouped(all, today), [all, today]);
  // One row is in the tab order: the one on screen, else the first.
  const reachable = all.some(({ id }) => id === current) ? current : all[0]?.id;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!pressed(event, 'rename')) return arrowKeys(event);
    const session = event.target instanceof HTMLAnchorElement ? event.target.dataset.session : undefined;
    if (session === undefined) return;
    event.preventDefault();
    setRenaming(session);
  };
  return (
    <nav className="sessions" aria-label="Sessions">
      <div className="sessions-head">
        <h2 className="grow">Sessions</h2>
        <button
          type="button"
          className="button small"
          title={`New conversation, ${shortcutText('newConversation')}`}
          onClick={() => app.goTo(null)}
        >
          <Sign name="plus" dense />
          New
        </button>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: moves the focus between the links inside. */}
      <div className="sessions-scroll" onKeyDown={onKeyDown}>
        {groups.map(({ group, rows: members }) => (
          <section key={group} aria-labelledby={`group-${group}`}>
            <h3 id={`group-${group}`}>{group}</h3>
            <ul>
              {members.map((row) => (
                <li key={row.id}>
                  <SessionRow
                    row={row}
                    today={today}
                    current={row.id === current}
                    reachable={row.id === reachable}
                    renaming={row.id === renaming}
                    onRename={setRenaming}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
        {ready && all.length === 0 && (
          <p className="sessions-empty">Every conversation is kept here. It begins with your first message.</p>
        )}
        {problem !== null && (
          <div className="sessions-empty">
            <ProblemLine problem={problem} />
          </div>
        )}
        {more && <More key={rows.length} loading={loading} onReach={() => void app.sessions.loadMore()} />}
      </div>
    </nav>
  );
}

/** Asks for the next page as soon as its place comes near. */
function More({ loading, onReach }: { loading: boolean; onReach: () => void }) {
  const ref = useRef<HTMLButtonElement>(null);
  const reach = useRef(onReach);
  reach.current = onReach;
  useEffect(() => {
    const watch = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && reach.current(), {
      rootMargin: '400px',
    });
    if (ref.current !== null) watch.observe(ref.current);
    return () => watch.disconnect();
  }, []);
  return (
    <button ref={ref} type="button" className="button bare small sessions-more" onClick={onReach}>
      {loading ? 'Loading older sessions' : 'Older sessions'}
    </button>
  );
}
