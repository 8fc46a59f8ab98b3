import type { Clock } from '../clock.ts';

/** Where the wall clock of every test starts. */
export const START = Date.UTC(2026, 0, 5, 9, 0, 0);

export interface FakeClock extends Clock {
  /** Moves both clocks on, running what falls due on the way, in order of time and then of registration. */
  advance(ms: number): void;
  /** Moves the wall clock alone, as a person or a time server does; may go backwards. */
  jump(ms: number): void;
  /** The machine slept: both clocks move on, then what fell due runs, late and all at once. */
  sleep(ms: number): void;
  /** How many timers are waiting: 0 when nothing ticks. */
  readonly timers: number;
}

/** Time that stands still until a test moves it. */
export function fakeClock(start = START): FakeClock {
  let monotonic = 0;
  let wall = start;
  let count = 0;
  const timers = new Map<number, { due: number; run: () => void }>();

  const nextDue = (until: number) => {
    let found: number | undefined;
    for (const [id, { due }] of timers)
      if (due <= until && (found === undefined || due < timers.get(found)!.due)) found = id;
    return found;
  };
  const move = (ms: number) => {
    monotonic += ms;
    wall += ms;
  };
  const runUntil = (end: number) => {
    for (let id = nextDue(end); id !== undefined; id = nextDue(end)) {
      const { due, run } = timers.get(id)!;
      timers.delete(id);
      move(Math.max(0, due - monotonic));
      run();
    }
  };

  return {
    now: () => wall,
    monotonic: () => monotonic,
    after(ms, run) {
      const id = ++count;
      timers.set(id, { due: monotonic + Math.max(0, ms), run });
      return () => void timers.delete(id);
    },
    advance(ms) {
      const end = monotonic + ms;
      runUntil(end);
      move(end - monotonic);
    },
    jump(ms) {
      wall += ms;
    },
    sleep(ms) {
      move(ms);
      runUntil(monotonic);
    },
    get timers() {
      return timers.size;
    },
  };
}
