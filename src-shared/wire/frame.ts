import { MAX_FRAME } from '../contract/contract.ts';
import { Problem } from '../domain/problem.ts';
import { isRecord } from '../kit/record.ts';
import type { PipeListener } from './pipe.ts';
import { textOf, Written } from './written.ts';

/** A batch as texts of at most MAX_FRAME bytes, as few as possible. A single message over the limit stands alone. */
export function encode(batch: readonly unknown[]): string[] {
  const texts = batch.map(textOf);
  if (texts.length === 1) return texts;
  const length = texts.reduce((sum, text) => sum + text.length + 1, 1);
  const groups = length * 3 <= MAX_FRAME ? [texts] : pack(texts, MAX_FRAME);
  return groups.map((group) => (group.length === 1 ? group[0]! : arrayOf(group)));
}

/** Joined at once: brackets put around it afterwards would copy it all once more. */
function arrayOf(texts: string[]): string {
  texts[0] = `[${texts[0]}`;
  texts.push(`${texts.pop()}]`);
  return texts.join(',');
}

/** Hands what stands in a frame to the listener, or says why it cannot be read. */
export function decode(frame: unknown, listener: PipeListener): void {
  if (typeof frame !== 'string') listener.garbled('PARSE', 'A binary frame came; frames are JSON text.');
  else if (isTooLong(frame)) listener.garbled('FRAME_TOO_LARGE', overLimit(`A frame of ${bytes(frame)} bytes`));
  else {
    const value = parse(frame);
    if (value === undefined) listener.garbled('PARSE', `A frame of ${frame.length} characters is not JSON.`);
    else listener.message(Array.isArray(value) ? value : [value]);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const overLimit = (what: string) => `${what} is over the limit of ${MAX_FRAME} bytes.`;

export const FRAME_REMEDY = 'Send it in smaller pieces; files go by upload, not through this connection.';
export const tooLarge = (what: string) => new Problem('FRAME_TOO_LARGE', overLimit(what), FRAME_REMEDY);

/** For items, params or a result; the rest of a frame is for what stands around them in a message. */
const ROOM = MAX_FRAME - 1024;

/**
 * Whether a message with this value goes into a frame. Guesses from above first, so that the usual small value is not
 * written as JSON just to be measured. Throws a TypeError for what JSON cannot say.
 */
export const fits = (value: unknown): boolean => guess(value, ROOM) >= 0 || bytes(JSON.stringify(value)) <= ROOM;

/** What of `left` bytes remains at least after this value; negative when it might be over. */
function guess(value: unknown, left: number): number {
  if (typeof value === 'string') return left - 6 * value.length - 2;
  if (typeof value === 'bigint') throw new TypeError('JSON knows no bigint.');
  let rest = left - 25;
  if (Array.isArray(value)) {
    for (const each of value) {
      rest = guess(each, rest);
      if (rest < 0) break;
    }
  } else if (isRecord(value)) {
    for (const key in value) {
      rest = guess(value[key], rest - 6 * key.length - 4);
      if (rest < 0) break;
    }
  }
  return rest;
}

/** The same of items, of which some remember their JSON. */
function guessItems(items: readonly unknown[]): number {
  let left = ROOM - 25;
  for (const item of items) {
    left = item instanceof Written ? left - 3 * item.json.length - 1 : guess(item, left);
    if (left < 0) break;
  }
  return left;
}

/** Items in groups that each fit a frame; `ok` is false when one of them alone does not: what follows it is left out. */
export function portions(items: readonly unknown[]): { groups: unknown[][]; ok: boolean } {
  if (guessItems(items) >= 0) return { groups: [items as unknown[]], ok: true };
  const texts = items.map((item) => (item instanceof Written ? item.json : JSON.stringify(item)));
  const large = texts.findIndex((text) => bytes(text) + 2 > ROOM);
  const good = large < 0 ? texts : texts.slice(0, large);
  let taken = 0;
  const groups: unknown[][] = [];
  for (const { length } of pack(good, ROOM)) {
    groups.push(items.slice(taken, taken + length));
    taken += length;
  }
  return { groups, ok: large < 0 };
}

/** Neighbours in groups, each at most `limit` bytes as a JSON array; a larger one alone. */
function pack(texts: readonly string[], limit: number): string[][] {
  const groups: string[][] = [];
  let left = 0;
  for (const text of texts) {
    const size = bytes(text) + 1;
    if (groups.length === 0 || size > left) {
      groups.push([]);
      left = limit - 1;
    }
    groups.at(-1)!.push(text);
    left -= size;
  }
  return groups;
}

const isTooLong = (text: string) => text.length * 3 > MAX_FRAME && bytes(text) > MAX_FRAME;

/** Shorter texts are counted faster than they are handed to the platform. */
const LONG = 1000;
const encoder = new TextEncoder();
const scratch = new Uint8Array(MAX_FRAME);

/** Length as UTF-8. */
function bytes(text: string): number {
  if (text.length * 3 > MAX_FRAME) return encoder.encode(text).length;
  if (text.length > LONG) return encoder.encodeInto(text, scratch).written;
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x800) count += unit >= 0xd800 && unit < 0xe000 ? 1 : 2;
    else if (unit >= 0x80) count += 1;
  }
  return count;
}
