import type { Bar } from '../../../state/timeline/bar.ts';
import type { Lane } from '../../../state/timeline/lanes.ts';
import { rowTop } from '../layout.ts';
import { endOf, xOf } from '../span.ts';
import type { Canvas, Picture } from './picture.ts';

/** How wide the edge of a broken bar is; no wider than the bar. */
const EDGE = 3;
/** Signs nearer than this are left out: far away they would hide what they stand on. */
const [CLOSE, FAR] = [15, 26];
/** From how many milliseconds a pixel on one looks from far away. */
const FAR_PER_PX = 1500;

/** Failed: red edge and a cross. Interrupted: amber edge and a stroke. Stopped: a square. */
export function paintEnds(canvas: Canvas, picture: Picture, { broken }: Lane, top: number): void {
  const { span, measures, until } = picture;
  const far = span.perPx > FAR_PER_PX;
  const apart = far ? FAR : CLOSE;
  const reach = CLOSE * span.perPx;
  let [edge, sign] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = firstEnd(broken, span.from - reach); index < broken.length; index++) {
    const bar = broken[index]!;
    const end = bar.endPlace ?? 0;
    if (end > endOf(span) + reach) break;
    if (until !== null && end > until) continue;
    const x = xOf(span, end);
    if (x < edge + 1) {
      index = Math.max(index, firstEnd(broken, end + span.perPx) - 1);
      continue;
    }
    // From far away only what went wrong is worth a sign.
    if (far && bar.state === 'stopped') continue;
    edge = x;
    const y = top + rowTop(bar.row, measures);
    const wide = Math.min(EDGE, Math.max(1, (end - bar.place) / span.perPx));
    canvas.fillStyle = colourOf(bar, picture);
    if (bar.state !== 'stopped') canvas.fillRect(x - wide, y, wide, measures.bar);
    if (x < sign + apart) continue;
    sign = x;
    paintSign(canvas, picture, bar, x - 1.5, y - 2);
  }
}

function colourOf({ state }: Bar, { palette }: Picture): string {
  if (state === 'stopped') return palette.text;
  return state === 'failed' ? palette.error : palette.warn;
}

/** A disc with what happened in it. */
function paintSign(canvas: Canvas, { palette }: Picture, { state }: Bar, x: number, y: number): void {
  canvas.beginPath();
  canvas.arc(x, y, 7, 0, 7);
  canvas.fill();
  canvas.strokeStyle = palette.surface;
  canvas.lineWidth = 1.6;
  canvas.beginPath();
  if (state === 'failed') {
    canvas.moveTo(x - 2.5, y - 2.5);
    canvas.lineTo(x + 2.5, y + 2.5);
    canvas.moveTo(x + 2.5, y - 2.5);
    canvas.lineTo(x - 2.5, y + 2.5);
  } else if (state === 'interrupted') {
    canvas.moveTo(x, y - 4);
    canvas.lineTo(x, y + 0.5);
    canvas.moveTo(x, y + 2.6);
    canvas.lineTo(x, y + 3.8);
  } else {
    canvas.fillStyle = palette.surface;
    canvas.fillRect(x - 2.5, y - 2.5, 5, 5);
  }
  canvas.stroke();
  canvas.lineWidth = 1;
}

function firstEnd(bars: readonly Bar[], place: number): number {
  let [low, high] = [0, bars.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bars[middle]!.endPlace ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
