/** How the conversation is scrolled. */
export interface Scroll {
  top: number;
  height: number;
  /** The height that is visible. */
  client: number;
}

/** Nearer than this to the end counts as at the end. */
const NEAR = 24;

export const atEnd = ({ top, height, client }: Scroll): boolean => height - client - top <= NEAR;

/**
 * Whether the end is to be followed after the scroll position changed. Moved up by ever so little: no, somebody reads
 * there (unless the text became shorter and this is its end). At the end: yes. Otherwise the text has only grown.
 */
export function follows(before: { following: boolean; top: number }, now: Scroll): boolean {
  if (now.top < before.top) return now.height - now.client - now.top <= 1;
  return atEnd(now) || before.following;
}
