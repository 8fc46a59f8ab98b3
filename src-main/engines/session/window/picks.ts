import type { Node } from '#shared/domain/session.ts';
import { sentencesOf, shorten } from '../../../providers/offline/sentences.ts';
import { languageOf, wordsOf } from '../../../providers/offline/words.ts';
import { isSaid } from '../prompt.ts';

/** Of one message no more is looked at, in UTF-16 units: it stays a matter of microseconds. */
const MOST_UNITS = 2000;
const LONGEST_SENTENCE = 280;
const LONGEST_NAME = 40;
/** Of a summary in prose no more than this part of the room is kept, so that there is some for what came since. */
const PROSE = 0.6;

/** What was decided, promised or asked to be kept in mind. */
const decides =
  /\b(?:agree[ds]?|decid\w+|decision|deadline|must|never|always|remember|prefer\w*|promis\w+|will use|let'?s|call(?:ed)? (?:it|me|him|her)|my name|due|budget|cost[s]?|entschieden|entscheidung|beschlossen|vereinbart|muss|müssen|immer|niemals|merk\w*|frist|heiße|décid\w+|convenu|doit|toujours|jamais|souviens|délai|m'appelle|decid\w+|acord\w+|debe|siempre|nunca|recuerda|plazo|me llamo)\b/iu;
const figure = /\d/;
/** Capital letters within a sentence: a name, in most languages that have them. */
const name = /(?<=\S\s+)\p{Lu}[\p{L}\p{N}'’-]+/gu;

interface Line {
  text: string;
  weight: number;
}

/**
 * A history in short without a language model: its most telling sentences, as they stand there, with who said them. What
 * was said first stays, then names, figures and decisions count. It goes on from `before`, an older summary; `units` is
 * the longest it may be. Pure, and quick: for a page of nodes some ms.
 */
export function pick(before: string | null, nodes: readonly Node[], units: number): string {
  const lines: Line[] = before === null ? [] : linesOf(before, units);
  const first = lines.length === 0;
  for (const node of nodes) lines.push(...tellingOf(node, first && node === nodes[0]));
  return within(lines, units);
}

/** Lines of our own are weighed again; what a model wrote stays in one piece. */
function linesOf(before: string, units: number): Line[] {
  if (!before.startsWith('- ')) return [{ text: shorten(before, Math.floor(units * PROSE)), weight: Infinity }];
  return before
    .split('\n')
    .map((text, index) => ({ text, weight: index === 0 ? Infinity : weightOf(text.replace(/^- [^:]*: /, ''), false) }));
}

function tellingOf(node: Node, first: boolean): Line[] {
  if (!isSaid(node)) return [];
  const person = node.kind === 'message';
  const by = person ? 'You' : shorten(node.speaker.name, LONGEST_NAME).replaceAll(':', '');
  const text = node.text.slice(0, MOST_UNITS);
  const sentences = [...sentencesOf(text, languageOf(wordsOf(text.slice(0, 400))))];
  // A text that is nothing but code or a table has no sentences; its beginning has to do.
  if (sentences.length === 0) sentences.push({ text: text.replace(/\s+/g, ' ').trim(), opens: true, heading: false });
  return sentences.map((sentence, index) => ({
    text: `- ${by}: ${shorten(sentence.text, LONGEST_SENTENCE)}`,
    weight: first && index === 0 ? Infinity : weightOf(sentence.text, person) + (index === 0 ? 1 : 0),
  }));
}

function weightOf(text: string, person: boolean): number {
  const names = Math.min(3, text.match(name)?.length ?? 0);
  return (
    (decides.test(text) ? 3 : 0) +
    (figure.test(text) ? 2 : 0) +
    names +
    (person ? 1 : 0) -
    // Neither a greeting nor a whole page tells much for its length.
    (text.length < 20 && !figure.test(text) ? 2 : 0) -
    (text.length > LONGEST_SENTENCE ? 1 : 0)
  );
}

/** The weightiest that fit, each once, in their order. */
function within(lines: readonly Line[], units: number): string {
  const chosen = new Set<number>();
  const seen = new Set<string>();
  let room = units;
  // Of equal ones the newer tells more of what is going on.
  const order = lines.map((_, index) => index).sort((a, b) => lines[b]!.weight - lines[a]!.weight || b - a);
  for (const index of order) {
    const { text } = lines[index] as Line;
    if (text.length + 1 > room || seen.has(text)) continue;
    chosen.add(index);
    seen.add(text);
    room -= text.length + 1;
  }
  if (chosen.size === 0 && lines[0] !== undefined) return shorten(lines[0].text, units);
  return lines
    .filter((_, index) => chosen.has(index))
    .map(({ text }) => text)
    .join('\n');
}
