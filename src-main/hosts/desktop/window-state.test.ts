import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bounds, beside, centred, fitted, readWindows, writeWindows } from './window-state.ts';

const laptop: Bounds = { x: 0, y: 25, width: 1440, height: 875 };
const monitor: Bounds = { x: 1440, y: 0, width: 2560, height: 1400 };

describe('a window is placed', () => {
  it('where it was, when that can be seen', () => {
    const bounds = { x: 1500, y: 100, width: 1000, height: 700 };
    expect(fitted(bounds, [laptop, monitor])).toEqual(bounds);
  });

  it('in the middle of the first screen, when its own is gone', () => {
    const bounds = { x: 1500, y: 100, width: 1000, height: 700 };
    expect(fitted(bounds, [laptop])).toEqual({ x: 220, y: 113, width: 1000, height: 700 });
  });

  it('on the screen that showed most of it, moved to be seen as a whole', () => {
    const bounds = { x: 1200, y: 900, width: 1000, height: 700 };
    expect(fitted(bounds, [laptop, monitor])).toEqual({ x: 1440, y: 700, width: 1000, height: 700 });
  });

  it('shrunk to a screen that became smaller', () => {
    expect(fitted({ x: 0, y: 0, width: 2500, height: 1300 }, [laptop])).toEqual(laptop);
  });

  it('beside the one that it came from, and at first in the middle', () => {
    const first = centred(monitor);
    expect(first).toEqual({ x: 2080, y: 290, width: 1280, height: 820 });
    expect(beside(first)).toEqual({ x: 2108, y: 318, width: 1280, height: 820 });
  });

  it('wholly within one screen, wherever it was and whatever screens there are', () => {
    const place = fc.integer({ min: -10_000, max: 10_000 });
    const bounds = (least: number) =>
      fc.record({
        x: place,
        y: place,
        width: fc.integer({ min: least, max: 5000 }),
        height: fc.integer({ min: least, max: 5000 }),
      });
    fc.assert(
      fc.property(bounds(-10), fc.array(bounds(100), { minLength: 1, maxLength: 4 }), (window, screens) => {
        const { x, y, width, height } = fitted(window, screens as [Bounds, ...Bounds[]]);
        return screens.some(
          (screen) =>
            width > 0 &&
            height > 0 &&
            x >= screen.x &&
            y >= screen.y &&
            x + width <= screen.x + screen.width &&
            y + height <= screen.y + screen.height,
        );
      }),
    );
  });
});

describe('what was open', () => {
  let file: string;
  beforeEach(() => {
    file = join(mkdtempSync(join(tmpdir(), 'choragus-windows-')), 'windows.json');
  });
  afterEach(() => rmSync(join(file, '..'), { recursive: true }));

  const state = { bounds: laptop, maximised: true, hash: '#/conversations/a' };

  it('is read as it was written', () => {
    writeWindows(file, [state, { ...state, maximised: false, hash: '' }]);
    expect(readWindows(file)).toEqual([state, { ...state, maximised: false, hash: '' }]);
  });

  it.each([
    ['nothing was written', null],
    ['it is half a file', '[{"bounds"'],
    ['it is something else', '{"windows": 3}'],
    ['it leads to another address', JSON.stringify([{ ...state, hash: '@evil.example/' }])],
  ])('is nothing when %s', (_, text) => {
    if (text !== null) writeFileSync(file, text);
    expect(readWindows(file)).toEqual([]);
  });
});
