import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pageEnd, pageHead, pageOf } from '../../src-main/engines/transfer/html/page.ts';
import type { Node } from '../../src-shared/domain/session.ts';
import { expect, test } from '../support/test.ts';

/** Everything that has ever got a script to run where text was meant. */
const bad = [
  '<script>window.ran = 1</script>',
  '<img src=x onerror="window.ran = 2">',
  '</title></style></script><svg onload="window.ran = 3">',
  '[link](javascript:window.ran=4) [data](data:text/html,<script>window.ran=5</script>) <javascript:window.ran=6>',
  '![a" onload="window.ran=7](http://127.0.0.1:9/pixel.png) ![b](file:///etc/passwd)',
  '<iframe srcdoc="<script>parent.ran = 8</script>"></iframe> <base href="http://127.0.0.1:9/">',
  '<style>@import "http://127.0.0.1:9/x.css"; body { display: none }</style>',
  '<meta http-equiv="refresh" content="0; url=http://127.0.0.1:9/">',
  '```"><script>window.ran = 9</script>\n```\n\n`</code><script>window.ran = 10</script>`',
  '| <b onmouseover=window.ran=11> |\n| - |\n| <script>window.ran=12</script> |',
  '[^1]\n\n[^1]: <script>window.ran = 13</script>',
  'user\u202egnp.exe \u2066hidden\u2069',
  '<form action="http://127.0.0.1:9/"><input autofocus onfocus="window.ran = 14"></form>',
];

const to = { specialist: 'athena' };
const nodes = bad.flatMap((text, nth): Node[] => [
  { kind: 'message', id: `m${nth}`, parent: null, depth: null, seq: nth, at: nth, text, to },
  {
    ...{ kind: 'turn', id: `t${nth}`, parent: `m${nth}`, depth: null, seq: nth, at: nth, to, text, reasoning: text },
    ...{ state: 'failed', seams: [], attempt: 1, waiting: null, finish: null, usage: null, timing: null },
    problem: { code: 'INTERNAL', message: text },
    speaker: { name: text, provider: text, providerName: text, model: text, offline: false },
    buffered: false,
  },
]);

test('a page that was exported does nothing, whatever was said in it', async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'choragus-page-'));
  const file = join(folder, 'page.html');
  const title = bad.join(' ');
  await writeFile(file, pageHead({ title, createdAt: 0 }) + nodes.map(pageOf).join('') + pageEnd);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('dialog', () => asked.push('a dialog'));

  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(pathToFileURL(file).href);
    for (const details of await page.locator('details').all()) await details.locator('summary').click();
    for (const cell of await page.locator('th').all()) await cell.hover();
    expect(await page.evaluate(() => (window as { ran?: number }).ran)).toBeUndefined();
    expect(await page.locator('script, iframe, form, input, base, img, object, embed').count()).toBe(0);
    const links = await page.locator('a').evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).protocol));
    expect(new Set(links)).toEqual(new Set(['http:', 'file:']));
    // What was said is there to be read.
    await expect(page.locator('article').first()).toContainText('<script>window.ran = 1</script>');
    await expect(page.locator('article')).toHaveCount(nodes.length);
    const [paper, ink] = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      return [backgroundColor, color];
    });
    expect([paper, ink]).toEqual(
      scheme === 'light' ? ['rgb(252, 251, 249)', 'rgb(31, 29, 26)'] : ['rgb(25, 24, 23)', 'rgb(236, 234, 230)'],
    );
  }
  expect(new Set(asked)).toEqual(new Set([pathToFileURL(file).href]));
  await rm(folder, { recursive: true });
});
