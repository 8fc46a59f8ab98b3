import type { Page } from '@playwright/test';
import { interleave, medianOf } from '../harness/rounds.ts';
import { atMost, type Row, row } from '../harness/rows.ts';
import { nextFrames } from '../limits/next-frame.ts';
import { writtenAt } from '../streaming/behaviours.ts';
import { type Stand, stream } from './stand.ts';
import { HERE, type TraceEvent, traced } from './trace.ts';

const ROUNDS = 3;
const WATCHED_MS = 6000;

/** From the provider's write of a token to the frame in which it is painted, handed to the compositor. */
export async function painted(stand: Stand): Promise<Row[]> {
  const rows: Row[] = [];
  for (const sessions of [1, 12]) {
    const { ours, limit } = await interleave(
      ROUNDS,
      async () => {
        const streaming = await stream(stand, sessions, 'stamped');
        const { events } = await traced(stand.browser, () => watchStamps(stand.page));
        await streaming.stop();
        return delays(events, ({ name }) => writtenAt(name));
      },
      async () => {
        const { result: asked, events } = await traced(stand.browser, () => nextFrames(stand.empty, WATCHED_MS, HERE));
        const here = events.find(({ name }) => name === HERE)!;
        return delays(events, ({ name }) => {
          const at = asked[name];
          return at === undefined ? undefined : here.ts / 1000 + at;
        });
      },
    );
    const name = `provider write to painted text with ${sessions} ${sessions === 1 ? 'stream' : 'streams'} of 100 tokens/s`;
    rows.push(
      row('window', `${name}, p50 (ms)`, atMost(20), medianOf(ours, 0.5), medianOf(limit, 0.5)),
      row('window', `${name}, p99 (ms)`, atMost(60), medianOf(ours, 0.99), medianOf(limit, 0.99)),
    );
  }
  return rows;
}

/** For each mark that says when its text began, until the frame in which it stands is painted. */
function delays(events: readonly TraceEvent[], begun: (mark: TraceEvent) => number | undefined): number[] {
  const frames = events.filter(({ name, dur }) => name === 'Commit' && dur !== undefined);
  return events.flatMap((mark) => {
    const at = begun(mark);
    const frame = at === undefined ? undefined : frames.find(({ ts }) => ts >= mark.ts);
    return at === undefined || frame === undefined ? [] : [(frame.ts + frame.dur!) / 1000 - at];
  });
}

/** Marks each stamp as soon as it stands in the page. */
const watchStamps = (page: Page): Promise<void> =>
  page.evaluate(
    async ({ ms, here }) => {
      performance.mark(here);
      const seen = new Set<string>();
      const look = (text: string, mark: boolean) => {
        for (const [stamp] of text.matchAll(/@\d+@/g)) {
          if (mark && !seen.has(stamp)) performance.mark(stamp);
          seen.add(stamp);
        }
      };
      look(document.body.textContent, false);
      const observer = new MutationObserver((records) => {
        for (const { target, addedNodes } of records) {
          if (target.nodeType === Node.TEXT_NODE) look(target.nodeValue ?? '', true);
          for (const node of addedNodes) look(node.textContent ?? '', true);
        }
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      await new Promise((resolve) => setTimeout(resolve, ms));
      observer.disconnect();
      performance.clearMarks();
    },
    { ms: WATCHED_MS, here: HERE },
  );
