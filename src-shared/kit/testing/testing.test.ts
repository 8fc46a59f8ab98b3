import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { timeOf } from '../ids.ts';
import { fakeClock, START } from './clock.ts';
import { countedIds } from './ids.ts';

describe('fake clock', () => {
  it('runs what falls due in order of time, then of registration, each at its own moment', () => {
    const clock = fakeClock();
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name}@${clock.monotonic()}`);
    clock.after(20, note('late'));
    clock.after(10, note('first'));
    clock.after(10, note('second'));
    clock.advance(15);
    expect(ran).toEqual(['first@10', 'second@10']);
    clock.advance(5);
    expect(ran).toEqual(['first@10', 'second@10', 'late@20']);
    expect(clock.now()).toBe(START + 20);
  });

  it('runs timers that were set on the way, and never a cancelled one', () => {
    const clock = fakeClock();
    let ticks = 0;
    const tick = () => {
      ticks += 1;
      clock.after(10, tick);
    };
    clock.after(10, tick);
    const cancel = clock.after(5, () => expect.unreachable());
    cancel();
    clock.advance(35);
    expect(ticks).toBe(3);
    expect(clock.timers).toBe(1);
  });

  it('jumps with the wall clock alone, and sleeps with both, running what fell due late', () => {
    const clock = fakeClock();
    let ranAt = -1;
    clock.after(10, () => {
      ranAt = clock.monotonic();
    });
    clock.jump(-5000);
    expect([clock.now(), clock.monotonic()]).toEqual([START - 5000, 0]);
    clock.sleep(1000);
    expect([ranAt, clock.now()]).toEqual([1000, START - 4000]);
  });
});

it('counted ids are different, count up and are valid command ids of their time', () => {
  const clock = fakeClock();
  const newId = countedIds(clock.now);
  const first = newId();
  clock.advance(1000);
  const second = newId();
  expect(z.array(z.uuidv7()).parse([first, second])).toEqual([first, second]);
  expect([timeOf(first), timeOf(second)]).toEqual([START, START + 1000]);
  expect(first < second).toBe(true);
});
