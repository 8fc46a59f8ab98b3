import { RATE, RULER } from '../layout.ts';
import { endOf } from '../span.ts';
import { paintActs } from './acts.ts';
import { paintGrid } from './grid.ts';
import { paintLane } from './lane.ts';
import type { Canvas, Picture } from './picture.ts';
import { paintRate } from './rate.ts';

/** Ruler, lanes and all tokens, as they are now. */
export function paint(canvas: Canvas, picture: Picture): void {
  const { span, height, palette } = picture;
  const below = RULER + height;
  canvas.clearRect(0, 0, span.width, below + RATE);
  canvas.font = palette.font;
  canvas.textBaseline = 'middle';
  canvas.lineWidth = 1;
  const pauses = picture.timeline.axis.between(span.from, endOf(span));
  paintGrid(canvas, picture, pauses, below + RATE);
  canvas.save();
  canvas.beginPath();
  canvas.rect(0, RULER, span.width, height);
  canvas.clip();
  canvas.translate(0, RULER - picture.scrolled);
  for (const [index, lane] of picture.timeline.lanes.entries()) {
    const at = picture.lanes[index];
    if (at === undefined || at.top + at.height < picture.scrolled || at.top > picture.scrolled + height) continue;
    canvas.fillStyle = palette.hair;
    canvas.fillRect(0, at.top + at.height - 1, span.width, 1);
    if (lane.speaker === null) paintActs(canvas, picture, lane, at);
    else paintLane(canvas, picture, lane, at);
  }
  canvas.restore();
  canvas.fillStyle = palette.hair;
  canvas.fillRect(0, RULER - 1, span.width, 1);
  canvas.fillRect(0, below - 1, span.width, 1);
  paintRate(canvas, picture, below);
}
