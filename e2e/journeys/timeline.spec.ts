import type { Locator, Page } from '@playwright/test';
import { away, expect, oneProvider, test } from '../support/test.ts';
import { seldom, type ToldSession, type ToldTurn, tellSession, writeSession } from '../support/told-session.ts';

/** The pixels of the canvas are read here, and nowhere else. */
test.use({ allowed: new RegExp(`${away.source}|willReadFrequently`) });

const DAY = 86_400_000;
/** Bars, ruler and lanes lie behind the names. */
const LABEL = 136;
const LANES = ['You', 'Apollo', 'Metis', 'Rhetor', 'Telos'];
const WITHIN = 2;

/** What the timeline says about itself, by the names that people know. */
class TimelinePage {
  readonly page: Page;
  readonly area: Locator;
  readonly events: Locator;
  readonly inspector: Locator;

  constructor(page: Page) {
    this.page = page;
    this.area = page.locator('.tl-area');
    this.events = page.getByRole('listbox', { name: 'Events, newest first' });
    this.inspector = page.getByRole('complementary', { name: 'Inspector' });
  }

  async open(session: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, `#/timeline/${session}`);
    await this.area.waitFor({ timeout: 30_000 });
  }

  bar(turn: string): Locator {
    return this.page.locator(`.tl-bar[data-turn="${turn}"]`);
  }

  async scale(name: '10 s' | '1 min' | 'All'): Promise<void> {
    await this.page.getByRole('radio', { name, exact: true }).check();
  }

  /** Pixels from the left edge of the track. */
  async edges(turn: string): Promise<{ left: number; right: number }> {
    const [area, bar] = [await this.area.boundingBox(), await this.bar(turn).boundingBox()];
    const left = bar!.x - area!.x - LABEL;
    return { left, right: left + bar!.width };
  }

  /** Where the playhead stands. */
  async head(): Promise<number> {
    const [area, head] = [await this.area.boundingBox(), await this.page.locator('.tl-head').boundingBox()];
    return head!.x - area!.x - LABEL;
  }

  async width(): Promise<number> {
    return (await this.area.boundingBox())!.width - LABEL;
  }

  /** Which columns of pixels of a lane are coloured, at the height of its bars. */
  drawn(lane: number): Promise<boolean[]> {
    return this.page.locator('.tl-canvas').evaluate((element, lane) => {
      const canvas = element as HTMLCanvasElement;
      const ratio = canvas.width / canvas.clientWidth;
      const rows = [...document.querySelectorAll('.tl-lane')].map((each) => (each as HTMLElement).offsetHeight);
      const y = 28 + rows.slice(0, lane).reduce((sum, each) => sum + each, 0) + rows[lane]! / 2 + 10;
      const { data } = canvas.getContext('2d')!.getImageData(0, Math.round(y * ratio), canvas.width, 1);
      return Array.from({ length: canvas.clientWidth }, (_, column) => {
        const at = Math.round(column * ratio) * 4;
        const rgb = [data[at]!, data[at + 1]!, data[at + 2]!];
        return data[at + 3]! > 40 && Math.max(...rgb) - Math.min(...rgb) > 40;
      });
    }, lane);
  }
}

/** Where a moment lies: pauses of more than 15 s are 2 s wide. Worked out from the facts of the log alone. */
function layOut({ events, turns }: ToldSession): { place(time: number): number; length: number } {
  const ends = turns.map(({ start, queuedMs, durationMs }) => [start, start + queuedMs + durationMs] as const);
  const times = events.map(({ at }) => [at!, at!] as const);
  const busy = [...ends, ...times].sort((a, b) => a[0] - b[0]);
  const folded: { from: number; to: number }[] = [];
  let end = busy[0]![0];
  for (const [from, to] of busy) {
    if (from - end > 15_000) folded.push({ from: end, to: from });
    end = Math.max(end, to);
  }
  const begin = busy[0]![0];
  const place = (time: number) => {
    let saved = 0;
    for (const { from, to } of folded) {
      if (time <= from) break;
      const inside = Math.min(1, (time - from) / (to - from));
      saved += (to - from - 2000) * inside;
    }
    return time - begin - saved;
  };
  return { place, length: place(end) };
}

const endOf = ({ start, queuedMs, durationMs }: ToldTurn) => start + queuedMs + durationMs;

test('a short session lies on the screen as its log has it', async ({ start, ai }) => {
  const choragus = await start({ config: oneProvider(ai.url) });
  const told = tellSession(11, 'short', Date.now() - 3 * DAY);
  await choragus.stop();
  await writeSession(choragus.dataDir, told);
  await choragus.restart();
  const { page } = choragus;
  // What a page could not load while the server was away it does not try again.
  await page.reload();
  const timeline = new TimelinePage(page);
  await timeline.open('short');

  await timeline.scale('1 min');
  const perMs = (await timeline.width()) / 60_000;
  const { place } = layOut(told);
  expect(told.turns).toHaveLength(2);
  for (const [index, turn] of told.turns.entries()) {
    const { left, right } = await timeline.edges(turn.turn);
    expect(Math.abs(left - (16 + place(turn.start) * perMs))).toBeLessThanOrEqual(WITHIN);
    expect(Math.abs(right - (16 + place(endOf(turn)) * perMs))).toBeLessThanOrEqual(WITHIN);
    const drawn = await timeline.drawn(index + 1);
    const streams = 16 + place(turn.start + turn.queuedMs + turn.firstTokenMs) * perMs;
    expect(Math.abs(drawn.lastIndexOf(true) + 1 - right)).toBeLessThanOrEqual(WITHIN);
    expect(Math.abs(drawn.indexOf(true) - left)).toBeLessThanOrEqual(WITHIN);
    // All of the stream is filled.
    expect(drawn.slice(Math.ceil(streams) + 1, Math.floor(right) - 1).every(Boolean)).toBe(true);
  }

  await expect(page.getByText('2 messages', { exact: true })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Events' })).toContainText('Events11');
  const types = await timeline.events.locator('.tl-type').allInnerTexts();
  expect(types).toEqual(told.events.map(({ type }) => type).reverse());

  const [first] = told.turns;
  await timeline.bar(first!.turn).click();
  await expect(timeline.inspector).toContainText('Apollo');
  await expect(timeline.inspector).toContainText(`Queue${first!.queuedMs} ms`);
  await expect(timeline.inspector).toContainText(`First token${first!.firstTokenMs} ms`);
  await expect(timeline.inspector).toContainText('piece 0 of it. piece 1 of it.');

  await timeline.events
    .getByRole('option', { name: /turn\.finished/ })
    .last()
    .click();
  await expect(timeline.inspector.locator('pre')).toContainText(`"durationMs": ${first!.durationMs}`);
  expect(Math.abs((await timeline.head()) - (16 + place(endOf(first!)) * perMs))).toBeLessThanOrEqual(WITHIN);
});

test('a session of 100,000 events lies on the screen as its log has it', async ({ start, ai }) => {
  test.setTimeout(150_000);
  const choragus = await start({ config: oneProvider(ai.url) });
  const told = tellSession(100_000, 'long', Date.now() - 300 * DAY);
  await choragus.stop();
  await writeSession(choragus.dataDir, told);
  await choragus.restart();
  const { page } = choragus;
  // What a page could not load while the server was away it does not try again.
  await page.reload();
  const timeline = new TimelinePage(page);
  await timeline.open('long');
  await expect(page.getByRole('region', { name: 'Events' })).toContainText('Events100,000', { timeout: 30_000 });
  const failed = told.turns.filter(({ state }) => state === 'failed').length;
  await expect(page.getByRole('button', { name: 'Errors and seams' })).toContainText(failed.toLocaleString('en'));
  const messages = told.turns.length.toLocaleString('en');
  await expect(page.getByText(`${messages} messages`, { exact: true })).toBeVisible();

  const { place, length } = layOut(told);
  const width = await timeline.width();
  const perPx = (length * 1.06) / (width - 16);
  const xOf = (time: number) => 16 + place(time) / perPx;

  // From far away: what is coloured is where somebody answered, and nothing else.
  const lane = LANES.indexOf('Telos');
  const rare = told.turns.filter(({ who }) => who === seldom);
  expect(rare.length).toBeGreaterThan(20);
  const drawn = await timeline.drawn(lane);
  const near = (column: number) => drawn.slice(Math.max(0, column - WITHIN), column + WITHIN + 1).some(Boolean);
  expect(rare.filter((turn) => !near(Math.floor(xOf(turn.start))))).toEqual([]);
  const stray = drawn.flatMap((is, column) =>
    is && !rare.some((turn) => column >= xOf(turn.start) - WITHIN && column <= xOf(endOf(turn)) + WITHIN)
      ? [column]
      : [],
  );
  expect(stray).toEqual([]);

  // From near: every bar in sight, measured from the playhead at one of them.
  await page.getByRole('button', { name: 'Errors and seams' }).click();
  await timeline.events.getByRole('option').nth(8).click();
  const json = timeline.inspector.locator('pre');
  await expect(json).toContainText('"state": "failed"');
  const { turn } = JSON.parse(await json.innerText()) as { turn: string };
  const middle = told.turns.findIndex((each) => each.turn === turn);
  expect(middle).toBeGreaterThan(0);
  await timeline.scale('1 min');
  await page.keyboard.press('Escape');
  await expect(timeline.bar(turn)).toBeInViewport();
  const head = await timeline.head();
  const from = place(endOf(told.turns[middle]!));
  let measured = 0;
  for (const each of told.turns.slice(Math.max(0, middle - 6), middle + 6)) {
    if ((await timeline.bar(each.turn).count()) === 0) continue;
    measured++;
    const { left, right } = await timeline.edges(each.turn);
    const expected = (time: number) => head + ((place(time) - from) * width) / 60_000;
    expect(Math.abs(left - expected(each.start))).toBeLessThanOrEqual(WITHIN);
    expect(Math.abs(right - expected(endOf(each)))).toBeLessThanOrEqual(WITHIN);
  }
  expect(measured).toBeGreaterThan(3);
});

test('a session is watched while it runs, walked through by keys, played again, and forked', async ({ start, ai }) => {
  const { window, page } = await start({ config: oneProvider(ai.url) });
  const timeline = new TimelinePage(page);
  const first = ai.hold();
  await window.ask('Who leads the chorus?');
  await first.say('The ', 'choragus ');
  await expect(window.answer).toContainText('choragus');
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Timeline' }).click();

  // It grows while tokens come.
  const live = page.getByRole('button', { name: /^Apollo, first turn, streaming/ });
  await expect(live).toBeVisible();
  await expect(page.getByText('live', { exact: true })).toBeVisible();
  const wide = async () => (await live.boundingBox())!.width;
  const before = await wide();
  await first.say('leads ', 'it.');
  await expect.poll(wide).toBeGreaterThan(before + 2);
  await expect(timeline.inspector).toContainText('The choragus leads it.');
  await first.end();
  const done = page.getByRole('button', { name: /^Apollo, first turn, done/ });
  await expect(done).toBeVisible();
  await expect(page.getByText('live', { exact: true })).toBeHidden();

  // By keys alone: from the newest to what came before it, and into the inspector.
  await timeline.scale('10 s');
  await done.focus();
  await page.keyboard.press('ArrowUp');
  const own = page.getByRole('button', { name: 'You, message: Who leads the chorus?' });
  await expect(own).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(done).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(timeline.inspector.getByRole('heading', { name: 'Really sent' })).toBeVisible();
  await expect(timeline.inspector).toContainText('The choragus leads it.');
  await page.keyboard.press('Escape');
  await expect(timeline.inspector.getByRole('heading', { name: 'Really sent' })).toBeHidden();
  await page.keyboard.press('f');
  await expect(page.getByRole('radio', { name: 'All', exact: true })).toBeChecked();
  await page.keyboard.press('+');
  await expect(page.getByRole('radio', { name: 'All', exact: true })).not.toBeChecked();

  // Played again: it begins with nothing said and ends with all of it.
  const position = page.getByRole('slider', { name: 'Position' });
  await position.focus();
  await page.keyboard.press('Home');
  await expect(timeline.inspector).not.toContainText('leads it.');
  await page.getByRole('radio', { name: '5x', exact: true }).check();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(timeline.inspector).toContainText('The choragus leads it.', { timeout: 15_000 });
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 15_000 });

  // From the moment of the message on, a session of its own.
  await timeline.events.getByRole('option', { name: /message\.added/ }).click();
  await expect(timeline.inspector.locator('pre')).toContainText('Who leads the chorus?');
  await page.getByRole('button', { name: 'Fork from here' }).click();
  await expect(window.own).toHaveText([/Who leads the chorus\?/]);
  await expect(window.answers).toHaveCount(0);
  await expect(window.sessions.getByRole('link')).toHaveCount(2);
});

test('where there is nothing to show, it says what will be here, and a wrong address leads on', async ({
  start,
  ai,
}) => {
  const { page, window } = await start({ config: oneProvider(ai.url) });
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Timeline' }).click();
  await expect(page.getByRole('heading', { name: 'What happened, and when' })).toBeVisible();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect(window.message).toBeVisible();
  await page.evaluate(() => {
    location.hash = '#/timeline/nowhere';
  });
  await expect(page.getByRole('alert')).toContainText('There is no session at this address.');
});
