import type { Page } from '@playwright/test';
import { interleave, median, percentile } from '../harness/rounds.ts';
import { atMost, exactly, type Row, ratioAtMost, row } from '../harness/rows.ts';
import { type Stand, stream } from './stand.ts';
import { HERE, type TraceEvent, traced } from './trace.ts';

const ROUNDS = 3;
const WATCHED_MS = 3000;
const FRAME = 'bench-frame';

interface Watched {
  /** Milliseconds between two frames. */
  gaps: number[];
  /** Tasks that took longer than 50 ms. */
  long: number;
}

/** How smoothly a window paints one long answer of Markdown that grows, while so many sessions stream. */
export async function frames(stand: Stand): Promise<Row[]> {
  const rows: Row[] = [];
  for (const sessions of [1, 4, 12]) {
    const { ours, limit } = await interleave(
      ROUNDS,
      async () => {
        const streaming = await stream(stand, sessions, 'markdown');
        const seen = await watch(stand, stand.page);
        await streaming.stop();
        return seen;
      },
      () => watch(stand, stand.empty),
    );
    const name = `with ${sessions} ${sessions === 1 ? 'stream' : 'streams'} of 100 tokens/s, one painted as Markdown`;
    const script = (rounds: Seen[]) => median(rounds.map((seen) => percentile(seen.script, 0.95)));
    const gaps = (rounds: Seen[]) => median(rounds.map((seen) => percentile(seen.gaps, 0.95)));
    const long = (rounds: Seen[]) => rounds.reduce((sum, seen) => sum + seen.long, 0);
    const longest = (rounds: Seen[]) => Math.max(...rounds.map((seen) => seen.longest));
    rows.push(
      row('window', `script work per frame ${name}, p95 (ms of processor)`, atMost(8), script(ours), script(limit)),
      row('window', `time between frames ${name}, p95 (ms)`, ratioAtMost(1.25), gaps(ours), gaps(limit)),
      row('window', `longest task ${name} (ms of processor)`, atMost(50), longest(ours), longest(limit)),
      row(
        'window',
        `tasks over 50 ms by the clock ${name}, in ${(ROUNDS * WATCHED_MS) / 1000} s`,
        exactly(0),
        long(ours),
      ),
    );
  }
  return rows;
}

export interface Seen extends Watched {
  /** Milliseconds of script in each frame. */
  script: number[];
  /** Milliseconds of processor of the longest task. */
  longest: number;
}

/** What a page's main thread does for a while. */
export async function watch({ browser }: Pick<Stand, 'browser'>, page: Page): Promise<Seen> {
  const { result, events } = await traced(browser, () => watchFrames(page));
  const tasks = events.filter(({ name }) => name === 'RunTask').map(({ tdur = 0 }) => tdur / 1000);
  return { ...result, script: scriptPerFrame(events), longest: percentile(tasks, 1) };
}

const watchFrames = (page: Page): Promise<Watched> =>
  page.evaluate(
    ({ ms, here, mark }) =>
      new Promise<Watched>((resolve) => {
        const watched: Watched = { gaps: [], long: 0 };
        const note = (entries: PerformanceEntryList) => {
          watched.long += entries.length;
        };
        const observer = new PerformanceObserver((list) => note(list.getEntries()));
        observer.observe({ type: 'longtask' });
        performance.mark(here);
        const end = performance.now() + ms;
        let last: number | undefined;
        const frame = (now: number) => {
          performance.mark(mark);
          if (last !== undefined) watched.gaps.push(now - last);
          last = now;
          if (now < end) requestAnimationFrame(frame);
          else {
            note(observer.takeRecords());
            observer.disconnect();
            performance.clearMarks();
            resolve(watched);
          }
        };
        requestAnimationFrame(frame);
      }),
    { ms: WATCHED_MS, here: HERE, mark: FRAME },
  );

/** Everything in which a page's JavaScript runs, and what it makes the engine do; they lie within each other. */
const script = new Set([
  'EvaluateScript',
  'EventDispatch',
  'FireAnimationFrame',
  'FunctionCall',
  'MajorGC',
  'MinorGC',
  'RunMicrotasks',
  'TimerFire',
  'v8.callFunction',
]);

/** Processor time of script between the beginnings of two frames, in ms, for each frame. */
function scriptPerFrame(events: readonly TraceEvent[]): number[] {
  const starts = events.filter(({ name }) => name === FRAME).map(({ ts }) => ts);
  const sums = starts.slice(1).map(() => 0);
  let frame = 0;
  let outer = 0;
  for (const { name, ts, dur, tdur } of events) {
    if (dur === undefined || tdur === undefined || !script.has(name) || ts < outer || ts < starts[0]!) continue;
    outer = ts + dur;
    while (frame < sums.length && starts[frame + 1]! <= ts) frame++;
    if (frame < sums.length) sums[frame]! += tdur / 1000;
  }
  return sums;
}
