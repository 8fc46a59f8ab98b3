export interface Found {
  /** Where the letters stand, as indices into the text. */
  at: readonly number[];
  /** How well: 0 at the beginning of a word, 1 inside a word, 2 apart from each other. */
  rank: 0 | 1 | 2;
}

const everything: Found = { at: [], rank: 0 };

/** Looks for letters in their order, best those that stand together; spaces in the query count only if they do. */
export function findLetters(text: string, query: string): Found | undefined {
  const wanted = fold(query.trim());
  if (wanted === '') return everything;
  const folded = fold(text);
  const inside = folded.indexOf(wanted);
  if (inside < 0) return apart(folded, wanted.replace(/\s/g, ''));
  let start = inside;
  while (start >= 0 && !beginsWord(folded, start)) start = folded.indexOf(wanted, start + 1);
  const first = start < 0 ? inside : start;
  return { at: Array.from({ length: wanted.length }, (_, index) => first + index), rank: start < 0 ? 1 : 0 };
}

/**
 * How well an entry of a list fits, from 1 down to 0 for not at all. Its first keyword is its name, which may have the
 * letters apart; the others are about it, and have them together.
 */
export function byLetters(_: string, query: string, [name = '', ...about]: string[] = []): number {
  const named = findLetters(name, query);
  const told = about.some((each) => (findLetters(each, query)?.rank ?? 2) < 2);
  if (named?.rank === 0) return 1;
  if (named?.rank === 1) return 0.8;
  return told ? 0.6 : named === undefined ? 0 : 0.4;
}

function apart(text: string, wanted: string): Found | undefined {
  const at: number[] = [];
  for (const letter of wanted) {
    const next = text.indexOf(letter, (at.at(-1) ?? -1) + 1);
    if (next < 0) return undefined;
    at.push(next);
  }
  return { at, rank: 2 };
}

const beginsWord = (text: string, at: number) => at === 0 || /[\s\p{P}]/u.test(text.charAt(at - 1));

/** Small letters, one for each, so that places stay the same. */
const fold = (text: string) => text.replace(/./gs, (unit) => unit.toLowerCase().charAt(0));
