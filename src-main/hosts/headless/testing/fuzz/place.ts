import { afterAll, beforeAll, expect, it } from 'vitest';
import { timeout } from './runs.ts';
import { World } from './world.ts';

/** What is tried at one place, by what it shows. */
export type Attempts = Record<string, (world: World) => Promise<void>>;

/** What caches and compiled code may add from one pass to the next one (0.4 MB were seen); a leak adds with every input. */
const SLACK = 4 * 1024 * 1024;

/**
 * The tests of one place, against a server of their own: each attempt, after which the server is well; then all of them once
 * more, after which nobody is left there, memory is where it was after the first time, and the log file holds no mistake
 * and nothing of what was said. `once`: what a second pass can do without. `meanwhile`: what mostly waits, beside the others.
 */
export function fuzzPlace(attempts: Attempts, once: Attempts = {}, meanwhile: Attempts = {}): void {
  let world: World;
  const waiting = new Map<string, Promise<void>>();
  beforeAll(async () => {
    world = await World.start();
    for (const [title, attempt] of Object.entries(meanwhile)) {
      const running = attempt(world);
      // Told where it is waited for.
      running.catch(() => {});
      waiting.set(title, running);
    }
  }, 30_000);
  afterAll(() => world.stop());

  for (const [title, attempt] of Object.entries({ ...attempts, ...once }))
    it(title, { timeout }, async () => {
      await attempt(world);
      await world.expectWell();
    });

  for (const title of Object.keys(meanwhile)) it(title, { timeout }, () => waiting.get(title));

  it('in the end nobody is left there, and a second pass takes no more memory than the first', {
    timeout: 4 * timeout,
  }, async () => {
    await world.expectNobodyThere();
    const before = await world.heap();
    for (const attempt of Object.values(attempts)) await attempt(world);
    await world.expectNobodyThere();
    const grown = (await world.heap()) - before;
    expect(grown).toBeLessThan(SLACK);
  });

  it('its log file holds no mistake of ours, and nothing of what was said', () => {
    world.expectCleanLog();
  });
}
