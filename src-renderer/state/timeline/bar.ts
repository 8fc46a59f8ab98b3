import type { ProblemBody } from '#shared/domain/problem.ts';
import type { FinishReason, Seam, Speaker, Timing, TurnState, Usage } from '#shared/domain/things.ts';
import type { DataOf } from './told.ts';

/** A request that failed before its first part; the next one followed after `ms`. */
export interface Wait {
  attempt: number;
  time: number;
  ms: number;
  problem: ProblemBody;
}

/** A piece of the stream, as it came. */
export interface Part {
  time: number;
  /** Where in the text it begins, and how much of text and reasoning it brought, in UTF-16 units. */
  offset: number;
  units: number;
  reasoning: number;
}

/** One turn on the time line. Moments are in its milliseconds; null: not yet, or never. */
export interface Bar {
  kind: 'turn';
  turn: string;
  /** Place in the whole session, and in its lane; from 1. */
  number: number;
  nth: number;
  lane: number;
  /** Turns of a lane that run at the same time lie below each other. */
  row: number;
  speaker: Speaker;
  parent: string;
  /** The broken answer that it goes on with. */
  from: string | null;
  /** Another try of what somebody was asked before. */
  again: boolean;
  /** Its first and last event. */
  seq: number;
  lastSeq: number;
  start: number;
  /** Where its two ends lie on the folded axis. */
  place: number;
  endPlace: number | null;
  /** It left the queue. */
  work: number | null;
  first: number | null;
  end: number | null;
  /** The newest sign of life. */
  heard: number;
  state: TurnState;
  attempt: number;
  waits: Wait[];
  /** Text that it began with. */
  base: number;
  units: number;
  reasoning: number;
  seams: readonly Seam[];
  buffered: boolean;
  finish: FinishReason | null;
  problem: ProblemBody | null;
  usage: Usage | null;
  timing: Timing | null;
  sent: DataOf<'turn.sent'> | null;
  /** As they came while one listened; the track tells them of a turn that has ended. */
  parts: Part[];
  track: readonly number[] | null;
}

/** What came when. Of each: the moment, the length of the text after it, and about how many tokens it brought. */
export interface Samples {
  times: number[];
  lengths: number[];
  tokens: number[];
}

const ABOUT_UNITS = 4;
const kept = new WeakMap<Bar, { track: Bar['track']; state: TurnState; parts: number; samples: Samples }>();

/** How the text came. Empty for an answer that came whole. Sums up to what the provider counted, where it did. */
export function samplesOf(bar: Bar): Samples {
  const before = kept.get(bar);
  if (before?.track === bar.track && before.state === bar.state && before.parts === bar.parts.length)
    return before.samples;
  const samples = scaled(bar, bar.track === null ? byParts(bar) : byTrack(bar, bar.track));
  kept.set(bar, { track: bar.track, state: bar.state, parts: bar.parts.length, samples });
  return samples;
}

/** It has a speed: a model streamed it. */
export const streamed = ({ buffered, speaker }: Pick<Bar, 'buffered' | 'speaker'>): boolean =>
  !buffered && !speaker.offline;

/** About how many tokens a piece is, while nobody has counted. */
export const aboutTokens = ({ units, reasoning }: Part): number => (units + reasoning) / ABOUT_UNITS;

function byParts({ parts, end, units }: Bar): Samples {
  const last = parts.length - 1;
  return {
    times: parts.map(({ time }) => time),
    // What came together with the end is in no part.
    lengths: parts.map((part, index) => (end !== null && index === last ? units : part.offset + part.units)),
    tokens: parts.map((part) => part.units + part.reasoning),
  };
}

/** [sequence, offset, ms] of every part, each a difference to the one before. */
function byTrack(bar: Bar, track: readonly number[]): Samples {
  const offsets: number[] = [];
  const times: number[] = [];
  let [offset, time] = [0, bar.work ?? bar.start];
  for (let index = 0; index + 2 < track.length; index += 3) {
    offset += track[index + 1]!;
    time += track[index + 2]!;
    offsets.push(offset);
    times.push(time);
  }
  const lengths = offsets.map((_, index) => offsets[index + 1] ?? bar.units);
  const tokens = lengths.map((length, index) => Math.max(0, length - offsets[index]!));
  // A part without text brought reasoning; how much each did is not kept.
  const silent = tokens.reduce((sum, each) => sum + (each === 0 ? 1 : 0), 0);
  if (silent > 0) for (let index = 0; index < tokens.length; index++) tokens[index] ||= bar.reasoning / silent;
  return { times, lengths, tokens };
}

function scaled({ usage }: Bar, { times, lengths, tokens }: Samples): Samples {
  const units = tokens.reduce((sum, each) => sum + each, 0);
  const each = usage?.output && units > 0 ? usage.output / units : 1 / ABOUT_UNITS;
  return { times, lengths, tokens: tokens.map((units) => units * each) };
}

/** When the text had grown beyond this offset; null: it is not known. */
export function timeOf(bar: Bar, offset: number): number | null {
  const { times, lengths } = samplesOf(bar);
  for (let index = 0; index < times.length; index++) if (lengths[index]! > offset) return times[index]!;
  return times.at(-1) ?? bar.first;
}
