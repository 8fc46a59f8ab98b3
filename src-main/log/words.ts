/** Most words of a query that are looked for. */
const MOST_WORDS = 32;

/**
 * Text as it goes into the index and into queries. The index folds case and diacritics by itself; scripts that put no
 * spaces between words are indexed by the character, so that a run of them is found as a phrase.
 */
export const indexed = (text: string) =>
  text.replace(/[ßẞ]/g, 'ss').replace(/[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}]/gu, ' $& ');

/**
 * A query for FTS5 that any text may become: its words, of which the last one may be unfinished, as may each that ends
 * with `*`. Null when there is no word in it.
 */
export function match(query: string, all: boolean): string | null {
  const words = query
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MOST_WORDS);
  const phrases = words.map((word, index) => {
    const open = index === words.length - 1 || word.endsWith('*');
    return `"${indexed(word).replace(/[\0"]/g, ' ')}"${open ? '*' : ''}`;
  });
  return phrases.length === 0 ? null : phrases.join(all ? ' AND ' : ' OR ');
}
