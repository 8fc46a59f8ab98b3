import { describe, expect, it } from 'vitest';
import type { StreamItem } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { TimelineEvent } from '#shared/domain/timeline.ts';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { Client } from '#shared/wire/client.ts';
import { Frames } from '../frames.ts';
import { EVICT_MS, FollowedTimelines, SETTLED_MS } from './follow.ts';

type Items = StreamItem<'timeline.follow'>[];

function setUp() {
  let paint: (() => void) | undefined;
  const frames = new Frames({
    frame: (run) => {
      paint = run;
      return () => {};
    },
    soon: () => () => {},
    hidden: () => false,
    onHidden: () => {},
  });
  const follows: {
    params(): unknown;
    items(items: Items): Promise<void>;
    problem(problem: Problem): void;
    closed: boolean;
  }[] = [];
  const client = {
    follow: (
      _method: string,
      params: () => unknown,
      items: (items: Items) => Promise<void>,
      listeners: { onProblem(problem: Problem): void },
    ) => {
      const follow = { params, items, problem: listeners.onProblem, closed: false };
      follows.push(follow);
      return {
        close: () => {
          follow.closed = true;
        },
      };
    },
  } as unknown as Client;
  const clock = fakeClock();
  const timelines = new FollowedTimelines({ client, frames, clock });
  const frame = () => {
    const run = paint;
    paint = undefined;
    run?.();
  };
  return { timelines, follows, clock, frame, at: () => timelines.store.getState().s };
}

const begin = (total: number, recovered = true): Items[number] => ({
  kind: 'begin',
  cursor: 'e:0',
  recovered,
  title: 'A title',
  total,
});
const events = (from: number, to: number): Items[number] => ({
  kind: 'events',
  cursor: `e:${to}`,
  events: Array.from({ length: to - from + 1 }, (_, index): TimelineEvent => {
    const seq = from + index;
    return { seq, at: seq * 10, type: 'message.added', data: { message: `m${seq}`, parent: null, units: 1 } };
  }),
});

describe('a timeline on screen', () => {
  it('is ready when all that was there has come, and tells how far it is until then', async () => {
    const { timelines, follows, frame, at } = setUp();
    timelines.show('s');
    await follows[0]!.items([begin(5), events(1, 3)]);
    frame();
    expect(at()).toMatchObject({ ready: false, total: 5, title: 'A title' });
    expect(at()!.timeline.events).toHaveLength(3);
    await follows[0]!.items([events(4, 5)]);
    frame();
    expect(at()).toMatchObject({ ready: true });
    expect(follows[0]!.params()).toEqual({ session: 's', cursor: 'e:5' });
  });

  it('is ready when nothing more comes, should the total have been too high', async () => {
    const { timelines, follows, frame, at, clock } = setUp();
    timelines.show('s');
    await follows[0]!.items([begin(50), events(1, 3)]);
    frame();
    expect(at()!.ready).toBe(false);
    clock.advance(SETTLED_MS);
    expect(at()!.ready).toBe(true);
  });

  it('holds back what a frame cannot take', async () => {
    const { timelines, follows, frame } = setUp();
    timelines.show('s');
    let heard = false;
    const taken = follows[0]!.items([begin(6000), events(1, 6000)]).then(() => {
      heard = true;
    });
    await Promise.resolve();
    expect(heard).toBe(false);
    frame();
    await taken;
    expect(heard).toBe(true);
  });

  it('begins anew when the cursor was worth nothing, and keeps what it has when it was', async () => {
    const { timelines, follows, frame, at } = setUp();
    timelines.show('s');
    await follows[0]!.items([begin(2), events(1, 2)]);
    frame();
    const first = at()!.timeline;
    await follows[0]!.items([begin(3), events(2, 3)]);
    frame();
    expect(at()!.timeline).toBe(first);
    expect(first.events).toHaveLength(3);
    await follows[0]!.items([begin(1, false), events(9, 9)]);
    frame();
    expect(at()!.timeline).not.toBe(first);
    expect(at()!.timeline.events.map(({ seq }) => seq)).toEqual([9]);
  });

  it('tells why it cannot be followed, and tries anew when it is told to', async () => {
    const { timelines, follows, at } = setUp();
    timelines.show('s');
    follows[0]!.problem(new Problem('NOT_FOUND', 'There is no session s.'));
    expect(at()!.problem).toMatchObject({ code: 'NOT_FOUND', message: 'There is no session s.' });
    timelines.again('s');
    expect(at()!.problem).toBeNull();
    expect(follows).toHaveLength(2);
    expect(follows[0]!.closed).toBe(true);
  });

  it('is let go a while after it has left the screen', () => {
    const { timelines, follows, clock, at } = setUp();
    const leave = timelines.show('s');
    leave();
    expect(follows[0]!.closed).toBe(true);
    expect(at()).toBeDefined();
    clock.advance(EVICT_MS);
    expect(at()).toBeUndefined();
  });
});
