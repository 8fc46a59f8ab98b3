import { type Clock, LONGEST_WAIT_MS } from '#shared/kit/clock.ts';
import type { Random } from '#shared/kit/ids.ts';

export const browserClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, LONGEST_WAIT_MS));
    return () => clearTimeout(timer);
  },
};

/** 53 unguessable bits a call. */
export const browserRandom: Random = () => {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return ((high! >>> 5) * 2 ** 26 + (low! >>> 6)) / 2 ** 53;
};
