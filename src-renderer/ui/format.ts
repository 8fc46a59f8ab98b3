/** Numbers with a unit and a space, in two or three digits that matter. */
const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const three = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 });

export const count = (value: number): string => whole.format(value);

/** `none`, `1 token`, `318 tokens`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  value === 0 ? `no ${many}` : `${count(value)} ${value === 1 ? one : many}`;

export function duration(ms: number): string {
  if (ms < 1) return '< 1 ms';
  if (ms < 1000) return `${whole.format(ms)} ms`;
  if (ms < 60_000) return `${three.format(ms / 1000)} s`;
  const minutes = Math.floor(ms / 60_000);
  return `${count(minutes)} min ${whole.format(Math.floor((ms % 60_000) / 1000))} s`;
}

export const perSecond = (rate: number): string =>
  `${rate < 10 ? three.format(Math.round(rate * 10) / 10) : whole.format(rate)} tok/s`;

const ordinals = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

export function ordinal(value: number): string {
  const word = ordinals[value];
  if (word) return word;
  const rest = value % 100;
  const ending = rest > 10 && rest < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${count(value)}${ending}`;
}

/** Whole seconds until a moment, never below 0. */
export const secondsUntil = (moment: number, now: number): number => Math.max(0, Math.ceil((moment - now) / 1000));

const units = ['kB', 'MB', 'GB', 'TB'] as const;

/** What lies on a disk, as file managers say it: `184 MB`. */
export function bytes(value: number): string {
  let rest = value / 1000;
  let unit = 0;
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return rest < 0.1 ? `${count(value)} B` : `${three.format(rest)} ${units[unit]}`;
}

/** Tokens where they matter roughly: `640`, `8.9k`, `121k`. */
export const inThousands = (tokens: number): string =>
  tokens < 1000
    ? count(tokens)
    : `${tokens < 99_950 ? (tokens / 1000).toFixed(1).replace(/\.0$/, '') : count(tokens / 1000)}k`;

/** The context size of a model, as people say it: `32k` for 32,768 as for 32,000, `1M`. */
export function size(tokens: number): string {
  const base = tokens % 1000 !== 0 && tokens % 1024 === 0 ? 1024 : 1000;
  if (tokens < base) return count(tokens);
  return tokens < base ** 2 ? `${whole.format(tokens / base)}k` : `${three.format(tokens / base ** 2)}M`;
}
