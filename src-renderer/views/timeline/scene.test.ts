import { describe, expect, it } from 'vitest';
import { Timeline } from '../../state/timeline/model.ts';
import { measuresFor, placed } from './layout.ts';
import { boxOf, hitAt, inSight, MOST_BUTTONS, type Scene } from './scene.ts';
import type { Span } from './span.ts';

const T0 = 1_000_000;
const speaker = { specialist: 'apollo', name: 'Apollo', provider: 'p', providerName: 'P', model: 'm', offline: false };

/** Turns of 2 s, one every 10 s, each asked for by a message a second before. */
function scene(turns: number, span: Span): Scene {
  const timeline = new Timeline();
  let seq = 0;
  const add = (ms: number, type: string, data: Record<string, unknown>) =>
    timeline.take([{ seq: ++seq, at: T0 + ms, type, data }]);
  for (let nth = 0; nth < turns; nth++) {
    const at = nth * 10_000;
    const timing = { queuedMs: 0, firstTokenMs: 500, durationMs: 2000, tokensPerSecond: null };
    add(at, 'message.added', { message: `m${nth}`, parent: null, words: 'x', units: 1 });
    add(at + 1000, 'turn.requested', { turn: `t${nth}`, parent: `m${nth}`, speaker });
    add(at + 3000, 'turn.finished', {
      turn: `t${nth}`,
      state: 'done',
      seams: [],
      timing,
      buffered: false,
      usage: null,
    });
  }
  const measures = measuresFor(48);
  return { timeline, span, measures, lanes: placed(timeline.lanes, measures), now: timeline.axis.length };
}

describe('what lies where', () => {
  const minute: Span = { from: 0, perPx: 60, width: 1000 };

  it('is as wide as it lasted, and a message has room for a finger', () => {
    const near = scene(5, minute);
    expect(boxOf(near, { lane: 1, index: 2 }, minute)).toEqual({ x: 350, y: 58, wide: 2000 / 60, high: 28 });
    expect(boxOf(near, { lane: 0, index: 2 }, minute)).toEqual({ x: 20_000 / 60 - 12, y: 12, wide: 24, high: 24 });
  });

  it('is hit over 24 pixels, however narrow it is drawn', () => {
    const far = scene(5, { from: 0, perPx: 400, width: 1000 });
    // 5 pixels wide, from 27.5 on.
    expect(hitAt(far, 30, 70)).toEqual({ lane: 1, index: 1 });
    expect(hitAt(far, 27.5 - 9, 70)).toEqual({ lane: 1, index: 1 });
    expect(hitAt(far, 32.5 + 9, 70)).toEqual({ lane: 1, index: 1 });
    expect(hitAt(far, 27.5 + 25, 70)).toEqual({ lane: 1, index: 2 });
    expect(hitAt(scene(1, minute), 300, 70)).toBeNull();
    expect(hitAt(far, 30, 500)).toBeNull();
  });

  it('has a button each while there are few, and none while there are many', () => {
    expect(inSight(scene(5, minute))).toHaveLength(10);
    expect(inSight(scene(5, { from: 10_000, perPx: 10, width: 1000 }))).toEqual([
      { lane: 0, index: 1 },
      { lane: 0, index: 2 },
      { lane: 1, index: 1 },
    ]);
    expect(inSight(scene(MOST_BUTTONS, { from: 0, perPx: 10_000, width: 1000 }))).toEqual([]);
  });
});
