import { useEffect } from 'react';
import { useStore } from 'zustand';
import { timelineHref } from '../../state/route.ts';
import { useApp, useTitle } from '../../state/use.ts';
import { OpenTimeline } from './OpenTimeline.tsx';
import { SessionPicker } from './SessionPicker.tsx';
import './timeline.css';

/** A session as it happened: lanes, events, what was really sent; played again and forked from any moment. */
export function Timeline() {
  const app = useApp();
  const route = useStore(app.route);
  const { session, seq } = route.view === 'timeline' ? route : { session: null, seq: null };
  return session === null ? <Start /> : <OpenTimeline key={session} session={session} seq={seq} />;
}

/** No session is named: the one that was on screen last, or the newest. */
function Start() {
  const app = useApp();
  const last = useStore(app.visited, ({ sessions }) => sessions[0]);
  const newest = useStore(app.sessions.store, ({ rows }) => rows[0]?.id);
  const ready = useStore(app.sessions.store, ({ ready }) => ready);
  const session = last ?? newest;
  useTitle('Timeline');
  useEffect(() => {
    // In the place of this one, so that going back does not lead here again.
    if (session !== undefined) location.replace(timelineHref(session));
  }, [session]);
  if (session !== undefined || !ready) return <div className="timeline" />;
  return (
    <div className="timeline">
      <section className="tl-main" aria-label="Timeline">
        <header className="tl-top">
          <SessionPicker session={null} title="No session yet" speaker={null} />
        </header>
        <div className="tl-teach">
          <h2 className="tl-teach-title">What happened, and when</h2>
          <p className="text-2">
            Every session has a timeline: a lane for each specialist, each answer from the queue to its last token, what
            was really sent, and all events. It can be played again and forked from any moment.
          </p>
          <button type="button" className="button" onClick={() => app.goTo(null)}>
            New conversation
          </button>
        </div>
      </section>
    </div>
  );
}
