import type { Lane } from '../../../state/timeline/lanes.ts';
import type { Palette } from '../colours.ts';
import type { Placed } from '../layout.ts';
import { timeOf } from '../move.ts';
import { xOf } from '../span.ts';
import { LEAST_PX } from './lane.ts';
import { type Canvas, fade, type Picture } from './picture.ts';

/** Circles nearer than this would lie on each other. */
const APART = 20;

/** Messages as circles with a figure, other things as dots; where there is no room for them, as lines. */
export function paintActs(canvas: Canvas, picture: Picture, { items }: Lane, { top, height }: Placed): void {
  const { timeline, span, palette, until, faint } = picture;
  const { axis } = timeline;
  const middle = top + height / 2;
  let before = Number.NEGATIVE_INFINITY;
  for (let index = firstFrom(items, axis.time(span.from - 14 * span.perPx)); index < items.length; ) {
    const item = items[index]!;
    if (item.kind === 'turn') break;
    const place = axis.place(item.time);
    const x = xOf(span, place);
    if (x > span.width + 14) break;
    const next = items[index + 1];
    const near = next?.kind !== 'turn' && next !== undefined && xOf(span, axis.place(next.time)) < x + APART;
    canvas.globalAlpha = fade(place, until, item.node !== null && faint !== null && !faint(item.node));
    if (item.kind === 'act') {
      canvas.fillStyle = palette.text3;
      canvas.beginPath();
      canvas.arc(x, middle, 3, 0, 7);
      canvas.fill();
    } else if (near || x < before + APART) {
      canvas.fillStyle = palette.text;
      canvas.fillRect(x - 1, middle - 9, 2, 18);
    } else figure(canvas, x, middle, palette);
    before = x;
    // What lies on the same two pixels is one line.
    const skip = firstFrom(items, axis.time(place + LEAST_PX * span.perPx), index + 1);
    index = Math.max(index + 1, skip);
  }
  canvas.globalAlpha = 1;
}

function figure(canvas: Canvas, x: number, y: number, { surface, text }: Palette): void {
  canvas.beginPath();
  canvas.arc(x, y, 11.5, 0, 7);
  canvas.fillStyle = surface;
  canvas.fill();
  canvas.strokeStyle = text;
  canvas.stroke();
  canvas.lineWidth = 1.4;
  canvas.beginPath();
  canvas.arc(x, y - 2.2, 2.2, 0, 7);
  canvas.moveTo(x - 4, y + 4.6);
  canvas.bezierCurveTo(x - 3.4, y + 1, x + 3.4, y + 1, x + 4, y + 4.6);
  canvas.stroke();
  canvas.lineWidth = 1;
}

function firstFrom(items: Lane['items'], time: number, from = 0): number {
  let [low, high] = [from, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeOf(items[middle]!) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
