import type { Browser, CDPSession } from '@playwright/test';

/** One event of a trace; times in µs, `ts` of CLOCK_MONOTONIC, `tdur` of the processor. */
export interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  tdur?: number;
}

const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing', 'v8'];
/** The mark by which the main thread of a page is found. */
export const HERE = 'bench-here';

/** What the main thread of a page did while `run` ran, in order; the page has to set the mark meanwhile. */
export async function traced<T>(browser: Browser, run: () => Promise<T>): Promise<{ result: T; events: TraceEvent[] }> {
  const session = await browser.newBrowserCDPSession();
  const all: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => all.push(...(value as unknown as TraceEvent[])));
  const traceConfig = { includedCategories: categories, excludedCategories: ['*'] };
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
  const result = await run();
  await ended(session);
  await session.detach();
  const here = all.find(({ name }) => name === HERE);
  if (here === undefined) throw new Error('The trace holds no mark of the page.');
  const events = all.filter(({ pid, tid }) => pid === here.pid && tid === here.tid);
  return { result, events: events.sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0)) };
}

async function ended(session: CDPSession): Promise<void> {
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
}
