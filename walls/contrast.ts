/** Red, green, blue from 0 to 255. */
export type Colour = [number, number, number];

/** Both themes of a set of tokens written `--name: light-dark(#rrggbb, #rrggbb)`. */
export function themesIn(css: string): { light: Record<string, Colour>; dark: Record<string, Colour> } {
  const light: Record<string, Colour> = {};
  const dark: Record<string, Colour> = {};
  for (const [, name, a, b] of css.matchAll(/--([\w-]+):\s*light-dark\(\s*#(\w{6})\s*,\s*#(\w{6})\s*\)/g)) {
    light[name!] = colour(a!);
    dark[name!] = colour(b!);
  }
  return { light, dark };
}

const colour = (hex: string) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Colour;

const linear = (part: number) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);

/** Contrast by WCAG 2.2, from 1 to 21. */
export function contrast(a: Colour, b: Colour): number {
  const luminance = ([red, green, blue]: Colour) =>
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** `part` of a over b, as a translucent wash shows it. */
export const mix = (a: Colour, b: Colour, part: number) =>
  a.map((value, at) => value * part + b[at]! * (1 - part)) as Colour;

type Matrix = readonly [Colour, Colour, Colour];

/** How eyes without one kind of cone see linear colours (Machado 2009). */
export const eyes: Readonly<Record<string, Matrix>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

/** How far apart two colours look to these eyes, in OKLab. */
export function distance(a: Colour, b: Colour, eye: Matrix): number {
  const lab = (each: Colour) => {
    const seen = eye.map((row) => Math.min(1, Math.max(0, dot(row, each.map(linear)))));
    const cones = [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ].map((row) => Math.cbrt(dot(row, seen)));
    return [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ].map((row) => dot(row, cones));
  };
  const [first, second] = [lab(a), lab(b)];
  return Math.hypot(...first.map((value, at) => value - second[at]!));
}
