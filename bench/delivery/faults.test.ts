import { expect, it } from 'vitest';
import { underFire } from './faults.ts';

// The bench `delivery` does the same with 100 programs, 50 streams, 1,000 resets and 20 kills.
it('under resets, kills of the server and ends of programs nothing is lost, doubled or out of order', async () => {
  const result = await underFire({ programs: 12, streams: 6, resets: 120, kills: 4 });
  expect(result).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 0, snapshots: 0 });
  expect(result.recoveries).toHaveLength(4);
  expect(result.events).toBeGreaterThan(result.commands);
}, 120_000);
