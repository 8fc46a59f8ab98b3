import { randomFillSync } from 'node:crypto';
import { type Clock, LONGEST_WAIT_MS } from '#shared/kit/clock.ts';
import type { Random } from '#shared/kit/ids.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, LONGEST_WAIT_MS)).unref();
    return () => clearTimeout(timer);
  },
};

const pool = new Uint32Array(512);
let used = pool.length;

/** 53 unguessable bits a call, from a pool. */
export const cryptoRandom: Random = () => {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const high = pool[used++]! >>> 5;
  const low = pool[used++]! >>> 6;
  return (high * 2 ** 26 + low) / 2 ** 53;
};
