import { FOLDED_MS, type Pause } from '../../../state/timeline/axis.ts';
import { RULER } from '../layout.ts';
import { xOf } from '../span.ts';
import { pauseText, ticks } from '../ticks.ts';
import type { Canvas, Picture } from './picture.ts';

/** The flag of the playhead is about so wide. */
const FLAG = 72;

/** A pause narrower than this is a line, and where there are many of them, one in the ruler alone. */
const NARROW = 4;
const MANY = 24;

interface Taken {
  from: number;
  to: number;
}

/** Round times as hair lines, folded pauses as gaps with their length. */
export function paintGrid(canvas: Canvas, picture: Picture, pauses: Pause[], bottom: number): void {
  const { timeline, span, palette, head } = picture;
  const labels = paintPauses(canvas, picture, pauses, bottom);
  // The playhead's flag hides what lies there.
  const flag = xOf(span, head);
  for (const { x, label } of ticks(timeline.axis, span)) {
    const at = Math.round(x);
    canvas.fillStyle = palette.hair;
    canvas.fillRect(at, 0, 1, bottom);
    const from = at + 6;
    const to = from + canvas.measureText(label).width;
    if (to > span.width || (from < flag && to > flag - FLAG)) continue;
    if (labels.some((each) => each.from < to + 6 && each.to > from - 6)) continue;
    canvas.fillStyle = palette.text3;
    canvas.fillText(label, from, RULER / 2);
  }
}

/** Returns where their labels stand. */
function paintPauses(canvas: Canvas, { span, palette }: Picture, pauses: Pause[], bottom: number): Taken[] {
  const wide = FOLDED_MS / span.perPx;
  const many = wide < NARROW && pauses.length > MANY;
  const labels: Taken[] = [];
  let before = Number.NEGATIVE_INFINITY;
  canvas.strokeStyle = palette.text3;
  canvas.setLineDash([2, 3]);
  for (const { from, to, place } of pauses) {
    const x = xOf(span, place);
    // Gaps that nobody could tell apart.
    if (x + wide < before + 3) continue;
    before = x + wide;
    canvas.fillStyle = palette.sunken;
    if (!many) canvas.fillRect(x, RULER, Math.max(1, wide), bottom - RULER);
    canvas.globalAlpha = 0.55;
    canvas.beginPath();
    for (const edge of wide < NARROW ? [x] : [x, x + wide]) {
      canvas.moveTo(Math.round(edge) + 0.5, many ? RULER - 6 : RULER);
      canvas.lineTo(Math.round(edge) + 0.5, many ? RULER : bottom);
    }
    canvas.stroke();
    canvas.globalAlpha = 1;
    if (many) continue;
    const label = pauseText(to - from);
    const room = canvas.measureText(label).width;
    const left = x + wide / 2 - room / 2;
    if (left < (labels.at(-1)?.to ?? Number.NEGATIVE_INFINITY) + 8) continue;
    labels.push({ from: left, to: left + room });
    canvas.fillStyle = palette.text;
    canvas.fillText(label, left, RULER / 2);
  }
  canvas.setLineDash([]);
  return labels;
}
