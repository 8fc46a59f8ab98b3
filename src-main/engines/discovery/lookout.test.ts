import { describe, expect, it } from 'vitest';
import { fakeClock } from '#shared/kit/testing/clock.ts';
import type { LocalService } from './local-services.ts';
import { Lookout } from './lookout.ts';

const second = 1000;
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function lookout({ look = async () => null }: { look?: LocalService['look'] } = {}) {
  const clock = fakeClock();
  const looks: number[] = [];
  const seen: (string | null)[] = [];
  const off = new Set<string>();
  let answer = look;
  const service: LocalService = {
    id: 'found-ollama',
    name: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    look: (signal) => {
      looks.push(clock.monotonic() / second);
      return answer(signal);
    },
  };
  const made = new Lookout({
    services: [service],
    clock,
    mayLookFor: (id) => !off.has(id),
    seen: async (_, there) => void seen.push(there),
    logger: { warn: () => expect.unreachable() },
  });
  /** Time goes on second by second; whatever was begun is done in between. */
  const pass = async (seconds: number) => {
    for (let n = 0; n < seconds; n++) {
      clock.advance(second);
      await settled();
    }
  };
  return { clock, looks, seen, off, made, pass, answer: (next: LocalService['look']) => (answer = next) };
}

describe('looking for what runs on this computer', () => {
  it('goes on only while somebody follows, in pauses that double up to five minutes', async () => {
    const { made, looks, pass, clock } = lookout();
    await made.look();
    await pass(100);
    expect(looks).toEqual([0]);
    expect(clock.timers).toBe(0);
    const leave = made.follow();
    const other = made.follow();
    await pass(1500);
    expect(looks.slice(1)).toEqual([115, 145, 205, 325, 565, 865, 1165, 1465]);
    leave();
    leave();
    await pass(300);
    expect(looks).toHaveLength(10);
    other();
    expect(clock.timers).toBe(0);
    await pass(600);
    expect(looks).toHaveLength(10);
  });

  it('goes back to short pauses when something came or went', async () => {
    const { made, looks, seen, pass, answer } = lookout();
    made.follow();
    await pass(16);
    answer(async () => 'a model');
    await pass(60);
    expect(looks).toEqual([15, 45, 60]);
    expect(seen).toEqual([null, 'a model', 'a model']);
    answer(async () => 'two models');
    await pass(45);
    expect(looks).toEqual([15, 45, 60, 90, 105]);
    answer(async () => null);
    await pass(45);
    expect(looks).toEqual([15, 45, 60, 90, 105, 135, 150]);
  });

  it('is one look at a time; who asks meanwhile gets one that began afterwards', async () => {
    const waiting: ((offer: string | null) => void)[] = [];
    const { made, looks, seen } = lookout({ look: () => new Promise((resolve) => void waiting.push(resolve)) });
    const first = made.look();
    const second = made.look();
    const third = made.look();
    await settled();
    expect(looks).toHaveLength(1);
    waiting[0]!(null);
    await first;
    await settled();
    expect(looks).toHaveLength(2);
    expect(seen).toEqual([null]);
    waiting[1]!('a model');
    await Promise.all([second, third]);
    expect(seen).toEqual([null, 'a model']);
    expect(looks).toHaveLength(2);
  });

  it('gives up on one that accepts and says nothing, and ends its request', async () => {
    let asked: AbortSignal | undefined;
    const { made, seen, clock } = lookout({
      look: (signal) => {
        asked = signal;
        return new Promise(() => {});
      },
    });
    const looked = made.look();
    clock.advance(1500);
    await looked;
    expect(seen).toEqual([null]);
    expect(asked?.aborted).toBe(true);
  });

  it('does not ask one that is switched off, and asks at once for one that a message needs', async () => {
    const { made, looks, off } = lookout();
    await made.lookFor('something-else');
    expect(looks).toHaveLength(0);
    await made.lookFor('found-ollama');
    expect(looks).toHaveLength(1);
    off.add('found-ollama');
    await made.lookFor('found-ollama');
    expect(looks).toHaveLength(1);
  });

  it('is over when the app ends', async () => {
    const { made, looks, clock } = lookout();
    made.follow();
    made.close();
    expect(clock.timers).toBe(0);
    await made.look();
    expect(looks).toEqual([]);
  });
});
