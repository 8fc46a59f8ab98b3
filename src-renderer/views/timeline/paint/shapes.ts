import type { Canvas } from './picture.ts';

/** What lies farther beside the canvas is not drawn: it may be very wide. */
const BESIDE = 40;

/** The part of it that is worth drawing. */
function seen(canvas: Canvas, x: number, wide: number): { left: number; right: number } {
  return { left: Math.max(x, -BESIDE), right: Math.min(x + wide, canvas.canvas.width + BESIDE) };
}

/** A box as a path, rounded at the right. */
export function outline(canvas: Canvas, x: number, y: number, wide: number, high: number, radius: number): void {
  const { left, right } = seen(canvas, x, wide);
  const round = Math.min(radius, wide / 2);
  canvas.beginPath();
  canvas.roundRect(left, y, Math.max(0, right - left), high, [0, round, round, 0]);
}

/** A dashed box, rounded at the left and open at the right. */
export function dashed(
  canvas: Canvas,
  x: number,
  y: number,
  wide: number,
  high: number,
  colour: string,
  radius: number,
): void {
  const { left, right } = seen(canvas, x, wide);
  if (right <= left) return;
  const round = Math.min(radius, wide / 2);
  const [edge, top, bottom] = [left + 0.5, y + 0.5, y + high - 0.5];
  canvas.strokeStyle = colour;
  canvas.setLineDash([3, 2]);
  canvas.beginPath();
  canvas.moveTo(right, top);
  canvas.lineTo(edge + round, top);
  canvas.arcTo(edge, top, edge, top + round, round);
  canvas.lineTo(edge, bottom - round);
  canvas.arcTo(edge, bottom, edge + round, bottom, round);
  canvas.lineTo(right, bottom);
  canvas.stroke();
  canvas.setLineDash([]);
}

const HATCH = 7;
/** Narrower than this there is no room for a line that slants. */
const LEAST_HATCHED = 4;

/** A box with slanting lines. */
export function hatched(canvas: Canvas, x: number, y: number, wide: number, high: number, colour: string): void {
  const { left, right } = seen(canvas, x, wide);
  if (right <= left) return;
  if (wide < LEAST_HATCHED) {
    canvas.fillStyle = colour;
    canvas.fillRect(left, y, wide, high);
    return;
  }
  canvas.save();
  canvas.beginPath();
  canvas.rect(left, y, right - left, high);
  canvas.clip();
  canvas.strokeStyle = colour;
  canvas.lineWidth = 2;
  canvas.beginPath();
  // In the pattern of the box, so that it moves with it.
  for (let at = x + Math.floor((left - high - x) / HATCH) * HATCH; at < right; at += HATCH) {
    canvas.moveTo(at, y + high);
    canvas.lineTo(at + high, y);
  }
  canvas.stroke();
  canvas.restore();
  canvas.strokeStyle = colour;
  canvas.strokeRect(left + 0.5, y + 0.5, Math.max(0.5, right - left - 1), high - 1);
}

export function dotted(canvas: Canvas, x: number, y: number, high: number, colour: string): void {
  canvas.strokeStyle = colour;
  canvas.lineWidth = 2;
  canvas.setLineDash([2, 3]);
  canvas.beginPath();
  canvas.moveTo(x, y);
  canvas.lineTo(x, y + high);
  canvas.stroke();
  canvas.setLineDash([]);
  canvas.lineWidth = 1;
}
