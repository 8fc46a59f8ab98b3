import { type Kind, kinds } from '../../state/timeline/kinds.ts';
import type { Timeline } from '../../state/timeline/model.ts';

/** What of the events is listed. */
export interface Filter {
  kind: Kind | null;
  /** Failures, retries, interruptions and seams only. */
  troubles: boolean;
}

export const kindNames: Record<Kind, string> = {
  message: 'Messages',
  turn: 'Turns',
  part: 'Parts',
  session: 'Session',
};

/** The rows of a list: how many, and which event each is, the newest first. */
export interface Rows {
  count: number;
  /** The index of the event in a row. */
  event(row: number): number;
  /** The row of an event; the next older one where it is not listed; -1 when there is none. */
  row(event: number): number;
}

export function rowsOf(timeline: Timeline, { kind, troubles }: Filter): Rows {
  const { events, byKind } = timeline;
  if (kind === null && !troubles) {
    const count = events.length;
    return { count, event: (row) => count - 1 - row, row: (event) => count - 1 - event };
  }
  const listed = !troubles
    ? byKind[kind!]
    : kind === null
      ? timeline.troubles
      : common(timeline.troubles, byKind[kind]);
  const count = listed.length;
  return {
    count,
    event: (row) => listed[count - 1 - row]!,
    row: (event) => {
      const before = upTo(listed, event);
      return before < 0 ? -1 : count - 1 - before;
    },
  };
}

/** Kinds of which there is something. */
export const kindsIn = ({ byKind }: Timeline): Kind[] => kinds.filter((kind) => byKind[kind].length > 0);

const common = (some: readonly number[], others: readonly number[]) =>
  some.filter((each) => others[upTo(others, each)] === each);

/** The place of the last that is not behind `value`; -1 when all are. */
function upTo(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
