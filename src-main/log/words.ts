/** Most words and phrases of a query that are looked for. */
const MOST_TERMS = 32;

/** What a query looks for: a word, or several that follow each other; `open`: the last one may be a beginning. */
export interface Term {
  words: string[];
  open: boolean;
}

const SIGN = /[\p{L}\p{N}\p{M}\p{Co}]/u;
/** Scripts that put no spaces between words: each sign is a word, so that a run of them is found as a phrase. */
const spaceless = '[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]';
const PIECES = new RegExp(`(?=[\\p{L}\\p{N}\\p{M}\\p{Co}])(?:${spaceless}|(?:(?!${spaceless})${SIGN.source})+)`, 'gu');
const ASCII = /^[\0-\x7f]*$/;

/** Neither case nor diacritics matter, nor how a sign is encoded, nor how a sharp s is written. */
const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ς', 'σ');

const signs = new Map<number, boolean>();
function isSign(code: number): boolean {
  if (code < 128) return (code > 96 && code < 123) || (code > 64 && code < 91) || (code > 47 && code < 58);
  let known = signs.get(code);
  if (known === undefined) {
    known = SIGN.test(String.fromCodePoint(code));
    signs.set(code, known);
  }
  return known;
}

/** Calls back with each word of a text, folded, and where it stands (UTF-16 units). */
export function eachWord(text: string, call: (word: string, from: number, to: number) => void): void {
  const { length } = text;
  let [from, plain] = [-1, true];
  for (let at = 0; at <= length; ) {
    const code = text.codePointAt(at) ?? 32;
    if (isSign(code)) {
      if (from < 0) [from, plain] = [at, true];
      if (code > 127) plain = false;
    } else if (from >= 0) {
      if (plain) call(text.slice(from, at).toLowerCase(), from, at);
      else foreignWords(text.slice(from, at), from, call);
      from = -1;
    }
    at += code > 0xffff ? 2 : 1;
  }
}

/** What folds to several words, such as ½, stands where the whole does. */
function foreignWords(run: string, start: number, call: (word: string, from: number, to: number) => void): void {
  for (const { 0: piece, index } of run.matchAll(PIECES)) {
    const from = start + index;
    for (const [word] of fold(piece).matchAll(PIECES)) call(word, from, from + piece.length);
  }
}

const lastSign = (text: string) => Array.from(text.slice(-2)).at(-1) ?? '';

export function wordsOf(text: string): string[] {
  const words: string[] = [];
  eachWord(text, (word) => words.push(word));
  return words;
}

/** Text as it goes into the index: words and what parts them. The index itself folds nothing but A to Z. */
export const indexed = (text: string) => (ASCII.test(text) ? text : wordsOf(text).join(' '));

/**
 * What any text looks for as a query. Words in quotes, or joined by signs that are no letters, are a phrase. Of the last
 * word the beginning is enough, unless its quotes are closed, and of each before an asterisk.
 */
export function terms(query: string): Term[] {
  const found: (Term & { done: boolean })[] = [];
  for (const [, quoted, end, quotedStar, plain = ''] of query.matchAll(/"([^"]*)("|$)(\*?)|([^\s"]+)/gu)) {
    const words = wordsOf(quoted ?? plain);
    if (words.length === 0) continue;
    // Whoever wrote a comma, or closed the quotes, is done with the word.
    const done = end === '"' || !SIGN.test(lastSign(quoted ?? plain));
    found.push({ words, open: quotedStar === '*' || plain.endsWith('*'), done });
  }
  const last = found.at(-1);
  if (last !== undefined && !last.done) last.open = true;
  // A word of one sign is all there is of it.
  const whole = new RegExp(`^${spaceless}`, 'u');
  return found.slice(0, MOST_TERMS).map(({ words, open }) => ({ words, open: open && !whole.test(words.at(-1)!) }));
}

/** The first of the words of a text at which one stands; -1 when none does. */
export function placeOf({ words, open }: Term, text: readonly string[], start = 0): number {
  const [first, last] = [words[0]!, words.length - 1];
  for (let at = start; at < text.length - last; at++) {
    if (last === 0 && open ? !text[at]!.startsWith(first) : text[at] !== first) continue;
    const fits = words.every((word, index) => {
      const there = text[at + index]!;
      return open && index === last ? there.startsWith(word) : there === word;
    });
    if (fits) return at;
  }
  return -1;
}

/** One of them, for FTS5. */
export const phrase = ({ words, open }: Term) => `text : "${words.join(' ')}"${open ? ' *' : ''}`;
