import type { EventData } from '#shared/domain/events.ts';
import type { TimelineEvent } from '#shared/domain/timeline.ts';

/** What `slim` leaves of an event's data: lengths instead of texts. */
interface Lengths {
  units?: number;
  words?: string;
  reasoningUnits?: number;
}
type Without<T, K extends string> = Omit<T, K> & Lengths;

interface ToldData {
  'message.added': Without<EventData<'message.added'>, 'text'>;
  'queue.added': Without<EventData<'queue.added'>, 'text'>;
  'queue.edited': Without<EventData<'queue.edited'>, 'text'>;
  'turn.requested': Without<EventData<'turn.requested'>, 'from' | 'system'> & { from?: string };
  'turn.connecting': EventData<'turn.connecting'>;
  'turn.waiting': EventData<'turn.waiting'>;
  'turn.part': Without<EventData<'turn.part'>, 'text' | 'reasoning'>;
  'turn.finished': Without<EventData<'turn.finished'>, 'text' | 'reasoning'>;
  'turn.timed': EventData<'turn.timed'>;
  'turn.sent': EventData<'turn.sent'>;
  'history.summarized': Without<EventData<'history.summarized'>, 'text'>;
  'branch.named': EventData<'branch.named'>;
  'session.created': EventData<'session.created'>;
  'session.renamed': EventData<'session.renamed'>;
  'session.arranged': EventData<'session.arranged'>;
  'node.pinned': EventData<'node.pinned'>;
  'queue.removed': EventData<'queue.removed'>;
  'head.moved': EventData<'head.moved'>;
}

/** An event of the timeline by its type; a type of which nothing is known here is `other`. */
export type Told =
  | { [T in keyof ToldData]: { seq: number; at: number; type: T; data: ToldData[T] } }[keyof ToldData]
  | { seq: number; at: number; type: 'other'; data: Record<string, unknown> };
export type DataOf<T extends keyof ToldData> = ToldData[T];

const known: ReadonlySet<string> = new Set<keyof ToldData>([
  'message.added',
  'queue.added',
  'queue.edited',
  'turn.requested',
  'turn.connecting',
  'turn.waiting',
  'turn.part',
  'turn.finished',
  'turn.timed',
  'turn.sent',
  'history.summarized',
  'branch.named',
  'session.created',
  'session.renamed',
  'session.arranged',
  'node.pinned',
  'queue.removed',
  'head.moved',
]);

/** Reads it by its type: the server has checked it against the same shapes. */
export const told = (event: TimelineEvent): Told =>
  (known.has(event.type) ? event : { seq: event.seq, at: event.at, type: 'other', data: event.data }) as Told;
