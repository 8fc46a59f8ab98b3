import { lexer } from 'marked';

/** A top-level piece of a Markdown text: a paragraph, a list, a fenced code block. */
export interface Block {
  /** Where it starts in the text, in UTF-16 units. */
  start: number;
  raw: string;
  /** It is not being written any more. */
  closed: boolean;
}

/** How many of the last blocks text that follows may still change: a list or a heading reaches back by one. */
const OPEN = 2;

/** Definitions and footnotes reach across blocks: such a text is read as a whole. */
const ACROSS = /^ {0,3}\[[^\]\n]+\]:/m;

/**
 * Splits a growing text into blocks and lexes only its tail again: what is closed stays. The result depends on the last
 * text alone, never on the pieces in which it came. One splitter per message.
 */
export class BlockSplitter {
  #text = '';
  #closed: Block[] = [];
  #offset = 0;
  #blocks: Block[] = [];

  split(text: string): Block[] {
    if (text === this.#text) return this.#blocks;
    if (!text.startsWith(this.#text)) {
      this.#closed = [];
      this.#offset = 0;
    }
    this.#text = text;
    const tail = lex(text.slice(this.#offset), this.#offset);
    const settled = tail.slice(0, Math.max(0, tail.length - OPEN)).findLastIndex((block) => block.alone) + 1;
    for (const { start, raw } of tail.slice(0, settled)) {
      this.#closed.push({ start, raw, closed: true });
      this.#offset = start + raw.length;
    }
    this.#blocks = [...this.#closed, ...tail.slice(settled).map(opened)];
    return this.#blocks;
  }
}

/** The blocks of a text that has ended. */
export function finished(text: string, blocks: readonly Block[]): Block[] {
  if (ACROSS.test(text)) return [{ start: 0, raw: text, closed: true }];
  return blocks.map((block) => (block.closed ? block : { ...block, closed: true }));
}

/** A block before another one, from which it stands apart, is as good as closed: it may be painted in full. */
const opened = ({ start, raw, alone }: Found, index: number, tail: Found[]): Block => ({
  start,
  raw,
  closed: alone && index < tail.length - 1,
});

interface Found {
  start: number;
  raw: string;
  /** What follows reads the same without it: a blank line, or its own end mark, is between them. */
  alone: boolean;
}

const ENDS_ITSELF = new Set(['code', 'heading', 'hr']);

function lex(text: string, offset: number): Found[] {
  const found: Found[] = [];
  let start = offset;
  // The lexer shortens line ends of two characters; offsets need the same length.
  for (const { type, raw } of lexer(text.replaceAll('\r', ' '))) {
    const last = found.at(-1);
    const own = copied(text.slice(start - offset, start - offset + raw.length));
    if (own.trim() !== '') found.push({ start, raw: own, alone: ENDS_ITSELF.has(type) });
    else if (last !== undefined) last.alone = true;
    start += raw.length;
  }
  return found;
}

/**
 * The same text by itself. A slice keeps in memory what it was cut from: here, for each block, the whole answer as it was
 * when that block was painted last.
 */
const copied = (text: string) => ` ${text}`.slice(1);
