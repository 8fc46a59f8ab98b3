import { francAll } from 'franc';

/** ISO 639-3, as franc tells them, for languages that people write here; with too many to choose from it guesses worse. */
const names: Record<string, string> = {
  arb: 'Arabic',
  bul: 'Bulgarian',
  ces: 'Czech',
  cmn: 'Chinese',
  deu: 'German',
  ell: 'Greek',
  eng: 'English',
  fra: 'French',
  heb: 'Hebrew',
  hin: 'Hindi',
  hun: 'Hungarian',
  ind: 'Indonesian',
  ita: 'Italian',
  jpn: 'Japanese',
  kor: 'Korean',
  nld: 'Dutch',
  pol: 'Polish',
  por: 'Portuguese',
  ron: 'Romanian',
  rus: 'Russian',
  spa: 'Spanish',
  swe: 'Swedish',
  tha: 'Thai',
  tur: 'Turkish',
  ukr: 'Ukrainian',
  vie: 'Vietnamese',
};

/** What is shorter says too little. */
const SHORTEST = 20;
/** The next best must lie this far below. */
const LEAD = 0.03;

export interface Language {
  /** Null: it cannot be told. */
  name: string | null;
  /** Almost as likely. */
  or: string | null;
  english: boolean;
}

export function languageIn(text: string): Language {
  const [best, second] = francAll(text, { only: Object.keys(names), minLength: SHORTEST });
  const name = names[best?.[0] ?? ''] ?? null;
  const near = second !== undefined && best !== undefined && best[1] - second[1] < LEAD;
  return { name, or: near ? (names[second[0]] ?? null) : null, english: name === 'English' };
}
