import type { SessionSummary } from '#shared/domain/summary.ts';
import { usualArrangement } from '#shared/domain/things.ts';
import type { Outgoing } from '../../../state/outbox.ts';
import { groupOf } from '../../../ui/time.ts';

export interface Row extends SessionSummary {
  /** The server does not know it: its first message is still here. */
  kept?: 'kept' | 'refused';
}

const TITLE_UNITS = 60;

/** Conversations that have begun here and nowhere else. */
export const keptRows = (outbox: readonly Outgoing[], known: readonly SessionSummary[]): Row[] =>
  outbox
    .filter(({ begins, session }) => begins && !known.some(({ id }) => id === session))
    .map(({ session, text, at, to, state }) => ({
      id: session,
      title: text.trim().split('\n', 1)[0]?.slice(0, TITLE_UNITS) ?? '',
      createdAt: at,
      updatedAt: at,
      messages: 1,
      to,
      last: null,
      arrangement: usualArrangement,
      trashedAt: null,
      units: text.length,
      forked: null,
      kept: state === 'refused' ? 'refused' : 'kept',
    }));

/** A line of the list. */
export type Line = { kind: 'heading'; text: string } | { kind: 'row'; row: Row };

/** In their sections: what is pinned first, then by the day; empty sections are left out and the rows' order stays. */
export function linesOf(rows: readonly Row[], now: number): Line[] {
  const lines: Line[] = [];
  let section: string | undefined;
  const add = (text: string, row: Row) => {
    if (text !== section) lines.push({ kind: 'heading', text });
    section = text;
    lines.push({ kind: 'row', row });
  };
  for (const row of rows) if (row.arrangement.pinned) add('Pinned', row);
  for (const row of rows) if (!row.arrangement.pinned) add(groupOf(row.updatedAt, now), row);
  return lines;
}
