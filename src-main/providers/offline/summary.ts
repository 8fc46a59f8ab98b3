import { pause } from '../pace.ts';
import type { ChatMessage } from '../provider.ts';
import { type Sentence, sentencesOf, shorten } from './sentences.ts';
import { amountIn, taskOf } from './task.ts';
import { isContent, languageOf, stem, wordsOf } from './words.ts';

/** Begins every answer; by it an answer of this model is known again and not summed up. */
export const SUMMARY_LINE =
  'No language model is at work: this model picks the most telling sentences of a text, as they stand there.';

/** More of a text is not looked at; it would hold up everything else. */
const MOST_CHARACTERS = 200_000;
const LONGEST_SENTENCE = 600;
/** A message of so many sentences is itself what is to be summed up. */
const OWN_TEXT = 4;
const BATCH = 50;

const ABILITIES = [
  'Paste a text of a few sentences, or write “Summarise this conversation”; “in 5 sentences” says how many.',
  'For a summary in new words, connect a model: a local server such as Ollama, or a key, is enough.',
].join('\n\n');

/** The sentences of a text, or of the conversation so far, that say most and repeat least, in their order. */
export async function summarise(
  messages: readonly ChatMessage[],
  excluded: (text: string) => boolean,
  signal: AbortSignal,
): Promise<string> {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const { instruction, text } = taskOf(messages[last]?.text ?? '');
  const own = await read([{ by: undefined, text }], signal);
  const source =
    own.sentences.length >= OWN_TEXT
      ? own
      : await read(
          messages
            .slice(0, Math.max(0, last))
            .filter((message) => !excluded(message.text))
            .map(({ role, text }) => ({ by: role === 'user' ? 'You' : 'Answer', text })),
          signal,
        );
  const { sentences } = source;
  if (sentences.length < 3) return `${SUMMARY_LINE}\n\nThere is too little text to choose from.\n\n${ABILITIES}`;

  const asked = amountIn(instruction);
  const count = Math.min(sentences.length, asked ?? Math.min(5, Math.max(3, Math.round(sentences.length / 6))));
  const chosen = await choose(source, count, signal);
  const lines = chosen.map(({ by, text }) => `- ${by === undefined ? '' : `**${by}:** `}${shown(text)}`);
  const kept = chosen.reduce((sum, { text }) => sum + text.length, 0);
  const all = sentences.reduce((sum, { text }) => sum + text.length, 0);
  const share = Math.max(1, Math.round((100 * kept) / all));
  const terms = termsOf(source);
  return [
    SUMMARY_LINE,
    lines.join('\n'),
    ...(terms.length === 0 ? [] : [`**Key terms:** ${terms.join(', ')}`]),
    `Kept: ${chosen.length} of ${sentences.length} sentences, ${share} % of the text.`,
  ].join('\n\n');
}

interface Candidate extends Sentence {
  by: string | undefined;
  index: number;
  /** Stems of its content words, each once. */
  stems: Set<string>;
  words: number;
}

interface Source {
  sentences: Candidate[];
  /** How many sentences hold a stem. */
  frequency: Map<string, number>;
  /** How a stem is mostly written. */
  forms: Map<string, Map<string, number>>;
}

async function read(texts: { by: string | undefined; text: string }[], signal: AbortSignal): Promise<Source> {
  const source: Source = { sentences: [], frequency: new Map(), forms: new Map() };
  let room = MOST_CHARACTERS;
  // The newest is nearest to what is wanted now.
  const kept = texts
    .toReversed()
    .map(({ by, text }) => {
      const part = text.slice(0, Math.max(0, room));
      room -= part.length;
      return { by, text: part };
    })
    .toReversed();
  for (const { by, text } of kept) {
    const language = languageOf(wordsOf(text.slice(0, 4000)));
    for (const sentence of sentencesOf(text, language)) {
      if (sentence.heading) continue;
      if (source.sentences.push(candidate(source, sentence, by, language)) % BATCH === 0) await pause(signal);
    }
  }
  return source;
}

function candidate(source: Source, sentence: Sentence, by: string | undefined, language: string): Candidate {
  const words = wordsOf(sentence.text);
  const stems = new Set<string>();
  for (const word of words) {
    if (!isContent(word, language)) continue;
    const key = stem(word);
    stems.add(key);
    const forms = source.forms.get(key) ?? new Map<string, number>();
    forms.set(word, (forms.get(word) ?? 0) + 1);
    source.forms.set(key, forms);
  }
  for (const key of stems) source.frequency.set(key, (source.frequency.get(key) ?? 0) + 1);
  return { ...sentence, by, index: source.sentences.length, stems, words: words.length };
}

/** One after the other, each by what it says itself less what one of the chosen says already. */
async function choose({ sentences, frequency }: Source, count: number, signal: AbortSignal): Promise<Candidate[]> {
  const rest = new Map(
    sentences.map((each) => [each, { weight: weightOf(each, frequency, sentences.length), said: 0 }]),
  );
  const chosen: Candidate[] = [];
  while (chosen.length < count) {
    await pause(signal);
    let best: Candidate | undefined;
    let most = -1;
    for (const [sentence, { weight, said }] of rest)
      if (weight * (1 - said) > most) [best, most] = [sentence, weight * (1 - said)];
    if (best === undefined) break;
    chosen.push(best);
    rest.delete(best);
    for (const [{ stems }, each] of rest) each.said = Math.max(each.said, likeness(stems, best.stems));
  }
  return chosen.sort((a, b) => a.index - b.index);
}

function weightOf({ stems, words, opens, index }: Candidate, frequency: Map<string, number>, total: number): number {
  let sum = 0;
  for (const key of stems) sum += Math.log1p((frequency.get(key) ?? 1) - 1);
  const length = words < 5 ? 0.3 : words > 45 ? 0.7 : 1;
  const place = index === 0 ? 1.3 : opens ? 1.15 : index === total - 1 ? 1.1 : 1;
  return (sum / Math.sqrt(stems.size + 3)) * length * place;
}

function likeness(a: Set<string>, b: Set<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let both = 0;
  for (const key of a) if (b.has(key)) both++;
  return both / Math.sqrt(a.size * b.size);
}

function termsOf({ frequency, forms }: Source): string[] {
  return [...frequency]
    .filter(([key, count]) => count > 1 && (key.length > 2 || /\p{Script=Han}/u.test(key)))
    .sort(([a, m], [b, n]) => n - m || b.length - a.length)
    .slice(0, 6)
    .map(([key]) => [...(forms.get(key) ?? [])].sort((a, b) => b[1] - a[1])[0]?.[0] ?? key);
}

const shown = (text: string): string => shorten(text, LONGEST_SENTENCE).replaceAll('<', '\\<');
