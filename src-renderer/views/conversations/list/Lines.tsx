import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
} from 'react';
import { useApp, useToday } from '../../../state/use.ts';
import { arrowSteps } from '../../../ui/arrow-keys.ts';
import { linesOf, type Row } from './rows.ts';
import { SessionRow } from './SessionRow.tsx';

interface LinesProps {
  rows: readonly Row[];
  current: string | null;
  more: boolean;
  renaming: string | null;
  onRename: (session: string | null) => void;
  onMenu: (row: Row, at: Element) => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onContextMenu: (event: MouseEvent<HTMLElement>) => void;
  /** Below the last line. */
  after: ReactNode;
}

/** Pixels until a line has been measured; lines beyond the edge that are there. */
const HEIGHT = { heading: 36, row: 32 };
const OVERSCAN = 12;
/** Lines from the end at which the next page is asked for. */
const NEAR_END = 30;

/** The lines of the list, of which only what is in sight is there; by keyboard they are one stop of the tab order. */
export function Lines(props: LinesProps) {
  const { rows, current, more, renaming, onRename, onMenu, onContextMenu, after } = props;
  const app = useApp();
  const today = useToday();
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(rows, today), [rows, today]);
  // One row is in the tab order: the one on screen, else the first.
  const reachable = rows.some(({ id }) => id === current) ? current : rows[0]?.id;
  const anchor = lines.findIndex((line) => line.kind === 'row' && line.row.id === reachable);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => HEIGHT[lines[index]?.kind ?? 'row'],
    getItemKey: (index) => keyOf(lines[index]),
    overscan: OVERSCAN,
    // It can be reached by Tab wherever one has scrolled to.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return anchor < 0 || shown.includes(anchor) ? shown : [anchor, ...shown].sort((a, b) => a - b);
    },
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= lines.length - NEAR_END) void app.sessions.loadMore();
  }, [app, more, last, lines.length]);
  /** The focus goes to this line, or to the next row in the direction of the step. */
  const focus = (wanted: number, step: number) => {
    let index = Math.min(lines.length - 1, Math.max(0, wanted));
    while (lines[index]?.kind === 'heading') index += index === 0 ? 1 : Math.sign(step) || 1;
    const line = lines[index];
    if (line?.kind !== 'row') return;
    virtual.scrollToIndex(index);
    // It may have to be made first.
    const seek = (tries: number) => {
      const link = scroller.current?.querySelector<HTMLElement>(`a[data-session="${CSS.escape(line.row.id)}"]`);
      if (link != null) link.focus({ preventScroll: true });
      else if (tries > 0) requestAnimationFrame(() => seek(tries - 1));
    };
    seek(5);
  };
  // The row with the focus may leave the list: then it goes to the one that takes its place.
  const focused = useRef<{ session: string; index: number } | null>(null);
  const indexOf = (session: string) => lines.findIndex((line) => line.kind === 'row' && line.row.id === session);
  const onFocus = ({ target }: FocusEvent<HTMLElement>) => {
    const { session } = target.dataset;
    focused.current = session === undefined ? null : { session, index: indexOf(session) };
  };
  const onBlur = ({ relatedTarget }: FocusEvent<HTMLElement>) => {
    if (relatedTarget !== null) focused.current = null;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another list can lack the row.
  useEffect(() => {
    const { current: held } = focused;
    if (held === null) return;
    const index = indexOf(held.session);
    focused.current = index < 0 ? null : { ...held, index };
    if (index >= 0) return;
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) focus(held.index, -1);
    });
  }, [lines]);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    props.onKeyDown(event);
    const step = arrowSteps[event.key];
    if (event.defaultPrevented || step === undefined || !(event.target instanceof HTMLAnchorElement)) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    focus(indexOf(event.target.dataset.session ?? '') + step, step);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: moves the focus between the links inside.
    <div
      className="sessions-scroll"
      ref={scroller}
      onKeyDown={onKeyDown}
      onContextMenu={onContextMenu}
      onFocus={onFocus}
      onBlur={onBlur}
    >
      <div className="sessions-lines" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ key, index, start }) => {
          const line = lines[index];
          return (
            <div
              key={key}
              className="sessions-line"
              data-index={index}
              ref={virtual.measureElement}
              style={{ transform: `translateY(${start}px)` }}
            >
              {line?.kind === 'heading' && <h3>{line.text}</h3>}
              {line?.kind === 'row' && (
                <SessionRow
                  row={line.row}
                  today={today}
                  current={line.row.id === current}
                  reachable={line.row.id === reachable}
                  renaming={line.row.id === renaming}
                  onRename={onRename}
                  onMenu={onMenu}
                />
              )}
            </div>
          );
        })}
      </div>
      {after}
    </div>
  );
}

const keyOf = (line: ReturnType<typeof linesOf>[number] | undefined): string =>
  line === undefined ? '' : line.kind === 'heading' ? `heading ${line.text}` : line.row.id;
