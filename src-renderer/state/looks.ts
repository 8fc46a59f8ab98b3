import type { Roster, SessionSummary } from '#shared/domain/summary.ts';
import { type Look, looks, type Speaker, type Target } from '#shared/domain/things.ts';

/**
 * How somebody looks: as the roster says today, else as it was then, else (events from before looks were kept) by the
 * name of a shipped one. Undefined: a plain model, or somebody of whom nothing is known.
 */
export function lookOf(
  roster: Roster | null,
  { specialist, look }: Pick<Speaker, 'specialist' | 'look'>,
): Look | undefined {
  if (specialist === undefined) return undefined;
  const today = roster?.specialists.find(({ id }) => id === specialist)?.look;
  return today ?? look ?? shippedLook(specialist);
}

/** Whom a message is for. */
export const targetLook = (roster: Roster | null, to: Target | null): Look | undefined =>
  to !== null && 'specialist' in to ? lookOf(roster, to) : undefined;

/** Who answered last in a session, else whom it is for. */
export const sessionLook = (roster: Roster | null, { last, to }: Pick<SessionSummary, 'last' | 'to'>) =>
  last === null ? targetLook(roster, to) : lookOf(roster, last.speaker);

function shippedLook(id: string): Look | undefined {
  const name = looks.find((each) => each === id);
  return name && { colour: name, glyph: name };
}
