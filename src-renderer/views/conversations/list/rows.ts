import type { SessionSummary } from '#shared/domain/summary.ts';
import type { Outgoing } from '../../../state/outbox.ts';

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
      kept: state === 'refused' ? 'refused' : 'kept',
    }));
