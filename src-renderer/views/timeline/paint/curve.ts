import type { Axis } from '../../../state/timeline/axis.ts';
import { type Bar, samplesOf } from '../../../state/timeline/bar.ts';
import type { Ink } from '../colours.ts';
import type { Canvas } from './picture.ts';

/** Between two points of a curve, in pixels, and at least in time. */
const CURVE_STEP = 6;
const SHORTEST_MS = 300;
const MOST_POINTS = 400;

interface Inside {
  /** The places between which it streamed so far. */
  from: number;
  to: number;
  /** Pixels: its left edge, its top and its height; milliseconds a pixel. */
  x: number;
  y: number;
  high: number;
  perPx: number;
  ink: Ink;
}

interface Curve {
  key: string;
  /** Tokens a second in each step of so many milliseconds. */
  values: Float32Array;
  step: number;
  most: number;
}

const curves = new WeakMap<Bar, Curve>();

/** Tokens a second while it streamed, of that turn's own greatest. */
export function curve(canvas: Canvas, bar: Bar, axis: Axis, { from, to, x, y, high, perPx, ink }: Inside): void {
  const { values, step, most } = curveOf(bar, axis, from, bar.endPlace ?? to, perPx);
  if (most === 0) return;
  const right = x + (to - from) / perPx;
  const height = (value: number) => y + high - 2 - (value / most) * (high - 6);
  canvas.beginPath();
  canvas.moveTo(x, y + high - 2);
  for (let index = 0; index < values.length; index++)
    canvas.lineTo(x + ((index + 0.5) * step) / perPx, height(values[index]!));
  // It falls at its end, and goes on as it was while it runs.
  canvas.lineTo(right, bar.endPlace === null ? height(values.at(-1)!) : y + high - 2);
  canvas.strokeStyle = ink.full;
  canvas.lineWidth = 1.5;
  canvas.lineJoin = 'round';
  canvas.stroke();
  canvas.lineWidth = 1;
  canvas.lineTo(right, y + high);
  canvas.lineTo(x, y + high);
  const alpha = canvas.globalAlpha;
  canvas.globalAlpha = alpha * 0.16;
  canvas.fillStyle = ink.full;
  canvas.fill();
  canvas.globalAlpha = alpha;
}

/** Steps of a length that depends on the scale alone, so that a curve which grows keeps its shape. */
function curveOf(bar: Bar, axis: Axis, from: number, to: number, perPx: number): Curve {
  const samples = samplesOf(bar);
  let step = SHORTEST_MS;
  while (step < CURVE_STEP * perPx || (to - from) / step > MOST_POINTS) step *= 2;
  const running = bar.endPlace === null;
  // The step of now is not over yet.
  const count = Math.max(1, running ? Math.floor((to - from) / step) : Math.round((to - from) / step));
  const key = `${step} ${count} ${samples.times.length} ${bar.state}`;
  const before = curves.get(bar);
  if (before?.key === key) return before;
  const raw = new Float32Array(count);
  const { times, tokens } = samples;
  for (let index = 0; index < times.length; index++) {
    const at = Math.max(0, Math.floor((axis.place(times[index]!) - from) / step));
    if (at < count) raw[at]! += tokens[index]!;
    else if (!running) raw[count - 1]! += tokens[index]!;
  }
  const values = raw.map((value, index) => ((raw[index - 1] ?? value) + 2 * value + (raw[index + 1] ?? value)) / 4);
  const kept = { key, values, step, most: Math.max(...values) };
  curves.set(bar, kept);
  return kept;
}
