/** How the provider answers, by the model's name: see `provider.ts`. */
export type Behaviour =
  | 'first'
  | 'flood'
  | 'paced'
  | 'endless'
  | 'drip'
  | 'reset'
  | 'markdown'
  | 'stamped'
  | 'essay'
  | 'whole-essay';

export const FLOOD_PIECES = 19_200;
/** UTF-16 units in one piece. */
export const PIECE_UNITS = 5;
export const PACED_PIECES = 200;
/** Tokens of an essay. */
export const ESSAY_PIECES = 2000;

/** What the provider tells of a request, named by the words of the person's message. */
export type Told = { closed: string; at: number } | { reset: string; at: number };

/** The time that the provider wrote into a token, in ms of the machine's monotonic clock. */
export function writtenAt(text: string): number | undefined {
  const from = text.indexOf('@');
  return from < 0 ? undefined : Number(text.slice(from + 1, text.indexOf('@', from + 1))) / 1e6;
}
