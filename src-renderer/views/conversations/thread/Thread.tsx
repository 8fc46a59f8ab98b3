import { useEffect } from 'react';
import type { Node } from '#shared/domain/session.ts';
import type { OpenSession } from '../../../state/open.ts';
import { useApp, useToday } from '../../../state/use.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { Message, OutgoingMessage } from './Message.tsx';
import type { Rows, Shown } from './shown.ts';
import { Turn } from './Turn.tsx';
import { useRows } from './useRows.ts';
import { useStick } from './useStick.ts';
import { useTarget } from './useTarget.tsx';
import './thread.css';

interface ThreadProps {
  session: string;
  rows: Rows;
  open: OpenSession | undefined;
}

/** Rows beyond those that are painted that are fetched ahead. */
const AHEAD = 30;

/** Other tries and wordings take the same place, and what has the focus there keeps it. */
const stepOf = ({ kind, parent }: Node) => `${kind} ${parent ?? ''}`;
const keyOf = (row: Shown, index: number) =>
  row.kind === 'node' ? stepOf(row.node) : row.kind === 'outgoing' ? row.id : `gap ${index}`;

/**
 * The branch on screen, of which only what is in sight is painted and only what is near is here. It keeps to its end while
 * the reader is there, and keeps still while the reader is not.
 */
export function Thread({ session, rows, open }: ThreadProps) {
  const app = useApp();
  const today = useToday();
  const newest = rows.count === 0 ? undefined : rows.at(rows.count - 1);
  const stick = useStick(newest?.kind === 'outgoing' ? newest.id : undefined);
  const painted = useRows(rows.count, stick.scroller);
  const target = useTarget(session, rows, open, painted.show, stick.leave);
  const { first, end } = painted;
  // At the end nothing has to be looked for: it is what a follow tells.
  const [from, to] = [Math.max(0, first - AHEAD), Math.min(rows.count, end + AHEAD)];
  const head = open?.spine.head;
  useEffect(() => {
    if (open?.ready === true && head != null) app.open.look(session, { from, to });
  }, [app, session, open?.ready, head, from, to]);
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
          <div style={{ height: painted.above }} />
          {Array.from({ length: end - first }, (_, offset) => {
            const index = first + offset;
            const row = rows.at(index);
            return (
              <div key={keyOf(row, index)} className="thread-row" data-index={index} ref={painted.measure}>
                <Row session={session} row={row} open={open} today={today} marked={target.marked} />
              </div>
            );
          })}
          <div style={{ height: painted.below }} />
        </div>
      </div>
      {target.note}
      {!stick.following && (
        <button type="button" className="button latest" onClick={stick.toEnd}>
          <Sign name="latest" dense />
          Jump to latest
        </button>
      )}
    </div>
  );
}

/** Where the history window was told to begin. */
const Forgotten = () => <p className="forgotten small text-3">Not sent along before this</p>;

interface RowProps extends Omit<ThreadProps, 'rows'> {
  row: Shown;
  today: number;
  marked: string | null;
}

function Row({ session, row, open, today, marked }: RowProps) {
  if (row.kind === 'gap') return <p className="thread-gap small">Loading</p>;
  if (row.kind === 'outgoing') return <OutgoingMessage message={row.message} />;
  const { node, place, id } = row;
  const pinned = open?.view.pinned.includes(id) === true;
  const forgotten = open?.view.window.since === id;
  if (node.kind === 'message')
    return (
      <>
        {forgotten && <Forgotten />}
        <Message session={session} node={node} place={place} marked={marked === id} pinned={pinned} today={today} />
      </>
    );
  const figures = open?.figures[id];
  return (
    <>
      <Turn session={session} node={node} place={place} figures={figures} marked={marked === id} pinned={pinned} />
      {forgotten && <Forgotten />}
    </>
  );
}
