import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Event, eventVersions, type NewEvent } from '#shared/domain/events.ts';
import { happened } from '#shared/domain/testing/events.ts';
import { choices } from '#shared/domain/testing/history.ts';
import type { Speaker } from '#shared/domain/things.ts';
import { slim, type TimelineEvent } from '#shared/domain/timeline.ts';
import { type Bar, samplesOf, timeOf } from './bar.ts';
import { Timeline } from './model.ts';
import { firstBeyond, walk } from './walk.ts';

const speaker: Speaker = {
  specialist: 'apollo',
  name: 'Apollo',
  provider: 'p',
  providerName: 'P',
  model: 'm',
  offline: false,
};
const to = { specialist: 'apollo' };
const T0 = 1_700_000_000_000;

/** Events at these milliseconds. */
function events(...all: [ms: number, event: NewEvent][]): TimelineEvent[] {
  return all.map(([ms, { type, data }], index) =>
    slim({ seq: index + 1, session: 's', at: T0 + ms, version: eventVersions[type], type, data } as Event),
  );
}
const folded = (all: readonly TimelineEvent[]) => {
  const timeline = new Timeline();
  timeline.take(all);
  return timeline;
};
const created: [number, NewEvent] = [0, { type: 'session.created', data: { title: 'T', to } }];
const said: [number, NewEvent] = [
  1000,
  { type: 'message.added', data: { message: 'q', parent: null, text: 'Why?', to } },
];
const asked: [number, NewEvent] = [1010, { type: 'turn.requested', data: { turn: 't', parent: 'q', to, speaker } }];
const finished = (data: Partial<Extract<NewEvent, { type: 'turn.finished' }>['data']> = {}): NewEvent => ({
  type: 'turn.finished',
  data: {
    turn: 't',
    state: 'done',
    text: 'x'.repeat(80),
    reasoning: '',
    seams: [],
    finish: 'stop',
    problem: null,
    usage: { output: 40 },
    timing: { queuedMs: 300, firstTokenMs: 200, durationMs: 2000, tokensPerSecond: 22 },
    buffered: false,
    ...data,
  },
});
const part = (offset: number, units: number): NewEvent => ({
  type: 'turn.part',
  data: { turn: 't', offset, text: 'x'.repeat(units) },
});
const track: NewEvent = { type: 'turn.timed', data: { turn: 't', track: [5, 0, 200, 1, 20, 800, 1, 40, 900] } };

/** All that is drawn of a turn, and not how it came to be known. */
const drawn = ({ parts: _, heard: __, lastSeq: ___, attempt: ____, ...bar }: Bar) => ({
  ...bar,
  ...samplesOf({ ...bar, parts: [], heard: 0, lastSeq: 0, attempt: 0 }),
});

describe('a turn', () => {
  it('lies where its facts say: asked, out of the queue, first token, end', () => {
    const bar = folded(
      events(
        created,
        said,
        asked,
        [1320, { type: 'turn.connecting', data: { turn: 't', attempt: 1 } }],
        [3400, finished()],
        [3400, track],
      ),
    ).bars[0]!;
    expect(bar).toMatchObject({ start: T0 + 1010, work: T0 + 1310, first: T0 + 1510, end: T0 + 3310, state: 'done' });
    expect(samplesOf(bar)).toEqual({
      times: [T0 + 1510, T0 + 2310, T0 + 3210],
      lengths: [20, 60, 80],
      tokens: [10, 20, 10],
    });
    expect(timeOf(bar, 0)).toBe(T0 + 1510);
    expect(timeOf(bar, 30)).toBe(T0 + 2310);
  });

  it('is the same whether one saw it run or came when it had ended', () => {
    const running: [number, NewEvent][] = [
      [1320, { type: 'turn.connecting', data: { turn: 't', attempt: 1 } }],
      [1523, part(0, 20)],
      [2317, part(20, 40)],
      [3215, part(60, 20)],
    ];
    const seen = new Timeline();
    const all = events(created, said, asked, ...running, [3400, finished()], [3401, track]);
    for (const event of all) seen.take([event]);
    const late = folded(all.filter(({ type }) => type !== 'turn.part'));
    expect(drawn(seen.bars[0]!)).toEqual(drawn(late.bars[0]!));
    expect(seen.axis).toEqual(late.axis);
    for (let place = 0; place < 4000; place += 250)
      expect(seen.rate.between(place, place + 250)).toBeCloseTo(late.rate.between(place, place + 250), 9);
    expect(seen.rate.until(10_000)).toBeCloseTo(40, 9);
  });

  it('that runs ends at no time yet, and grows with its parts', () => {
    const timeline = folded(
      events(
        created,
        said,
        asked,
        [1320, { type: 'turn.connecting', data: { turn: 't', attempt: 1 } }],
        [1500, part(0, 40)],
      ),
    );
    expect(timeline.bars[0]).toMatchObject({
      work: T0 + 1320,
      first: T0 + 1500,
      end: null,
      state: 'streaming',
      units: 40,
    });
    expect(timeline.running.size).toBe(1);
    timeline.take(events(created, said, asked, [1, part(0, 0)], [1, part(0, 0)], [1700, part(40, 8)]));
    expect(timeline.bars[0]).toMatchObject({ units: 48 });
    expect(timeline.rate.until(10_000)).toBe(12);
  });

  it('that a crash interrupted ends with its last sign of life, and the time until the next start is a pause', () => {
    const timeline = folded(
      events(
        created,
        said,
        asked,
        [1500, part(0, 40)],
        [7_200_000, finished({ state: 'interrupted', timing: null, usage: null })],
      ),
    );
    expect(timeline.bars[0]).toMatchObject({ end: T0 + 1500, state: 'interrupted' });
    expect(timeline.axis.pauses).toHaveLength(1);
    expect(timeline.troubles).toEqual([4]);
  });

  it('runs beside another of the same specialist in a row of its own', () => {
    const second: NewEvent = { type: 'turn.requested', data: { turn: 'u', parent: 'q', to, speaker } };
    const [, lane] = folded(events(created, said, asked, [1100, second])).lanes;
    expect(lane!.rows.map((row) => row.map(({ turn }) => turn))).toEqual([['t'], ['u']]);
    expect(lane!.retries).toBe(1);
  });

  it('that goes on with a broken one is a seam', () => {
    const from = { turn: 't', text: 'x'.repeat(10), reasoning: '', seams: [] };
    const again: NewEvent = { type: 'turn.requested', data: { turn: 'u', parent: 'q', to, speaker, from } };
    const timeline = folded(events(created, said, asked, [3400, finished({ state: 'failed' })], [4000, again]));
    expect(timeline.bars[1]).toMatchObject({ from: 't', again: false, base: 10 });
    expect(timeline.lanes[1]).toMatchObject({ seams: 1, retries: 0 });
    expect(timeline.troubles).toEqual([3, 4]);
  });
});

describe('time', () => {
  it('never goes back, and keeps its distances when a clock was set back', () => {
    const timeline = folded(events(created, said, asked, [3400, finished()], [-600_000, said[1]]));
    expect(timeline.times.map((time) => time - T0)).toEqual([0, 1000, 1010, 3400, 3400]);
    expect(timeline.line.wall(timeline.times[4]!)).toBe(T0 - 600_000);
    expect(timeline.line.wall(timeline.times[2]!)).toBe(T0 + 1010);
  });

  it('of a copy begins with what was copied', () => {
    const day = 86_400_000;
    const timeline = folded(events([day, created[1]], said, asked));
    expect(timeline.times.map((time) => time - T0)).toEqual([1000, 1000, 1010]);
    expect(timeline.line.wall(timeline.times[1]!)).toBe(T0 + 1000);
  });
});

describe('all of a session', () => {
  it('is there once: every event in its kind, every turn in its lane', () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const all = happened(chosen).map(slim);
        const timeline = folded(all);
        expect(timeline.events).toEqual(all);
        expect(
          Object.values(timeline.byKind)
            .flat()
            .sort((a, b) => a - b),
        ).toEqual(all.map((_, index) => index));
        const turns = all.filter(({ type }) => type === 'turn.requested').map(({ data }) => data.turn);
        expect(timeline.bars.map(({ turn }) => turn)).toEqual(turns);
        expect(timeline.lanes.flatMap(({ rows }) => rows.flat()).length).toBe(turns.length);
        const messages = timeline.lanes[0]!.items.filter(({ kind }) => kind === 'message');
        expect(messages.length).toBe(all.filter(({ type }) => type === 'message.added').length);
        for (const bar of timeline.bars) {
          expect(bar.endPlace === null).toBe(timeline.running.has(bar));
          expect(bar.end ?? bar.heard).toBeGreaterThanOrEqual(bar.start);
        }
        expect(timeline.take(all)).toBe(0);
      }),
    );
  });

  it('is the same in whatever portions it came', () => {
    fc.assert(
      fc.property(choices, fc.array(fc.integer({ min: 1, max: 9 })), (chosen, portions) => {
        const all = happened(chosen).map(slim);
        const some = new Timeline();
        let at = 0;
        for (const size of [...portions, all.length]) {
          some.take(all, at, Math.min(all.length, at + size));
          at = Math.min(all.length, at + size);
        }
        const whole = folded(all);
        expect(some.bars).toEqual(whole.bars);
        expect(some.lanes).toEqual(whole.lanes);
        expect(some.axis).toEqual(whole.axis);
        expect(some.times).toEqual(whole.times);
        expect(some.branches).toEqual(whole.branches);
      }),
    );
  });

  it('tells the branches as the tree has them', () => {
    const message = (id: string, parent: string | null, text: string): NewEvent => ({
      type: 'message.added',
      data: { message: id, parent, text, to },
    });
    const { branches } = folded(
      events(
        created,
        [1, message('a', null, 'A')],
        [2, message('b', 'a', 'B')],
        [3, message('c', 'b', 'C')],
        [4, message('d', 'a', 'D')],
        [5, message('e', 'd', 'E')],
        [6, { type: 'branch.named', data: { branch: 'd', name: 'other' } }],
      ),
    );
    expect([...branches.lines.values()].map(({ id, name, words, head }) => [id, name, words, head])).toEqual([
      ['a', 'main', 'A', 'c'],
      ['d', 'other', 'D', 'e'],
    ]);
    const onPath = branches.pathTo('d');
    expect(['a', 'b', 'c', 'd', 'e'].filter(onPath)).toEqual(['a', 'd', 'e']);
  });
});

describe('what can be seen of a row', () => {
  const row = fc
    .array(fc.record({ gap: fc.nat(500), width: fc.nat(900) }), { minLength: 1, maxLength: 300 })
    .map((all) => {
      let place = 0;
      return all.map(({ gap, width }, index) => {
        place += gap + 1;
        const bar = { place, endPlace: place + width, number: index } as Bar;
        place += width;
        return bar;
      });
    });

  it('is visited in order, leaves out none, and small ones go together', () => {
    fc.assert(
      fc.property(row, fc.nat(100_000), fc.nat(60_000), fc.integer({ min: 1, max: 700 }), (bars, from, span, least) => {
        const to = from + span;
        const seen: { from: number; to: number; more: boolean; bar: Bar }[] = [];
        walk(bars, from, to, least, 0, (bar, start, end, more) => seen.push({ bar, from: start, to: end, more }));
        const inSight = bars.filter(({ place, endPlace }) => endPlace! >= from && place <= to);
        for (const { place, endPlace } of inSight)
          expect(seen.some((each) => each.from <= place && each.to >= endPlace!)).toBe(true);
        for (const [index, each] of seen.entries()) {
          expect(each.from).toBeGreaterThan(seen[index - 1]?.to ?? -1);
          if (each.more) expect(each.to - each.from).toBeLessThan(least * 2);
          else expect(each.to).toBe(each.bar.endPlace);
        }
        expect(seen.length).toBeLessThanOrEqual(Math.ceil(span / least) * 2 + 2);
        expect(bars[firstBeyond(bars, from, 0)]).toBe(bars.find(({ endPlace }) => endPlace! >= from));
      }),
    );
  });
});
