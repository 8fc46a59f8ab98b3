import { expect, test } from 'vitest';
import { type FrameHost, Frames } from './frames.ts';

function page() {
  const asked: { kind: 'frame' | 'soon'; run: () => void; cancelled: boolean }[] = [];
  let hide = () => {};
  const state = { hidden: false };
  const ask = (kind: 'frame' | 'soon') => (run: () => void) => {
    const one = { kind, run, cancelled: false };
    asked.push(one);
    return () => {
      one.cancelled = true;
    };
  };
  const host: FrameHost = {
    frame: ask('frame'),
    soon: ask('soon'),
    hidden: () => state.hidden,
    onHidden: (listener) => {
      hide = listener;
    },
  };
  return {
    frames: new Frames(host),
    asked,
    state,
    hide: () => {
      state.hidden = true;
      hide();
    },
    paint: () => {
      for (const each of asked.splice(0)) if (!each.cancelled) each.run();
    },
  };
}

test('work asked for many times between two paints is done once, at the next', () => {
  const { frames, paint } = page();
  let done = 0;
  const work = () => {
    done++;
  };
  for (let i = 0; i < 100; i++) frames.request(work);
  expect(done).toBe(0);
  paint();
  expect(done).toBe(1);
  paint();
  expect(done).toBe(1);
});

test('different works share one frame', () => {
  const { frames, asked, paint } = page();
  const done: string[] = [];
  frames.request(() => done.push('a'));
  frames.request(() => done.push('b'));
  expect(asked).toHaveLength(1);
  paint();
  expect(done).toEqual(['a', 'b']);
});

test('work asked for while working waits for the next frame', () => {
  const { frames, paint } = page();
  let done = 0;
  const again = () => {
    done++;
    frames.request(again);
  };
  frames.request(again);
  paint();
  expect(done).toBe(1);
  paint();
  expect(done).toBe(2);
});

test('a hidden page does not wait for a paint', () => {
  const { frames, asked, state } = page();
  state.hidden = true;
  frames.request(() => {});
  expect(asked.map((each) => each.kind)).toEqual(['soon']);
});

test('a page that is hidden before the paint does its work all the same', () => {
  const { frames, asked, hide, paint } = page();
  let done = 0;
  frames.request(() => {
    done++;
  });
  hide();
  expect(asked.map(({ kind, cancelled }) => [kind, cancelled])).toEqual([
    ['frame', true],
    ['soon', false],
  ]);
  paint();
  expect(done).toBe(1);
});
