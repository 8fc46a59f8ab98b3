import { gzipSync } from 'node:zlib';
import type { Response } from '@playwright/test';
import { median } from '../harness/rounds.ts';
import { below, type Row, row } from '../harness/rows.ts';
import type { Stand } from './stand.ts';

const TIMES = 9;

/** Opening the built page in a browser that has never seen it, but is signed in. */
export async function load(stand: Stand): Promise<Row[]> {
  const paints: number[] = [];
  let script = 0;
  for (let time = 0; time < TIMES; time++) {
    const context = await stand.browser.newContext({ storageState: await stand.page.context().storageState() });
    const page = await context.newPage();
    const responses: Response[] = [];
    page.on('response', (response) => responses.push(response));
    await page.goto(new URL('/', stand.page.url()).href, { waitUntil: 'networkidle' });
    paints.push(await page.evaluate(firstPaint));
    const scripts = responses.filter((response) => response.request().resourceType() === 'script');
    const sizes = await Promise.all(scripts.map(async (each) => gzipSync(await each.body()).length));
    script = sizes.reduce((sum, each) => sum + each, 0) / 1000;
    await context.close();
  }
  return [
    row(
      'window',
      'navigation to first contentful paint of the built page, nothing cached (ms)',
      below(400),
      median(paints),
    ),
    row('window', 'script for the first view, compressed by gzip (kB)', below(300), script),
  ];
}

const firstPaint = () =>
  new Promise<number>((resolve) => {
    new PerformanceObserver((list) => {
      const paint = list.getEntriesByName('first-contentful-paint')[0];
      if (paint !== undefined) resolve(paint.startTime);
    }).observe({ type: 'paint', buffered: true });
  });
