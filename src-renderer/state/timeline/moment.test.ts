import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Axis, FOLDED_MS } from './axis.ts';
import type { Bar } from './bar.ts';
import { Timeline } from './model.ts';
import { momentOf, playedOn, turnsAt } from './moment.ts';

const T0 = 1_000_000;
const speaker = { specialist: 'apollo', name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };
const event = (seq: number, ms: number, type: string, data: Record<string, unknown>) => ({
  seq,
  at: T0 + ms,
  type,
  data,
});

/** 200 ms in the queue, first token after 300 more, then ten tokens each 100 ms; a retry in between. */
function told() {
  const timeline = new Timeline();
  const track = Array.from({ length: 10 }, (_, index) => [1, index === 0 ? 0 : 40, index === 0 ? 300 : 100]).flat();
  timeline.take([
    event(1, 0, 'session.created', {}),
    event(2, 0, 'turn.requested', { turn: 't', parent: 'q', speaker }),
    event(3, 200, 'turn.connecting', { turn: 't', attempt: 1 }),
    event(4, 250, 'turn.waiting', { turn: 't', attempt: 1, ms: 100, problem: {} }),
    event(5, 350, 'turn.connecting', { turn: 't', attempt: 2 }),
    event(6, 1500, 'turn.finished', {
      turn: 't',
      state: 'done',
      units: 400,
      seams: [],
      usage: { output: 100 },
      timing: { queuedMs: 200, firstTokenMs: 300, durationMs: 1300, tokensPerSecond: 111 },
      buffered: false,
    }),
    event(7, 1500, 'turn.timed', { turn: 't', track }),
  ]);
  return { timeline, bar: timeline.bar('t')! };
}

describe('a turn at a moment', () => {
  const { timeline, bar } = told();
  const at = (ms: number) => momentOf(bar, T0 + ms);

  it('goes from the queue through each attempt to its end', () => {
    expect(at(-1)).toBeNull();
    expect([0, 199, 200, 260, 351, 500, 1499, 1500].map((ms) => at(ms)!.phase)).toEqual([
      'queue',
      'queue',
      'first token',
      'waiting',
      'first token',
      'streaming',
      'streaming',
      'ended',
    ]);
  });

  it('has as much text as had come', () => {
    expect([0, 499, 500, 599, 600, 1399, 1400, 1500].map((ms) => at(ms)!.length)).toEqual([
      0, 0, 40, 40, 80, 360, 400, 400,
    ]);
  });

  it('has the speed of the second before', () => {
    expect(at(500)!.rate).toBeNull();
    expect(at(1000)!.rate).toBeCloseTo(120);
    expect(at(1500)!.rate).toBeNull();
    expect(at(1500)!.tokens).toBeCloseTo(100);
  });

  it('never loses text as time goes on', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(500), (ms, more) => {
        expect(at(ms + more)!.length).toBeGreaterThanOrEqual(at(ms)!.length);
      }),
    );
  });

  it('is told while it runs, and after the last one has ended', () => {
    const turns = (ms: number) => turnsAt(timeline, T0 + ms).map(({ turn }: Bar) => turn);
    expect(turns(-5)).toEqual([]);
    expect(turns(700)).toEqual(['t']);
    expect(turns(9000)).toEqual(['t']);
  });
});

describe('a replay', () => {
  it('skips what is folded and ends at the end', () => {
    const axis = new Axis();
    for (const [ms, idle] of [
      [0, true],
      [10_000, false],
      [3_600_000, true],
      [3_605_000, false],
    ] as const)
      axis.reach(ms, idle);
    expect(axis.length).toBe(15_000 + FOLDED_MS);
    expect(playedOn(axis, 0, 4_000)).toBe(4_000);
    expect(playedOn(axis, 9_000, 1_500)).toBe(10_000 + FOLDED_MS + 500);
    expect(playedOn(axis, 10_500, 500)).toBe(10_000 + FOLDED_MS + 500);
    expect(playedOn(axis, 16_000, 60_000)).toBe(axis.length);
  });
});
