import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { follows } from './stick.ts';

export interface Stick {
  scroller: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  following: boolean;
  onScroll(): void;
  toEnd(): void;
  /** The reader is led somewhere else. */
  leave(): void;
}

/** Follows the end of a growing text while the reader is at it. `sent` is the last thing that was sent from here. */
export function useStick(sent: string | undefined): Stick {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const state = useRef({ following: true, top: 0 });
  const [following, setFollowing] = useState(true);

  const set = useCallback((next: { following: boolean; top: number }) => {
    state.current = next;
    setFollowing(next.following);
  }, []);
  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    element.scrollTop = element.scrollHeight;
    set({ following: true, top: element.scrollTop });
  }, [set]);
  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const now = { top: element.scrollTop, height: element.scrollHeight, client: element.clientHeight };
    set({ following: follows(state.current, now), top: now.top });
  }, [set]);
  const leave = useCallback(() => set({ following: false, top: scroller.current?.scrollTop ?? 0 }), [set]);

  // After layout and before paint, whatever made the text or its frame change size.
  useEffect(() => {
    const watch = new ResizeObserver(() => {
      if (state.current.following) toEnd();
    });
    for (const { current } of [scroller, content]) if (current !== null) watch.observe(current);
    return () => watch.disconnect();
  }, [toEnd]);
  useEffect(() => {
    if (sent !== undefined) toEnd();
  }, [sent, toEnd]);

  return { scroller, content, following, onScroll, toEnd, leave };
}
