import type { Lane } from '../../../state/timeline/lanes.ts';
import { walk } from '../../../state/timeline/walk.ts';
import { type Placed, rowTop } from '../layout.ts';
import { endOf, xOf } from '../span.ts';
import { paintBar } from './bar.ts';
import { paintEnds } from './ends.ts';
import { type Canvas, fade, type Picture } from './picture.ts';

/** Turns narrower than this are drawn together, in pixels. */
export const LEAST_PX = 2;
/** From here on the parts of a turn can be told apart. */
const DETAIL_PX = 5;

export function paintLane(canvas: Canvas, picture: Picture, lane: Lane, { top }: Placed): void {
  const { span, measures, palette, now, until, faint, timeline } = picture;
  const ink = palette.of(picture.colourOf(lane));
  const seen = endOf(span);
  for (const [index, row] of lane.rows.entries()) {
    const y = top + rowTop(index, measures);
    walk(row, span.from, seen, LEAST_PX * span.perPx, now, (bar, from, to, more) => {
      const x = xOf(span, from);
      const wide = (to - from) / span.perPx;
      canvas.globalAlpha = fade(from, until, faint !== null && !more && !faint(bar.turn));
      const later = until !== null && from >= until;
      if (more || later || wide < DETAIL_PX) {
        canvas.fillStyle = ink.full;
        canvas.fillRect(x, y, Math.max(1, wide), measures.bar);
      } else paintBar(canvas, picture, timeline.axis, bar, { y, to: Math.min(to, until ?? to), ink });
    });
  }
  canvas.globalAlpha = 1;
  paintEnds(canvas, picture, lane, top);
}
