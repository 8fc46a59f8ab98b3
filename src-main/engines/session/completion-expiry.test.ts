import { expect, it } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import { CompletionExpiry, KEPT_MS } from './completion-expiry.ts';

const HOUR = 3_600_000;

function some() {
  const clock = fakeClock();
  /** Session to when something last happened in it. */
  const kept = new Map<string, number>();
  const warnings: string[] = [];
  const disk = { full: false };
  const expiry = new CompletionExpiry({
    clock,
    log: {
      async oldCompletions(before) {
        const old = [...kept].filter(([, at]) => at < before).map(([session]) => session);
        return old.slice(0, 100);
      },
    },
    sessions: {
      async delete(session) {
        if (disk.full) throw new Error('disk full');
        kept.delete(session);
      },
    },
    logger: { warn: (_, message) => warnings.push(message) },
  });
  const hours = async (count: number) => {
    for (let hour = 0; hour < count; hour++) {
      clock.advance(HOUR);
      await new Promise(setImmediate);
    }
  };
  return { clock, kept, warnings, expiry, hours, disk };
}

it('what was made for one answer goes a day after its end, and when none is left nothing ticks', async () => {
  const { clock, kept, expiry, hours } = some();
  kept.set('old', clock.now());
  expiry.arm();
  await hours(10);
  kept.set('young', clock.now());
  await hours(KEPT_MS / HOUR - 10);
  expect([...kept.keys()]).toEqual(['old', 'young']);
  await hours(1);
  expect([...kept.keys()]).toEqual(['young']);
  await hours(10);
  expect([kept.size, clock.timers]).toEqual([0, 0]);
});

it('however many there are, all that are old enough go at once', async () => {
  const { clock, kept, expiry, hours } = some();
  for (let each = 0; each < 250; each++) kept.set(`old ${each}`, clock.now() - KEPT_MS);
  expiry.arm();
  await hours(1);
  expect([kept.size, clock.timers]).toEqual([0, 0]);
});

it('a deletion that fails is told and tried again', async () => {
  const { clock, kept, warnings, expiry, hours, disk } = some();
  kept.set('old', clock.now() - KEPT_MS);
  disk.full = true;
  expiry.arm();
  await hours(2);
  expect(warnings).toHaveLength(2);
  disk.full = false;
  await hours(1);
  expect(kept.size).toBe(0);
});

it('closed, it looks no more', async () => {
  const { clock, kept, expiry, hours } = some();
  kept.set('old', clock.now() - KEPT_MS);
  expiry.arm();
  expiry.close();
  expiry.arm();
  await hours(2);
  expect([kept.size, clock.timers]).toEqual([1, 0]);
});
