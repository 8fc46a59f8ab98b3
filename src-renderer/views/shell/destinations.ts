import type { SpecialistInfo } from '#shared/domain/summary.ts';
import { findLetters } from '../../ui/letters.ts';

interface Titled {
  id: string;
  title: string;
}

interface Wanted<Row> {
  /** Newest first. */
  rows: readonly Row[];
  specialists: readonly SpecialistInfo[];
  /** As this window showed them, the newest first. */
  visited: readonly string[];
  /** On screen now. */
  current: string | null;
  query: string;
}

export interface Destinations<Row> {
  sessions: Row[];
  specialists: SpecialistInfo[];
  /** The best of them is a specialist. */
  specialistsFirst: boolean;
}

export const askLabel = ({ name }: SpecialistInfo): string => `Ask ${name}`;

/**
 * Where one can go: the session that was on screen before comes first, so that one goes back and forth by Enter; the one
 * on screen comes last. What is typed leaves those that have its letters in their order, the best match first.
 */
export function destinations<Row extends Titled>(wanted: Wanted<Row>): Destinations<Row> {
  const { rows, visited, current, query } = wanted;
  const places = new Map(visited.map((id, index) => [id, index]));
  const placeOf = ({ id }: Row) => (id === current ? Number.MAX_VALUE : (places.get(id) ?? visited.length));
  const sessions = best(
    [...rows].sort((a, b) => placeOf(a) - placeOf(b)),
    ({ title }) => title,
    query,
  );
  const specialists = best(wanted.specialists, askLabel, query);
  return {
    sessions: sessions.map(({ each }) => each),
    specialists: specialists.map(({ each }) => each),
    specialistsFirst: (specialists[0]?.rank ?? 3) < (sessions[0]?.rank ?? 3),
  };
}

/** Those that have the letters, by how well they have them; else as they stand. */
function best<Each>(all: readonly Each[], textOf: (each: Each) => string, query: string) {
  return all
    .flatMap((each) => {
      const found = findLetters(textOf(each), query);
      return found === undefined ? [] : [{ each, rank: found.rank }];
    })
    .sort((a, b) => a.rank - b.rank);
}
