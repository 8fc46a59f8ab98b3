import { useEffect, useRef, useState } from 'react';
import type { Node } from '#shared/domain/session.ts';
import type { OpenSession } from '../../../state/open.ts';
import { useApp, useToday } from '../../../state/use.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { Message, OutgoingMessage } from './Message.tsx';
import type { Shown } from './shown.ts';
import { Turn } from './Turn.tsx';
import { useStick } from './useStick.ts';
import { useTarget } from './useTarget.tsx';
import './thread.css';

interface ThreadProps {
  session: string;
  items: readonly Shown[];
  open: OpenSession | undefined;
}

/** Messages painted at first, and with each step upwards. */
const STEP = 40;

/** Other tries and wordings take the same place, and what has the focus there keeps it. */
const stepOf = ({ kind, parent }: Node) => `${kind} ${parent ?? ''}`;

/** The branch on screen. It keeps to its end while the reader is there, and keeps still while the reader is not. */
export function Thread({ session, items, open }: ThreadProps) {
  const app = useApp();
  const today = useToday();
  const [painted, setPainted] = useState(STEP);
  const stick = useStick(items.findLast((item) => item.kind === 'outgoing')?.id);
  const target = useTarget(session, items, open, setPainted, stick.leave);
  const visible = items.slice(-painted);
  const hidden = items.length - visible.length;
  const earlier = () => {
    stick.stayHere();
    setPainted((count) => Math.min(count, items.length) + STEP);
    if (hidden < STEP && open?.more) void app.open.loadOlder(session);
  };
  const latest = () => {
    setPainted(STEP);
    stick.toEnd();
  };
  return (
    <div className="thread-frame">
      <div
        className="thread"
        data-following={stick.following}
        ref={stick.scroller}
        onScroll={stick.onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls and has to be reached by keyboard.
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Messages"
      >
        <div className="measure" ref={stick.content}>
          {(hidden > 0 || open?.more) && (
            <Earlier loading={open?.loadingOlder ?? false} hidden={hidden} onEarlier={earlier} />
          )}
          {target.note}
          {visible.map((item) =>
            item.kind === 'outgoing' ? (
              <OutgoingMessage key={item.id} message={item.message} />
            ) : item.node.kind === 'message' ? (
              <Message
                key={stepOf(item.node)}
                session={session}
                node={item.node}
                place={item.place}
                marked={target.marked === item.id}
                today={today}
              />
            ) : (
              <Turn
                key={stepOf(item.node)}
                session={session}
                node={item.node}
                place={item.place}
                figures={open?.figures[item.id]}
                marked={target.marked === item.id}
              />
            ),
          )}
        </div>
      </div>
      {!stick.following && (
        <button type="button" className="button latest" onClick={latest}>
          <Sign name="latest" dense />
          Jump to latest
        </button>
      )}
    </div>
  );
}

/** The way up. What is in memory is painted when the reader comes near; what is not is loaded on purpose. */
function Earlier({ loading, hidden, onEarlier }: { loading: boolean; hidden: number; onEarlier: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const reach = useRef(onEarlier);
  reach.current = onEarlier;
  useEffect(() => {
    if (hidden === 0 || ref.current === null) return;
    const watch = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && reach.current(), {
      rootMargin: '800px 0px 0px',
      root: ref.current.closest('.thread'),
    });
    watch.observe(ref.current);
    return () => watch.disconnect();
  }, [hidden]);
  return (
    <div ref={ref} className="earlier">
      <button type="button" className="button small" disabled={loading} onClick={onEarlier}>
        {loading ? 'Loading earlier messages' : 'Load earlier messages'}
      </button>
    </div>
  );
}
