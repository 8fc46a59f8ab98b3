import { parentPort } from 'node:worker_threads';
import type { Encoding } from './encodings.ts';

export interface CountJob {
  id: number;
  encoding: Encoding;
  texts: readonly string[];
}

export type CountOutcome = { id: number; counts: number[] } | { id: number; error: string };

/**
 * The time that merging takes grows with the square of a word's length, so longer words are counted in pieces: a count
 * is then too high by one token per piece at most.
 */
const LONGEST_WORD = 192;
const longWord = new RegExp(`(\\S{${LONGEST_WORD},}|\\s{${LONGEST_WORD},})`);
const pieces = new RegExp(`[^]{1,${LONGEST_WORD}}`, 'gu');
/** What merging is remembered for, in words; the package would remember ten times as many. */
const REMEMBERED = 10_000;

type Count = (text: string) => number;
const loaded = new Map<Encoding, Promise<Count>>();

/** Signs that stand for something special to a model are counted like any others: a person only wrote about them. */
const plain = { disallowedSpecial: new Set<string>() };

function load(encoding: Encoding): Promise<Count> {
  const found = loaded.get(encoding) ?? make(encoding);
  loaded.set(encoding, found);
  return found;
}

async function make(encoding: Encoding): Promise<Count> {
  const { countTokens, setMergeCacheSize } =
    encoding === 'o200k_base'
      ? await import('gpt-tokenizer/encoding/o200k_base')
      : await import('gpt-tokenizer/encoding/cl100k_base');
  setMergeCacheSize(REMEMBERED);
  const countOf = (text: string) => countTokens(text, plain);
  return (text) => {
    let tokens = 0;
    for (const part of text.split(longWord))
      if (!longWord.test(part)) tokens += countOf(part);
      else for (const piece of part.match(pieces) ?? []) tokens += countOf(piece);
    return tokens;
  };
}

parentPort?.on('message', async ({ id, encoding, texts }: CountJob) => {
  let outcome: CountOutcome;
  try {
    const count = await load(encoding);
    outcome = { id, counts: texts.map(count) };
  } catch (error) {
    outcome = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  parentPort?.postMessage(outcome);
});
