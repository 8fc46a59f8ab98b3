import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from '../../config/private-file.ts';

/** In device-independent pixels, on the plane of all screens. */
const Bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
});
export type Bounds = z.infer<typeof Bounds>;

const WindowState = z.object({
  /** As they are when it is not maximised. */
  bounds: Bounds,
  maximised: z.boolean(),
  /** What it shows: the part of the address from `#` on, or nothing. */
  hash: z
    .string()
    .max(1000)
    .regex(/^(#.*)?$/),
});
export type WindowState = z.infer<typeof WindowState>;

export const smallest = { width: 480, height: 360 };
const usual = { width: 1280, height: 820 };
/** A further window does not hide the one that it came from. */
const step = 28;
/** Windows beyond that are not opened again. */
const most = 20;

/** A window of the usual size in the middle of a screen. */
export const centred = (area: Bounds): Bounds => fitted({ ...middle(area, usual), ...usual }, [area]);

export const beside = ({ x, y, width, height }: Bounds): Bounds => ({ x: x + step, y: y + step, width, height });

/**
 * The bounds moved and shrunk to lie within one of the screens' work areas: the one that shows the most of them, or the
 * middle of the first one when none shows anything, since its screen is gone.
 */
export function fitted(bounds: Bounds, areas: readonly [Bounds, ...Bounds[]]): Bounds {
  const shown = (area: Bounds) =>
    overlap(bounds.x, bounds.width, area.x, area.width) * overlap(bounds.y, bounds.height, area.y, area.height);
  const area = areas.reduce((best, each) => (shown(each) > shown(best) ? each : best));
  const width = limit(bounds.width, Math.min(smallest.width, area.width), area.width);
  const height = limit(bounds.height, Math.min(smallest.height, area.height), area.height);
  const wanted = shown(area) > 0 ? bounds : middle(area, { width, height });
  return {
    x: limit(wanted.x, area.x, area.x + area.width - width),
    y: limit(wanted.y, area.y, area.y + area.height - height),
    width,
    height,
  };
}

const limit = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));
const overlap = (a: number, lengthA: number, b: number, lengthB: number) =>
  Math.max(0, Math.min(a + lengthA, b + lengthB) - Math.max(a, b));
const middle = (area: Bounds, { width, height }: { width: number; height: number }) => ({
  x: Math.round(area.x + (area.width - width) / 2),
  y: Math.round(area.y + (area.height - height) / 2),
});

/** What was open at the last end, the oldest window first; none when the file is missing or damaged. */
export function readWindows(file: string): WindowState[] {
  try {
    return z
      .array(WindowState)
      .parse(JSON.parse(readPrivateFile(file, () => {}) ?? '[]'))
      .slice(0, most);
  } catch {
    return [];
  }
}

export const writeWindows = (file: string, states: readonly WindowState[]): void =>
  writePrivateFile(file, `${JSON.stringify(states, null, 2)}\n`);
