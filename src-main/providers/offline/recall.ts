import type { SearchHit } from '../../log/log.ts';
import { pause } from '../pace.ts';
import type { ChatMessage } from '../provider.ts';
import { sentencesOf, shorten } from './sentences.ts';
import { fold, isGreeting, languageOf, stem, subjectOf, wordsOf } from './words.ts';

export type Search = (query: string, options: { limit: number; excludeNodes?: string[] }) => Promise<SearchHit[]>;

/** Begins every answer; by it an answer of this model is known again and not quoted. */
export const RECALL_LINE = 'No language model is at work: this is a search of your own sessions.';

const MOST_QUOTES = 5;
const MOST_HITS = 40;
const MOST_WORDS = 12;
const MOST_SINGLE = 6;
const MOST_LOOKED_AT = 20_000;
const LONGEST_QUOTE = 420;

const ABILITIES = [
  'Ask for something that was said before, such as “What did we decide about the release date?”: I look for the words in your messages and in the answers, in all sessions, and quote the best places with links to them.',
  'For answers that are written for you, connect a model: a local server such as Ollama, or a key, is enough.',
].join('\n\n');

/** Answers the last message with places of the user's own sessions in which the same words stand. */
export async function recall(
  { messages, session }: { messages: readonly ChatMessage[]; session: string },
  search: Search,
  excluded: (text: string) => boolean,
  signal: AbortSignal,
): Promise<string> {
  const question = messages.findLast(({ role }) => role === 'user')?.text ?? '';
  const subject = subjectOf(question).slice(0, MOST_WORDS);
  if (isGreeting(subject)) return `${RECALL_LINE}\n\n${ABILITIES}`;

  const unwanted = new Set([plain(question), plain(messages.at(-1)?.text ?? '')]);
  const wanted = ({ text }: SearchHit) => !excluded(text) && !unwanted.has(plain(text));
  const hits = await find(subject, search, wanted);
  const quotes: Quote[] = [];
  for (const [rank, hit] of hits.entries()) {
    const quote = quoteOf(hit, subject, rank, hit.session === session);
    if (quote !== undefined) quotes.push(quote);
    await pause(signal);
  }
  quotes.sort((a, b) => b.score - a.score);
  const best = distinct(quotes)
    .filter(({ score }) => score > (quotes[0]?.score ?? 0) / 2)
    .slice(0, MOST_QUOTES);
  if (best.length === 0)
    return [RECALL_LINE, `Nothing in your sessions mentions ${listOf(subject, 'or')}.`, ABILITIES].join('\n\n');
  const words = listOf(
    subject.filter((word) => best.some(({ held }) => held.has(word))),
    'and',
  );
  const places = best.length === 1 ? 'One place is' : `${best.length} places are`;
  return [RECALL_LINE, `${places} about ${words}:`, ...best.map(show)].join('\n\n');
}

/** All words first; where that is too little, one by one, the long ones first and in any of their forms. */
async function find(subject: readonly string[], search: Search, wanted: (hit: SearchHit) => boolean) {
  const found = new Map<string, SearchHit>();
  const add = (hits: readonly SearchHit[]) => {
    for (const hit of hits) if (!found.has(hit.node) && wanted(hit)) found.set(hit.node, hit);
  };
  add(await search(subject.join(' '), { limit: MOST_HITS }));
  if (found.size >= MOST_QUOTES) return [...found.values()];
  for (const word of [...subject].sort((a, b) => b.length - a.length).slice(0, MOST_SINGLE))
    add(await search(/^\p{Script=Latin}+$/u.test(word) ? stem(word) : word, { limit: MOST_HITS / 2 }));
  return [...found.values()];
}

interface Quote {
  hit: SearchHit;
  text: string;
  /** The words of the subject that it holds. */
  held: Set<string>;
  score: number;
}

/** The sentences of a hit that say most about the subject; undefined when none does. */
function quoteOf(hit: SearchHit, subject: readonly string[], rank: number, here: boolean): Quote | undefined {
  const text = hit.text.slice(0, MOST_LOOKED_AT);
  const [best, ...others] = [...sentencesOf(text, languageOf(wordsOf(text.slice(0, 2000))))]
    .map((sentence, index) => ({ text: sentence.text, index, held: heldBy(sentence.text, subject) }))
    .filter(({ held }) => held.size > 0)
    .sort((a, b) => b.held.size - a.held.size || a.index - b.index);
  if (best === undefined) return undefined;
  const second = others.find(({ held }) => [...held].some((word) => !best.held.has(word)));
  const chosen = [best, ...(second === undefined ? [] : [second])].sort((a, b) => a.index - b.index);
  const gap = chosen.length === 2 && chosen[1]!.index - chosen[0]!.index > 1 ? ' … ' : ' ';
  const held = new Set([...best.held, ...(second?.held ?? [])]);
  const question = /[?？]\s*$/.test(best.text) ? 0.7 : 1;
  return {
    hit,
    text: shorten(chosen.map((each) => each.text).join(gap), LONGEST_QUOTE),
    held,
    // What was found first counts a little more; what stands above on the same page, a little less.
    score: (held.size / subject.length + 0.3 / (rank + 1)) * question * (here ? 0.8 : 1),
  };
}

/** By stem; in scripts without spaces between words, and for long words, anywhere in the text. */
function heldBy(text: string, subject: readonly string[]): Set<string> {
  const stems = new Set(wordsOf(text).map(stem));
  const folded = fold(text);
  return new Set(
    subject.filter((word) => {
      const key = stem(word);
      return stems.has(key) || ((key.length >= 5 || /[^\p{Script=Latin}]/u.test(key)) && folded.includes(key));
    }),
  );
}

function distinct(quotes: readonly Quote[]): Quote[] {
  const seen = new Set<string>();
  return quotes.filter(({ text }) => {
    const key = plain(text);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function show({ hit, text }: Quote): string {
  const link = `[${escaped(hit.title || 'Untitled')}](#/conversations/${hit.session}/${hit.node})`;
  const by = hit.by === 'you' ? 'you' : escaped(hit.by);
  return `> ${text.replaceAll('<', '\\<')}\n\n— ${by}, ${dateOf(hit.at)}, in ${link}`;
}

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ').trim();

const escaped = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\[\]*_`<>]/g, '\\$&');

function listOf(words: readonly string[], joint: string): string {
  const quoted = words.map((word) => `“${word}”`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} ${joint} ${quoted.at(-1)}`;
}

const dateOf = (at: number): string =>
  new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
