import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { emptySession, runningTurns } from '#shared/domain/session.ts';
import { useAfter, useApp, useConnected, useOpenSession, useOutbox, useTitle, useWish } from '../../state/use.ts';
import { Running, Sign } from '../../ui/Sign.tsx';
import { pressed } from '../shortcuts.ts';
import { Composer } from './composer/Composer.tsx';
import { Here } from './Here.tsx';
import { keptRows } from './list/rows.ts';
import { Panel } from './panel/Panel.tsx';
import { FollowProblem, NotFound } from './thread/FollowProblem.tsx';
import { shown } from './thread/shown.ts';
import { Thread } from './thread/Thread.tsx';
import { useTold } from './thread/useTold.ts';
import { useFocusKept } from './useFocusKept.ts';

/** One session: its branch, what is on its way, and the place to write. */
export function OpenConversation({ session, panel }: { session: string; panel: boolean }) {
  const app = useApp();
  const open = useOpenSession(session);
  const outbox = useOutbox(session);
  const view = open?.view ?? emptySession(session);
  const items = useMemo(() => shown(view, outbox), [view, outbox]);
  const listed = useStore(app.sessions.store, ({ rows }) => rows.find(({ id }) => id === session)?.title);
  const absent = open?.ready !== true && items.length === 0;
  const missing = absent && open?.problem?.code === 'NOT_FOUND';
  const renamed = useWish(`rename ${session}`, 'sessions.rename')?.title;
  const title =
    renamed || view.title || listed || keptRows(outbox, [])[0]?.title || (missing ? 'Not found' : 'Conversation');
  const withPanel = panel && !missing;
  useTitle(title);
  useTold(view, open?.ready === true);
  const stage = useRef<HTMLElement>(null);
  useFocusKept(stage);
  const connected = useConnected();
  useEscape(stage, () => {
    if (!connected) return;
    for (const { id } of runningTurns(view)) void app.act(id, 'turns.stop', { session, turn: id });
  });
  return (
    <div className={withPanel ? 'stage with-panel' : 'stage'}>
      <section className="stage-main" aria-label="Conversation" ref={stage}>
        <header className="stage-head">
          <h1 className="cut">{title}</h1>
          <span className="grow" />
          <span className="here">{open?.ready === true && <Here session={session} />}</span>
          {!missing && (
            <button
              type="button"
              className="button bare icon wide"
              aria-label="Details"
              aria-pressed={panel}
              onClick={() => app.preferences.setState({ panel: !panel })}
            >
              <Sign name="panel" />
            </button>
          )}
        </header>
        {missing ? (
          <NotFound session={session} />
        ) : (
          open?.problem != null && <FollowProblem session={session} problem={open.problem} />
        )}
        {absent && open?.problem == null ? <Loading /> : <Thread session={session} items={items} open={open} />}
        {!missing && <Composer session={session} view={view} />}
      </section>
      {withPanel && <Panel view={view} figures={open?.figures ?? {}} />}
    </div>
  );
}

/** Escape, with the focus in here or nowhere, and nobody nearer who wanted it. */
function useEscape(place: RefObject<HTMLElement | null>, run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!pressed(event, 'stop') || event.defaultPrevented || event.isComposing) return;
      const { target } = event;
      if (target === document.body || (target instanceof Node && place.current?.contains(target))) latest.current();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [place]);
}

function Loading() {
  const late = useAfter(300);
  return (
    <div className="thread">
      {late && (
        <p className="measure thread-loading">
          <Running /> Loading the conversation
        </p>
      )}
    </div>
  );
}
