import model from 'wink-eng-lite-web-model';
import winkNlp, { type Document, type ItemEntity, type ItsFunction, type WinkMethods } from 'wink-nlp';

export interface English {
  /** -1 to 1. */
  sentiment: number;
  /** The most pleased and the most displeased sentence, where there are such. */
  highest: string | undefined;
  lowest: string | undefined;
  /** Flesch reading ease: 0 (very hard) to 100 (very easy). */
  ease: number;
  /** Best first. */
  phrases: string[];
  /** Kind to what was found, each once, in the order of the text. */
  entities: Map<string, string[]>;
}

let loaded: WinkMethods | undefined;

const kinds: Record<string, string> = {
  DATE: 'Dates',
  TIME: 'Times',
  DURATION: 'Durations',
  MONEY: 'Amounts',
  PERCENT: 'Percentages',
  EMAIL: 'E-mail addresses',
  URL: 'Web addresses',
  HASHTAG: 'Hashtags',
  MENTION: 'Mentions',
};

/** What wink-nlp's English model finds in a text. */
export function readEnglish(text: string): English {
  loaded ??= winkNlp(model);
  const { its } = loaded;
  const doc = loaded.readDoc(text);
  const feelings = doc
    .sentences()
    .out()
    .map((sentence, index) => ({ sentence, feeling: doc.sentences().itemAt(index).out(its.sentiment) as number }));
  const sorted = feelings.toSorted((a, b) => b.feeling - a.feeling);
  const [highest, lowest] = [sorted[0], sorted.at(-1)];
  return {
    sentiment: doc.out(its.sentiment) as number,
    highest: highest !== undefined && highest.feeling > 0 ? highest.sentence : undefined,
    lowest: lowest !== undefined && lowest.feeling < 0 ? lowest.sentence : undefined,
    ease: (doc.out(its.readabilityStats) as { fres: number }).fres,
    phrases: phrasesOf(doc, its),
    entities: entitiesOf(doc, its),
  };
}

interface Run {
  words: string[];
  key: string;
  proper: boolean;
}

/** Nouns with the adjectives before them, as they follow each other. */
function runsOf(doc: Document, its: WinkMethods['its']): Run[] {
  const words = doc.tokens().out();
  const tags = doc.tokens().out(its.pos) as string[];
  // Its declaration has one parameter too many.
  const lemmas = doc.tokens().out(its.lemma as unknown as ItsFunction<string>) as string[];
  const stops = doc.tokens().out(its.stopWordFlag) as unknown as boolean[];
  const runs: Run[] = [];
  let from = 0;
  const close = (end: number) => {
    let first = from;
    while (first < end && stops[first]) first++;
    const nouns = tags.slice(first, end).filter((tag) => tag === 'NOUN' || tag === 'PROPN');
    // An adjective at the end belongs to nobody.
    let last = end;
    while (last > first && tags[last - 1] === 'ADJ') last--;
    if (nouns.length > 0 && last > first)
      runs.push({
        words: words.slice(first, last),
        key: lemmas.slice(first, last).join(' ').toLowerCase(),
        proper: tags.slice(first, last).every((tag) => tag === 'PROPN'),
      });
  };
  for (let index = 0; index <= words.length; index++) {
    if (index < words.length && /^(?:NOUN|PROPN|ADJ)$/.test(tags[index]!) && /[\p{L}]/u.test(words[index]!)) continue;
    close(index);
    from = index + 1;
  }
  return runs;
}

function phrasesOf(doc: Document, its: WinkMethods['its']): string[] {
  const counts = new Map<string, { text: string; count: number; length: number }>();
  for (const { key, words } of runsOf(doc, its)) {
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { text: words.join(' '), count: 1, length: words.length });
    else known.count++;
  }
  const score = ({ count, length }: { count: number; length: number }) => count * Math.min(3, length) ** 0.7;
  return [...counts.values()]
    .filter(({ text }) => text.length > 2)
    .sort((a, b) => score(b) - score(a))
    .map(({ text }) => text);
}

function entitiesOf(doc: Document, its: WinkMethods['its']): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (kind: string, text: string) => {
    const known = found.get(kind) ?? [];
    if (!known.includes(text)) found.set(kind, [...known, text]);
  };
  for (const { words, proper } of runsOf(doc, its)) if (proper) add('Names', words.join(' '));
  doc.entities().each((entity: ItemEntity) => {
    const kind = kinds[entity.out(its.type) as string];
    if (kind !== undefined) add(kind, entity.out());
  });
  // The month of a date is nobody.
  const dates = found.get('Dates') ?? [];
  const names = (found.get('Names') ?? []).filter((name) => !dates.some((date) => date.includes(name)));
  if (names.length > 0) found.set('Names', names);
  else found.delete('Names');
  return found;
}
