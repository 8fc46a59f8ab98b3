import { type Axis, FOLDED_MS, last } from './axis.ts';
import { type Bar, samplesOf, streamed } from './bar.ts';
import type { Timeline } from './model.ts';

export type Phase = 'queue' | 'first token' | 'waiting' | 'streaming' | 'ended';

/** A turn as it was at a moment. */
export interface Moment {
  bar: Bar;
  phase: Phase;
  /** So much of its text had come, in UTF-16 units. */
  length: number;
  /** Tokens a second over the second before; null when it had no speed. */
  rate: number | null;
  /** About how many tokens had come. */
  tokens: number;
}

const SPEED_MS = 1000;
/** A rate over less than this says nothing. */
const LEAST_MS = 200;

/** What a turn was like at a moment; null before it was asked for. */
export function momentOf(bar: Bar, time: number): Moment | null {
  if (time < bar.start) return null;
  const { times, lengths, tokens } = samplesOf(bar);
  const came = last(times, (each) => each <= time);
  const phase = phaseAt(bar, time);
  const whole = phase === 'ended';
  let [sum, recent] = [0, 0];
  for (let index = 0; index <= came; index++) {
    sum += tokens[index]!;
    if (times[index]! > time - SPEED_MS) recent += tokens[index]!;
  }
  const span = Math.min(SPEED_MS, time - (times[0] ?? time));
  return {
    bar,
    phase,
    length: whole ? bar.units : came < 0 ? bar.base : lengths[came]!,
    rate: phase === 'streaming' && streamed(bar) && span >= LEAST_MS ? (recent * 1000) / span : null,
    tokens: sum,
  };
}

function phaseAt(bar: Bar, time: number): Phase {
  if (bar.end !== null && time >= bar.end) return 'ended';
  if (bar.first !== null && time >= bar.first) return 'streaming';
  if (bar.work === null || time < bar.work) return 'queue';
  return bar.waits.some((wait) => time >= wait.time && time < wait.time + wait.ms) ? 'waiting' : 'first token';
}

/** The turns that ran at a moment, by lane; where none did, the ones that ended last. */
export function turnsAt({ lanes }: Timeline, time: number): Bar[] {
  const before = lanes.flatMap(({ rows }) => rows.flatMap((row) => row[last(row, ({ start }) => start <= time)] ?? []));
  const running = before.filter(({ end }) => end === null || end > time);
  if (running.length > 0) return running;
  const ended = before.reduce((latest, { end }) => Math.max(latest, end ?? 0), 0);
  return before.filter(({ end }) => end === ended);
}

/** Where a replay is `ms` later. Pauses that are folded are skipped. */
export function playedOn(axis: Axis, place: number, ms: number): number {
  let left = ms;
  let at = place;
  for (const pause of axis.between(place, place + ms + FOLDED_MS)) {
    if (pause.place + FOLDED_MS <= at) continue;
    if (pause.place > at + left) break;
    left -= Math.max(0, pause.place - at);
    at = pause.place + FOLDED_MS;
  }
  return Math.min(at + left, axis.length);
}

/** The slowest and the fastest second in the middle of a stream, in tokens a second; null when it was too short. */
export function rateRange(bar: Bar): { least: number; most: number } | null {
  const { times, tokens } = samplesOf(bar);
  const first = times[0];
  if (first === undefined || !streamed(bar)) return null;
  const seconds: number[] = [];
  for (let index = 0; index < times.length; index++) {
    const second = Math.floor((times[index]! - first) / SPEED_MS);
    seconds[second] = (seconds[second] ?? 0) + tokens[index]!;
  }
  // The last one is cut short.
  const whole = Array.from(seconds.slice(0, -1), (each) => each ?? 0);
  return whole.length < 3 ? null : { least: Math.min(...whole), most: Math.max(...whole) };
}
