import type { Hit } from '#shared/domain/search.ts';
import { eachWord, placeOf, type Term } from '../words.ts';

/** UTF-16 units of a snippet, about, and of what stands before its first mark when that is not the beginning. */
const LENGTH = 160;
const LEAD = 40;
/** Beyond so many units of a text nothing is marked, unless nothing is found before. */
const LOOKED_AT = 100_000;

interface Mark {
  from: number;
  to: number;
  term: number;
}

type Piece = Hit['snippet'][number];

/** The stretch of a text in which most of what was looked for stands closest together, in pieces, without line breaks. */
export function snippet(text: string, terms: readonly Term[]): Piece[] {
  const found = marks(text.slice(0, LOOKED_AT), terms);
  const all = found.length > 0 || text.length <= LOOKED_AT ? found : marks(text, terms);
  const densest = around(all);
  const [from, to] = bounds(text, densest);
  const pieces: Piece[] = [];
  const put = (piece: string, hit: boolean) => {
    const last = pieces.at(-1);
    if (piece === '') return;
    if (last?.hit === hit) last.text += piece;
    else pieces.push({ text: piece, hit });
  };
  put(from > 0 ? '…' : '', false);
  let at = from;
  for (const mark of all) {
    if (mark.to <= at || mark.from >= to) continue;
    put(text.slice(at, Math.max(at, mark.from)), false);
    put(text.slice(Math.max(at, mark.from), Math.min(mark.to, to)), true);
    at = Math.min(mark.to, to);
  }
  put(text.slice(at, to), false);
  put(to < text.length ? '…' : '', false);
  return tidied(pieces);
}

/** Where the terms stand, in order. */
function marks(text: string, terms: readonly Term[]): Mark[] {
  const words: string[] = [];
  const places: number[] = [];
  eachWord(text, (word, from, to) => {
    words.push(word);
    places.push(from, to);
  });
  const found: Mark[] = [];
  for (const [term, wanted] of terms.entries())
    for (let at = placeOf(wanted, words); at >= 0; at = placeOf(wanted, words, at + 1))
      found.push({ from: places[2 * at]!, to: places[2 * (at + wanted.words.length) - 1]!, term });
  return found.sort((a, b) => a.from - b.from || b.to - a.to);
}

/** The marks that fit into one snippet and stand for most terms, then those that are most; the first of such. */
function around(all: readonly Mark[]): readonly Mark[] {
  let best: readonly Mark[] = [];
  let [terms, count] = [0, 0];
  const within = new Map<number, number>();
  for (let start = 0, end = 0; start < all.length; start++) {
    for (; end < all.length && (end <= start || all[end]!.to - all[start]!.from <= LENGTH - LEAD); end++)
      within.set(all[end]!.term, (within.get(all[end]!.term) ?? 0) + 1);
    if (within.size > terms || (within.size === terms && end - start > count)) {
      [terms, count] = [within.size, end - start];
      best = all.slice(start, end);
    }
    const left = within.get(all[start]!.term)! - 1;
    if (left === 0) within.delete(all[start]!.term);
    else within.set(all[start]!.term, left);
  }
  return best;
}

/** Where the snippet begins and ends: between words where there are any near, never within a sign. */
function bounds(text: string, densest: readonly Mark[]): [number, number] {
  const first = densest[0]?.from ?? 0;
  const last = Math.max(first, ...densest.map((mark) => mark.to));
  let from = first <= LEAD ? 0 : first - LEAD;
  const to = Math.max(Math.min(text.length, from + LENGTH), Math.min(last, first + LENGTH));
  if (to === text.length) from = Math.max(0, Math.min(from, to - LENGTH));
  return [from === 0 ? 0 : toGap(text, from, first), to === text.length ? to : backToGap(text, to, Math.min(last, to))];
}

/** On to the end of a word, but not beyond `most`. */
function toGap(text: string, at: number, most: number): number {
  for (let gap = at; gap < most && gap < at + 20; gap++) if (/\s/u.test(text[gap - 1]!)) return gap;
  return toSign(text, at);
}

function backToGap(text: string, at: number, least: number): number {
  for (let gap = at; gap >= least && gap > at - 20; gap--) if (/\s/u.test(text[gap]!)) return gap;
  return toSign(text, at);
}

/** Not between the halves of a surrogate pair, and not before a sign that belongs to the one before it. */
function toSign(text: string, at: number): number {
  let place = at;
  for (let steps = 0; place < text.length && steps < 16; steps++) {
    const code = text.charCodeAt(place);
    const inPair = code >= 0xdc00 && code <= 0xdfff;
    if (!inPair && !/^[\p{M}\u200d]/u.test(text.slice(place, place + 2))) break;
    place++;
  }
  return place;
}

/** Line breaks and runs of spaces become one space, also where they go on in the next piece. */
function tidied(pieces: readonly Piece[]): Piece[] {
  let space = true;
  const tidy = pieces.map(({ text, hit }) => {
    let line = text.replace(/\s+/gu, ' ');
    if (space && line.startsWith(' ')) line = line.slice(1);
    if (line !== '') space = line.endsWith(' ');
    return { text: line, hit };
  });
  return tidy.filter(({ text }) => text !== '');
}
