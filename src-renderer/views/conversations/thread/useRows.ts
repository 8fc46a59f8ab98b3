import { useVirtualizer } from '@tanstack/react-virtual';
import type { RefObject } from 'react';

/** Height of a row that was never painted. The same for all, so that nothing moves when one is loaded out of sight. */
const USUAL = 140;
/** Rows painted above and below what is in sight. */
const BEYOND = 6;
/** Of the first frame, until the place is measured: as many as a screen takes. */
const FIRST = { width: 800, height: 1000 };

export interface PaintedRows {
  first: number;
  /** After the last. */
  end: number;
  /** Height of what is not painted, above and below. */
  above: number;
  below: number;
  measure: (element: HTMLElement | null) => void;
  /** Brings a row to the middle of what is in sight. */
  show(index: number): void;
}

/** Which rows of so many are painted. Rows are known by their place from the beginning, which never changes. */
export function useRows(count: number, scroller: RefObject<HTMLElement | null>): PaintedRows {
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => USUAL,
    overscan: BEYOND,
    initialRect: FIRST,
    initialOffset: () => count * USUAL,
  });
  // What grows in sight, or below it, grows downwards; only what lies wholly above moves what is read.
  virtual.shouldAdjustScrollPositionOnItemSizeChange = (item, _, { scrollOffset }) => item.end <= (scrollOffset ?? 0);
  const items = virtual.getVirtualItems();
  const [head, tail] = [items[0], items.at(-1)];
  return {
    first: head?.index ?? 0,
    end: tail === undefined ? 0 : tail.index + 1,
    above: head?.start ?? 0,
    below: tail === undefined ? 0 : virtual.getTotalSize() - tail.end,
    measure: virtual.measureElement,
    show: (index) => virtual.scrollToIndex(index, { align: 'center' }),
  };
}
