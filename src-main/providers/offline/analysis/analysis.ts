import type { Request } from '../request.ts';
import { sentencesOf, shorten } from '../sentences.ts';
import { isContent, languageOf, stem, wordsOf } from '../words.ts';
import { ANALYSIS_LINE } from '../work-models.ts';
import { type English, readEnglish } from './english.ts';
import { type Language, languageIn } from './language.ts';

export const ANALYSIS_HELP = [
  'Paste a text of a few sentences: it is looked at for language, readability, sentiment, key phrases and entities (names, dates, amounts, addresses).',
  'Write *language*, *readability*, *sentiment*, *key phrases* or *entities* above it for one of these alone, or *Analyse this conversation*.',
].join('\n\n');

const aspects = ['language', 'readability', 'sentiment', 'phrases', 'entities'] as const;
type Aspect = (typeof aspects)[number];

const wishes: Record<Aspect, RegExp> = {
  language: /\blanguage\b|\bsprache\b|\blangue\b|\bidioma\b/i,
  readability: /\breadab|\breading (?:ease|level)|\blesbar/i,
  sentiment: /\bsentiment|\bmood\b|\btone\b|\bstimmung\b/i,
  phrases: /\bkey ?(?:phrases?|words?|terms?)|\btopics?\b|\bstichw[oö]rt/i,
  entities: /\bentit|\bnames\b|\bdates\b|\bamounts\b/i,
};
const whole = /\banaly[sz]|\bexamine\b|\bmeasure\b/i;

/** More of a text is not looked at: it takes a second for each 300,000 characters. */
const MOST_CHARACTERS = 300_000;
const FEWEST_WORDS = 8;
const MOST_PHRASES = 10;
const MOST_ENTITIES = 12;
const LONGEST_QUOTE = 200;
const WORDS_PER_MINUTE = 230;

/** Measures the text of the message, or the conversation before it. Null: there is no text of any length. */
export function analysis({ text, earlier }: Request): string | null {
  const { asked, body } = split(text);
  const own = wordsOf(body).length >= FEWEST_WORDS;
  const subject = own ? body : asked === undefined ? '' : earlier.join('\n\n');
  if (wordsOf(subject.slice(0, 2000)).length < FEWEST_WORDS)
    return asked === undefined ? null : `${ANALYSIS_LINE}\n\nThere is too little text to measure.\n\n${ANALYSIS_HELP}`;
  const wanted = aspects.filter((aspect) => wishes[aspect].test(asked ?? ''));
  const shown = wanted.length > 0 ? wanted : aspects;
  return [ANALYSIS_LINE, ...measured(subject.slice(0, MOST_CHARACTERS), shown), ...cut(subject)].join('\n\n');
}

/** A short first or last line that names what is wanted is no part of the text. */
function split(text: string): { asked: string | undefined; body: string } {
  const lines = text.trim().split(/\r?\n/);
  const isWish = (line: string) =>
    line.length <= 160 && (whole.test(line) || aspects.some((each) => wishes[each].test(line)));
  const [first = '', ...rest] = lines;
  const colon = first.indexOf(':');
  if (colon > 0 && colon <= 80 && isWish(first.slice(0, colon)))
    return { asked: first.slice(0, colon), body: [first.slice(colon + 1), ...rest].join('\n').trim() };
  if (isWish(first)) return { asked: first, body: rest.join('\n') };
  const last = lines.at(-1) ?? '';
  if (lines.length > 1 && isWish(last)) return { asked: last, body: lines.slice(0, -1).join('\n') };
  return { asked: undefined, body: text };
}

function measured(text: string, shown: readonly Aspect[]): string[] {
  const language = languageIn(text);
  const english = language.english ? readEnglish(text) : undefined;
  const words = wordsOf(text);
  const sentences = [...sentencesOf(text, 'en')].length;
  const sections: Record<Aspect, () => string> = {
    language: () => `**Language:** ${languageShown(language)}`,
    readability: () => readability(text, words, sentences, english),
    sentiment: () => sentiment(english),
    phrases: () => list('Key phrases', english?.phrases ?? frequent(words), MOST_PHRASES),
    entities: () => entities(english?.entities ?? patterns(text)),
  };
  const minutes = Math.max(1, Math.round(words.length / WORDS_PER_MINUTE));
  const size = `**Length:** ${words.length} words, ${Math.max(1, sentences)} sentences, ${text.length} characters; about ${minutes} min to read`;
  return [...(shown.length > 1 ? [size] : []), ...shown.map((aspect) => sections[aspect]())];
}

const languageShown = ({ name, or }: Language): string =>
  name === null ? 'cannot be told from so little text' : or === null ? name : `${name}, or ${or}`;

/** Flesch for English; for others LIX, which counts long words and long sentences. */
function readability(text: string, words: readonly string[], sentences: number, english: English | undefined): string {
  if (english !== undefined) {
    const { ease } = english;
    const word = ease >= 80 ? 'easy' : ease >= 60 ? 'plain' : ease >= 40 ? 'demanding' : 'hard';
    return `**Readability:** ${word}, Flesch reading ease ${Math.round(ease)} (0 hard to 100 easy)`;
  }
  if (!/\p{Script=Latin}|\p{Script=Cyrillic}|\p{Script=Greek}/u.test(text))
    return '**Readability:** is measured for alphabets only';
  const long = words.filter((word) => word.length > 6).length;
  const lix = Math.round(words.length / Math.max(1, sentences) + (100 * long) / Math.max(1, words.length));
  const word = lix < 30 ? 'easy' : lix < 40 ? 'plain' : lix < 50 ? 'demanding' : 'hard';
  return `**Readability:** ${word}, LIX ${lix} (20 easy to 60 hard)`;
}

function sentiment(english: English | undefined): string {
  if (english === undefined) return '**Sentiment:** is measured for English only';
  const { sentiment: value, highest, lowest } = english;
  const word =
    value > 0.15
      ? 'positive'
      : value < -0.15
        ? 'negative'
        : highest !== undefined && lowest !== undefined
          ? 'mixed'
          : 'neutral';
  const quote = (label: string, text: string | undefined) =>
    text === undefined ? [] : [`- ${label}: “${shownText(text)}”`];
  const head = `**Sentiment:** ${word}, ${value.toFixed(2)} (-1 to 1), by the words that stand there; irony is not seen`;
  return [head, ...quote('most positive', highest), ...quote('most negative', lowest)].join('\n');
}

/** What comes most often, for languages without a model of their own. */
function frequent(words: readonly string[]): string[] {
  const language = languageOf(words.slice(0, 1000));
  const counts = new Map<string, { word: string; count: number }>();
  for (const word of words) {
    if (!isContent(word, language) || /\d/.test(word)) continue;
    const known = counts.get(stem(word));
    if (known === undefined) counts.set(stem(word), { word, count: 1 });
    else known.count++;
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).map(({ word }) => word);
}

/** What can be known by its form in any language. */
function patterns(text: string): Map<string, string[]> {
  const forms: [string, RegExp][] = [
    ['Dates', /\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})\b/g],
    ['Amounts', /(?:[€$£¥]\s?\d[\d.,']*|\d[\d.,']*\s?(?:[€$£¥]|EUR|USD|CHF|GBP)\b)/g],
    ['Percentages', /\d+(?:[.,]\d+)?\s?%/g],
    ['E-mail addresses', /[\w.+-]+@[\w-]+\.[\w.-]+\b/g],
    ['Web addresses', /https?:\/\/[^\s<>)\]]+/g],
  ];
  const found = forms.map(([kind, form]): [string, string[]] => [kind, [...new Set(text.match(form) ?? [])]]);
  return new Map(found.filter(([, all]) => all.length > 0));
}

function entities(found: Map<string, string[]>): string {
  if (found.size === 0) return '**Entities:** none found';
  return ['**Entities:**', ...[...found].map(([kind, all]) => `- ${kind}: ${some(all, MOST_ENTITIES)}`)].join('\n');
}

const list = (title: string, all: readonly string[], most: number): string =>
  `**${title}:** ${all.length === 0 ? 'none found' : some(all, most, false)}`;

function some(all: readonly string[], most: number, count = true): string {
  const more = all.length > most && count ? ` and ${all.length - most} more` : '';
  return `${all.slice(0, most).map(shownText).join(', ')}${more}`;
}

const shownText = (text: string): string =>
  shorten(text.replace(/\s+/g, ' ').trim(), LONGEST_QUOTE).replace(/[<*_`[\]\\]/g, '\\$&');

const cut = (text: string): string[] =>
  text.length > MOST_CHARACTERS ? [`Only the first ${MOST_CHARACTERS} characters were looked at.`] : [];
