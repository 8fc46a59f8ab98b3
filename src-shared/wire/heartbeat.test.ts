import { beforeEach, describe, expect, it } from 'vitest';
import { type FakeClock, fakeClock } from '../kit/testing/clock.ts';
import { Heartbeat } from './heartbeat.ts';

describe('heartbeat', () => {
  let clock: FakeClock;
  let happened: string[];
  const note = (what: string) => () => void happened.push(`${what}@${clock.monotonic()}`);
  const start = () => new Heartbeat({ clock, ms: 100, quiet: note('ping'), dead: note('dead') });
  beforeEach(() => {
    clock = fakeClock();
    happened = [];
  });

  it('pings once after the silence and gives up after twice as much', () => {
    start();
    clock.advance(1000);
    expect(happened).toEqual(['ping@100', 'dead@200']);
    expect(clock.timers).toBe(0);
  });

  it('goes on pinging as long as there are answers', () => {
    const heartbeat = start();
    for (let i = 0; i < 30; i++) {
      clock.advance(10);
      if (happened.length * 100 === clock.monotonic()) heartbeat.heard();
    }
    expect(happened).toEqual(['ping@100', 'ping@200', 'ping@300']);
  });

  it('pings when it hears much but says nothing, so that the other end hears something too', () => {
    const heartbeat = start();
    for (let i = 0; i < 25; i++) {
      clock.advance(10);
      heartbeat.heard();
    }
    expect(happened).toEqual(['ping@100', 'ping@200']);
  });

  it('pings when it says much but hears nothing, and gives up on time', () => {
    const heartbeat = start();
    for (let i = 0; i < 25; i++) {
      clock.advance(10);
      heartbeat.said();
    }
    expect(happened).toEqual(['ping@100', 'dead@200']);
  });

  it('stays silent while both talk', () => {
    const heartbeat = start();
    for (let i = 0; i < 50; i++) {
      clock.advance(50);
      heartbeat.heard();
      heartbeat.said();
    }
    expect(happened).toEqual([]);
    heartbeat.stop();
    expect(clock.timers).toBe(0);
  });

  it('asks anew after the machine was asleep, before it gives up', () => {
    start();
    clock.sleep(5000);
    expect(happened).toEqual(['ping@5000']);
    clock.advance(1000);
    expect(happened).toEqual(['ping@5000', 'dead@5100']);
  });
});
