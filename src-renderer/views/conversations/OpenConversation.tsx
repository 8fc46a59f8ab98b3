import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { emptySession, runningTurns } from '#shared/domain/session.ts';
import { nothingLoaded } from '../../state/loaded.ts';
import { timelineHref } from '../../state/route.ts';
import { useAfter, useApp, useConnected, useOpenSession, useOutbox, useTitle, useWish } from '../../state/use.ts';
import { Running, Sign } from '../../ui/Sign.tsx';
import { pressed, shortcutText } from '../shortcuts.ts';
import { BranchMenu } from './branches/BranchMenu.tsx';
import { CompareContext, type Compared } from './branches/compare-context.ts';
import { ForkedFrom } from './branches/ForkedFrom.tsx';
import { SideBySide } from './branches/SideBySide.tsx';
import { useBranches } from './branches/useBranches.ts';
import { Composer } from './composer/Composer.tsx';
import { Here } from './Here.tsx';
import { KeptAway } from './KeptAway.tsx';
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
  const rows = useMemo(() => shown(open ?? nothingLoaded(session), outbox), [open, outbox, session]);
  const listed = useStore(app.sessions.store, ({ rows }) => rows.find(({ id }) => id === session)?.title);
  const absent = open?.ready !== true && rows.count === 0;
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
  const branches = useBranches(session, view, open?.ready === true);
  const [compared, setCompared] = useState<Compared | null>(null);
  const compare = useCallback((wanted: Compared) => setCompared(wanted), []);
  const endComparison = () => {
    setCompared(null);
    requestAnimationFrame(() => stage.current?.querySelector<HTMLElement>('.thread')?.focus());
  };
  const shownBranch = branches.branches.find((each) => each.shown);
  const otherBranch = branches.branches
    .filter((each) => each !== shownBranch)
    .reduce<typeof shownBranch>((a, b) => (a === undefined || b.updatedAt > a.updatedAt ? b : a), undefined);
  useEscape(stage, () => {
    if (!connected) return;
    for (const { id } of runningTurns(view)) void app.act(id, 'turns.stop', { session, turn: id });
  });
  return (
    <CompareContext value={compare}>
      <div className={withPanel ? 'stage with-panel' : 'stage'}>
        <section className="stage-main" aria-label="Conversation" ref={stage}>
          <header className="stage-head">
            <h1 className="cut">{title}</h1>
            {compared === null ? (
              <BranchMenu session={session} branches={branches} />
            ) : (
              <span className="tag">side by side</span>
            )}
            {view.forked !== null && <ForkedFrom session={view.forked.session} />}
            <span className="grow" />
            <span className="here">{open?.ready === true && <Here session={session} />}</span>
            {compared !== null && (
              <button type="button" className="button small" onClick={endComparison}>
                Leave <kbd>{shortcutText('endComparison')}</kbd>
              </button>
            )}
            {compared === null && shownBranch !== undefined && otherBranch !== undefined && (
              <button
                type="button"
                className="button bare small wide"
                onClick={() => compare({ left: shownBranch.head, right: otherBranch.head })}
              >
                Side by side
              </button>
            )}
            {!missing && compared === null && open?.ready === true && (
              <a className="button bare small wide" href={timelineHref(session)}>
                Timeline
              </a>
            )}
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
          {!missing && <KeptAway view={view} />}
          {compared !== null ? (
            <SideBySide
              session={session}
              view={view}
              compared={compared}
              branches={branches}
              onCompare={compare}
              onClose={endComparison}
            />
          ) : absent && open?.problem == null ? (
            <Loading />
          ) : (
            <Thread session={session} rows={rows} open={open} />
          )}
          {!missing && compared === null && <Composer session={session} view={view} />}
        </section>
        {withPanel && <Panel view={view} figures={open?.figures ?? {}} branches={branches} />}
      </div>
    </CompareContext>
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
