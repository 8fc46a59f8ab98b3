import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { FollowedTimeline } from '../../state/timeline/follow.ts';
import { useAfter, useApp, useConnected, useMedia, useTitle } from '../../state/use.ts';
import { count } from '../../ui/format.ts';
import { Sign } from '../../ui/Sign.tsx';
import { Events } from './Events.tsx';
import { Head } from './Head.tsx';
import { Inspector } from './Inspector.tsx';
import { Lanes } from './Lanes.tsx';
import { Replay } from './Replay.tsx';
import type { Stage } from './stage.ts';
import { useKeys } from './useKeys.ts';
import { useStage, useTimeline } from './useTimeline.ts';

/** The timeline of one session. */
export function OpenTimeline({ session, seq }: { session: string; seq: number | null }) {
  const app = useApp();
  const followed = useTimeline(session);
  const stage = useStage(session, followed);
  const listed = useStore(app.sessions.store, ({ rows }) => rows.find(({ id }) => id === session)?.title);
  const missing = followed?.problem?.code === 'NOT_FOUND';
  const shown = followed?.ready === true && !missing && !isEmpty(followed);
  const title = listed ?? (followed?.title || (missing ? 'Not found' : 'Timeline'));
  useTitle(`Timeline: ${title}`);
  return (
    <div className="timeline">
      <section className="tl-main" aria-label="Timeline">
        <Head session={session} title={title} followed={followed} stage={shown ? stage : undefined} />
        {missing ? (
          <NotFound />
        ) : followed?.problem != null && !followed.ready ? (
          <Refused session={session} followed={followed} />
        ) : followed === undefined || stage === undefined || !followed.ready ? (
          <Loading followed={followed} />
        ) : (
          <Ready session={session} seq={seq} followed={followed} stage={stage} />
        )}
      </section>
      {shown && stage !== undefined && <Beside session={session} followed={followed} stage={stage} />}
    </div>
  );
}

/** Nobody has said anything, and nobody was asked. */
const isEmpty = ({ timeline: { bars, lanes } }: FollowedTimeline): boolean =>
  bars.length === 0 && lanes[0]!.items.length === 0;

interface ReadyProps {
  session: string;
  followed: FollowedTimeline;
  stage: Stage;
}

function Ready({ session, seq, followed, stage }: ReadyProps & { seq: number | null }) {
  useKeys(stage);
  useEffect(() => {
    if (seq !== null) stage.select({ kind: 'event', seq });
  }, [stage, seq]);
  const app = useApp();
  if (isEmpty(followed))
    return (
      <div className="tl-teach">
        <h2 className="tl-teach-title">Nothing has happened in this session yet</h2>
        <p className="text-2">
          With the first message a lane begins here for each specialist that answers: how long it waited, when its first
          token came, how fast it streamed.
        </p>
        <button type="button" className="button" onClick={() => app.goTo(session)}>
          Write a message
        </button>
      </div>
    );
  return (
    <>
      {followed.problem !== null && <Refused session={session} followed={followed} />}
      <Lanes stage={stage} version={followed.version} />
      <Events session={session} stage={stage} version={followed.version} />
      <Replay session={session} stage={stage} version={followed.version} />
    </>
  );
}

/** At the right; where the window is narrow, over the rest once something is selected. */
function Beside({ session, followed, stage }: ReadyProps) {
  const wide = useMedia('(min-width: 1001px)');
  const selected = useStore(stage.store, (state) => state.selected);
  if (!wide && selected === null) return null;
  return <Inspector session={session} stage={stage} version={followed.version} floats={!wide} />;
}

function Loading({ followed }: { followed: FollowedTimeline | undefined }) {
  const late = useAfter(300);
  const connected = useConnected();
  if (!late) return null;
  const total = followed?.total ?? null;
  const done = followed?.timeline.events.length ?? 0;
  if (!connected && done === 0)
    return (
      <p className="tl-note text-2" role="status">
        No connection. The timeline comes when there is one again.
      </p>
    );
  return (
    <div className="tl-note" role="status">
      <span>Loading events</span>
      {total !== null && total > 0 && (
        <>
          <progress className="tl-progress" max={total} value={Math.min(done, total)} aria-label="Events loaded" />
          <span className="text-3">
            {count(Math.min(done, total))} of {count(total)} events
          </span>
        </>
      )}
    </div>
  );
}

function NotFound() {
  const app = useApp();
  return (
    <div className="tl-block error-block" role="alert">
      <Sign name="warn" />
      <div className="grow">
        <b>There is no session at this address.</b>
        <p className="text-2">It may have been deleted. Choose another one above, or begin one.</p>
        <div className="row error-actions">
          <button type="button" className="button small" onClick={() => app.goTo(null)}>
            New conversation
          </button>
        </div>
      </div>
    </div>
  );
}

function Refused({ session, followed }: { session: string; followed: FollowedTimeline }) {
  const app = useApp();
  return (
    <div className="tl-block error-block" role="alert">
      <Sign name="warn" />
      <div className="grow">
        <b>{followed.problem?.message}</b>
        {followed.problem?.next !== undefined && <p className="text-2">{followed.problem.next}</p>}
        <div className="row error-actions">
          <button type="button" className="button small" onClick={() => app.timelines.again(session)}>
            Load again
          </button>
        </div>
      </div>
    </div>
  );
}
