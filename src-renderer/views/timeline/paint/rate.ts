import { RATE } from '../layout.ts';
import { xOf } from '../span.ts';
import type { Canvas, Picture } from './picture.ts';

/** The area of all tokens. */
export function paintRate(canvas: Canvas, { timeline, span, palette, until, now }: Picture, top: number): void {
  const { rate, axis } = timeline;
  const stretch = Math.max(4 * span.perPx, 1000);
  // The scale stays while one pans.
  const most = rate.most(2 ** Math.round(Math.log2(stretch)));
  if (most <= 0) return;
  const [high, bottom] = [RATE - 12, top + RATE - 4];
  const left = Math.max(0, xOf(span, 0));
  const reach = Math.max(axis.length, now);
  const right = Math.min(span.width, xOf(span, Math.min(reach, until ?? reach)));
  if (right <= left) return;
  const end = span.from + right * span.perPx;
  const height = (place: number) => {
    // At the end there is only what was before it.
    const to = Math.min(place + stretch / 2, end);
    return bottom - Math.min(1, Math.max(0, rate.between(to - stretch, to)) / most) * high;
  };
  canvas.beginPath();
  canvas.moveTo(left, bottom);
  // The same stretches wherever one has panned to, so that the area does not shimmer.
  const step = stretch / 2;
  for (let place = Math.ceil(Math.max(0, span.from) / step) * step; place < end; place += step)
    canvas.lineTo(xOf(span, place), height(place));
  canvas.lineTo(right, height(end));
  canvas.strokeStyle = palette.text3;
  canvas.lineWidth = 1.5;
  canvas.lineJoin = 'round';
  canvas.stroke();
  canvas.lineWidth = 1;
  canvas.lineTo(right, bottom);
  canvas.lineTo(left, bottom);
  canvas.globalAlpha = 0.16;
  canvas.fillStyle = palette.text3;
  canvas.fill();
  canvas.globalAlpha = 1;
}
