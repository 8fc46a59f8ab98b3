import type { Axis } from '../../../state/timeline/axis.ts';
import { type Bar, streamed, timeOf } from '../../../state/timeline/bar.ts';
import type { Ink } from '../colours.ts';
import { xOf } from '../span.ts';
import { curve } from './curve.ts';
import { type Canvas, LATER, type Picture } from './picture.ts';
import { dashed, dotted, hatched, outline } from './shapes.ts';

const RADIUS = 4;
/** Narrower than this a curve tells nothing. */
const CURVE_PX = 20;

interface Drawn {
  /** Its top, in pixels. */
  y: number;
  /** The place up to which it has come. */
  to: number;
  ink: Ink;
}

/** Dashed: queue. Hatched: to the first token. Washed with outline: streaming, with its rate inside. */
export function paintBar(canvas: Canvas, picture: Picture, axis: Axis, bar: Bar, drawn: Drawn): void {
  const { span, measures, now, until } = picture;
  const { y, ink, to } = drawn;
  const high = measures.bar;
  const cut = until !== null && to < (bar.endPlace ?? now);
  const place = (time: number | null) => (time === null ? to : Math.min(to, axis.place(time)));
  const [start, work, first] = [place(bar.start), place(bar.work), place(bar.first)];
  const x = (at: number) => xOf(span, at);
  // The rest of it is still to come in a replay.
  if (cut) {
    canvas.globalAlpha = LATER;
    canvas.fillStyle = ink.full;
    canvas.fillRect(x(to), y, ((bar.endPlace ?? now) - to) / span.perPx, high);
    canvas.globalAlpha = 1;
  }
  if (work > start) dashed(canvas, x(start), y, (work - start) / span.perPx, high, ink.line, RADIUS);
  if (first > work) {
    let from = work;
    for (const { time, ms } of bar.waits) {
      const [wait, over] = [Math.min(first, axis.place(time)), Math.min(first, axis.place(time + ms))];
      if (wait > from) hatched(canvas, x(from), y, (wait - from) / span.perPx, high, ink.line);
      if (over > wait) dashed(canvas, x(wait), y, (over - wait) / span.perPx, high, picture.palette.warn, 0);
      from = Math.max(from, over);
    }
    if (first > from) hatched(canvas, x(from), y, (first - from) / span.perPx, high, ink.line);
  }
  if (bar.first !== null && to >= first) paintStream(canvas, picture, axis, bar, { ...drawn, from: first, cut });
  if (bar.buffered && !cut) label(canvas, picture, 'buffered', x(start), (to - start) / span.perPx, y + high / 2 + 1);
  if (bar.end === null && !cut) {
    canvas.fillStyle = ink.full;
    canvas.fillRect(x(to) - 3, y, 3, high);
  }
  for (const { offset } of bar.seams) {
    const time = timeOf(bar, offset);
    if (time !== null && axis.place(time) <= to)
      dotted(canvas, x(axis.place(time)), y - 8, high + 16, picture.palette.warn);
  }
}

function paintStream(
  canvas: Canvas,
  { span, measures }: Picture,
  axis: Axis,
  bar: Bar,
  { y, ink, from, to, cut }: Drawn & { from: number; cut: boolean },
): void {
  const [x, wide, high] = [xOf(span, from), Math.max(1, (to - from) / span.perPx), measures.bar];
  const shape = () =>
    outline(canvas, x + 0.5, y + 0.5, Math.max(0.5, wide - 1), high - 1, bar.end === null || cut ? 0 : RADIUS);
  canvas.save();
  shape();
  canvas.fillStyle = ink.wash;
  canvas.fill();
  canvas.clip();
  if (streamed(bar) && wide >= CURVE_PX) curve(canvas, bar, axis, { from, to, x, y, high, perPx: span.perPx, ink });
  canvas.restore();
  shape();
  canvas.strokeStyle = ink.full;
  canvas.stroke();
}

/** A word on a bar, where there is room for it. */
function label(canvas: Canvas, { palette }: Picture, text: string, x: number, wide: number, middle: number): void {
  const room = canvas.measureText(text).width + 8;
  if (wide < room + 8) return;
  const left = x + (wide - room) / 2;
  canvas.fillStyle = palette.surface;
  canvas.beginPath();
  canvas.roundRect(left, middle - 9, room, 17, 3);
  canvas.fill();
  canvas.fillStyle = palette.text;
  canvas.fillText(text, left + 4, middle);
}
