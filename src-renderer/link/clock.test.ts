import { expect, it } from 'vitest';
import { browserClock as clock } from './clock.ts';

it('a wait that is longer than any timer does not end at once', async () => {
  const ended: string[] = [];
  const cancel = clock.after(3_000_000_000, () => ended.push('the long one'));
  await new Promise<void>((resolve) => clock.after(20, resolve));
  cancel();
  expect(ended).toEqual([]);
});
