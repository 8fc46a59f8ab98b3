import { type Browser, chromium, type Page } from '@playwright/test';
import { findBrowser } from '../../e2e/support/browser.ts';
import { startServer } from '../harness/choragus.ts';
import { interleave, median, percentile } from '../harness/rounds.ts';
import { atMost, below, none, type Row, ratioAtMost, row } from '../harness/rows.ts';
import { type Seen, watch } from '../window/frames.ts';
import { show } from '../window/stand.ts';

const ROUNDS = 3;
/** That are typed. */
const WORDS = 12;

export interface Shown {
  /** Sessions of 10,000 messages, and as many of 10, each with the id of its last node. */
  long: { session: string; last: string }[];
  short: { session: string; last: string }[];
  /** One of 100,000 events, and how many they are. */
  events: { session: string; count: number };
  /** Of every frequency. */
  words: readonly string[];
  messages: number;
}

interface Stand {
  browser: Browser;
  page: Page;
  empty: Page;
}

/** What a person sees of long sessions: the built page in a real browser, at the built server. */
export async function inWindow(dataDir: string, shown: Shown): Promise<Row[]> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('This needs a browser: install Chromium or Chrome.');
  const server = await startServer(dataDir);
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  const viewport = { width: 1280, height: 800 };
  const page = await browser.newPage({ viewport });
  await page.goto(await server.link());
  await page.waitForURL(({ pathname }) => pathname === '/');
  const stand = { browser, page, empty: await browser.newPage({ viewport }) };
  const rows = [
    ...(await opening(stand, shown)),
    ...(await scrolling(stand, shown)),
    ...(await overTime(stand, shown)),
    ...(await typing(stand, shown)),
  ];
  await browser.close();
  await server.end();
  return rows;
}

/** Each session once: what was shown before is still in memory. */
async function opening({ page }: Stand, { long, short }: Shown): Promise<Row[]> {
  const [ours, limit]: [number[], number[]] = [[], []];
  for (let index = 0; index < long.length; index++) {
    limit.push(await painted(page, short[index]!));
    ours.push(await painted(page, long[index]!));
  }
  // The first of each warms up.
  const [tenThousand, ten] = [median(ours.slice(1)), median(limit.slice(1))];
  const name = 'session of 10,000 messages chosen to its last one painted, beside one of 10 messages';
  return [
    row('sessions', `${name} (ms)`, below(150), tenThousand, ten),
    row('sessions', `${name}, ratio`, ratioAtMost(1.3), tenThousand, ten),
  ];
}

/** From the choice to the end of the frame in which the last message stands in sight. */
function painted(page: Page, { session, last }: { session: string; last: string }): Promise<number> {
  return page.evaluate(
    ({ hash, id }) =>
      new Promise<number>((resolve) => {
        const start = performance.now();
        const look = () => {
          const element = document.getElementById(id);
          const box = element?.getBoundingClientRect();
          if (box === undefined || box.bottom <= 0 || box.top >= innerHeight) return requestAnimationFrame(look);
          // A message that is posted in a frame comes after that frame was painted.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - start);
          requestAnimationFrame(() => port2.postMessage(null));
        };
        location.hash = hash;
        requestAnimationFrame(look);
      }),
    { hash: `#/conversations/${session}`, id: `node-${last}` },
  );
}

async function overTime(stand: Stand, { events }: Shown): Promise<Row[]> {
  const { page } = stand;
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/timeline/${events.session}`);
  await page.getByRole('heading', { name: 'Events' }).waitFor();
  const shown = await page.locator('.tl-events-head > .text-3').first().textContent();
  if (Number(shown?.replaceAll(',', '')) !== events.count) throw new Error(`The timeline has ${shown} events.`);
  return smooth(stand, `zooming and panning a timeline of ${shown} events`, (page) =>
    page.evaluate(() => {
      const area = document.querySelector('.tl-area')!;
      const { left, top, width } = area.getBoundingClientRect();
      const end = performance.now() + 3500;
      let count = 0;
      const step = () => {
        count++;
        const zooms = count % 40 < 20;
        const away = count % 80 < 40 ? 1 : -1;
        const wheel = zooms ? { deltaY: -30 * away, ctrlKey: true } : { deltaX: 40 * away };
        const where = { clientX: left + width / 2, clientY: top + 60, bubbles: true, cancelable: true };
        area.dispatchEvent(new WheelEvent('wheel', { ...wheel, ...where }));
        if (performance.now() < end) requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    }),
  );
}

async function scrolling(stand: Stand, { long }: Shown): Promise<Row[]> {
  await show(stand.page, long[0]!.session);
  await stand.page.locator(`#node-${long[0]!.last}`).waitFor();
  return smooth(stand, 'scrolling up through 10,000 messages', (page) =>
    page.evaluate(() => {
      const thread = document.querySelector('.thread')!;
      const end = performance.now() + 3500;
      const step = () => {
        if (thread.scrollTop < 2000) thread.scrollTop = thread.scrollHeight;
        thread.scrollTop -= 120;
        if (performance.now() < end) requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    }),
  );
}

/** Words typed letter by letter, each as soon as what the one before found is painted. */
async function typing({ page }: Stand, { words, messages }: Shown): Promise<Row[]> {
  await page.keyboard.press('ControlOrMeta+f');
  const field = page.getByPlaceholder('Search every message and answer');
  await field.waitFor();
  const typed = await page.evaluateHandle(listen);
  let [letters, warm] = [0, 0];
  for (const [index, word] of words.slice(0, WORDS + 1).entries()) {
    await field.selectText();
    for (const letter of word) {
      await page.keyboard.press(letter);
      await typed.evaluate(({ found }, count) => found(count), ++letters);
    }
    if (index === 0) warm = letters;
  }
  // The first word warms up.
  const measured = (await typed.evaluate(({ took }) => took)).slice(warm);
  await page.keyboard.press('Escape');
  const name = `search of ${messages.toLocaleString('en')} messages as one types, letter to painted hits`;
  return [
    row('sessions', `${name}, p50 (ms)`, none, median(measured)),
    row('sessions', `${name}, p99 (ms)`, below(60), percentile(measured, 0.99)),
  ];
}

/** From each letter on to the end of the frame in which what was found for it is told: until then nothing is. */
function listen() {
  const took: number[] = [];
  let wanted: { count: number; resolve: () => void } | undefined;
  const told = () => {
    if (wanted !== undefined && took.length >= wanted.count) wanted.resolve();
  };
  addEventListener(
    'input',
    ({ timeStamp }) => {
      const look = () => {
        if (!/found/i.test(document.querySelector('.search [role=status]')?.textContent ?? ''))
          return requestAnimationFrame(look);
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          took.push(performance.now() - timeStamp);
          told();
        };
        port2.postMessage(null);
      };
      requestAnimationFrame(look);
    },
    true,
  );
  const found = (count: number) =>
    new Promise<void>((resolve) => {
      wanted = { count, resolve };
      told();
    });
  return { took, found };
}

/** `drive` begins what goes on in each frame for a while, and does not wait for its end. */
async function smooth(stand: Stand, name: string, drive: (page: Page) => Promise<void>): Promise<Row[]> {
  const { ours, limit } = await interleave(
    ROUNDS,
    async () => {
      await drive(stand.page);
      return watch(stand, stand.page);
    },
    () => watch(stand, stand.empty),
  );
  const p95 = (rounds: Seen[], of: (seen: Seen) => number[]) =>
    median(rounds.map((seen) => percentile(of(seen), 0.95)));
  const script = (seen: Seen) => seen.script;
  const gaps = (seen: Seen) => seen.gaps;
  return [
    row(
      'sessions',
      `script work per frame ${name}, p95 (ms of processor)`,
      atMost(8),
      p95(ours, script),
      p95(limit, script),
    ),
    row('sessions', `time between frames ${name}, p95 (ms)`, ratioAtMost(1.3), p95(ours, gaps), p95(limit, gaps)),
  ];
}
