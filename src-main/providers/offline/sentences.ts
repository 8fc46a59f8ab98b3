export interface Sentence {
  text: string;
  /** It is the first of its paragraph. */
  opens: boolean;
  heading: boolean;
}

/** A dot after a single letter and after these ends no sentence. */
const abbreviation = /(?:^|[\s(.])(?:\p{L}|dr|mr|mrs|ms|prof|st|vs|no|nr|ca|bzw|etc|sr|sra|fig|approx|pp|cf)\.\s*$/iu;

/**
 * Sentences of a text that may be Markdown: code, tables, and the signs of headings, lists and quotations are left out.
 * One by one, so that the reader of a long text can pause.
 */
export function* sentencesOf(text: string, language: string): Generator<Sentence, void, undefined> {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
  for (const { text: paragraph, heading } of paragraphsOf(text)) {
    let opens = true;
    let held = '';
    for (const { segment, index } of segmenter.segment(paragraph)) {
      held += segment;
      if (abbreviation.test(held) && index + segment.length < paragraph.length) continue;
      const clean = held.replace(/\s+/g, ' ').trim();
      held = '';
      if (!/[\p{L}\p{N}]/u.test(clean)) continue;
      yield { text: clean, opens, heading };
      opens = false;
    }
  }
}

const marker = /^\s*(?:#{1,6}\s+|>\s?|[-*+•]\s+|\d{1,3}[.)]\s+)+/;

/** Blank lines, list items and headings begin a paragraph; other line breaks are white space. */
function paragraphsOf(text: string): { text: string; heading: boolean }[] {
  const paragraphs: { text: string; heading: boolean }[] = [];
  let open: { text: string } | undefined;
  let fence: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const mark = /^\s{0,3}(```|~~~)/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || fence === mark)) {
      fence = fence === undefined ? mark : undefined;
      open = undefined;
      continue;
    }
    const bare = line.replace(marker, '').trim();
    if (fence !== undefined || bare === '' || /^\|.*\|$/.test(bare) || /^[-*_=]{3,}$/.test(bare)) {
      open = undefined;
      continue;
    }
    const heading = /^\s*#{1,6}\s/.test(line);
    if (open !== undefined && !marker.test(line)) open.text += ` ${bare}`;
    else {
      const paragraph = { text: bare, heading };
      paragraphs.push(paragraph);
      open = heading ? undefined : paragraph;
    }
  }
  return paragraphs;
}

/** At most so many characters, ending at a word. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > most / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
