import type { Told } from './told.ts';

/** What events are about. */
export const kinds = ['message', 'turn', 'part', 'session'] as const;
export type Kind = (typeof kinds)[number];

export function kindOf(type: string): Kind {
  if (type === 'turn.part') return 'part';
  if (type.startsWith('turn.') || type === 'system.told') return 'turn';
  return type === 'message.added' || type.startsWith('queue.') ? 'message' : 'session';
}

const acts = new Set([
  'queue.added',
  'queue.edited',
  'queue.removed',
  'head.moved',
  'node.pinned',
  'window.set',
  'branch.named',
  'session.arranged',
  'session.renamed',
]);

/** A person did it, and it is no message. */
export const isAct = (type: string): boolean => acts.has(type);

/** A failure, a retry, an interruption or a seam. */
export function isTrouble(event: Told): boolean {
  if (event.type === 'turn.waiting') return true;
  if (event.type === 'turn.requested') return event.data.from !== undefined;
  return event.type === 'turn.finished' && (event.data.state === 'failed' || event.data.state === 'interrupted');
}

/** A turn that ran when the app ended is marked at the next start, maybe days later. */
export const isRecovery = (event: Told): boolean =>
  event.type === 'turn.finished' && event.data.state === 'interrupted' && event.data.timing === null;
