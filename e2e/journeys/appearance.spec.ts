import { expect, test } from '../support/test.ts';

test('a larger text counts at once in every window, and is there before a page paints anything', async ({ start }) => {
  const choragus = await start();
  const { window, page } = choragus;
  const beside = await choragus.beside();
  const size = (of = page) =>
    of.evaluate(() => ({
      named: document.documentElement.dataset.text,
      px: Number.parseFloat(getComputedStyle(document.querySelector('main')!).fontSize),
    }));
  const [before, there] = [await size(), await size(beside.page)];
  expect(there).toEqual(before);

  // A page that is behind another one paints once a second.
  await page.bringToFront();
  await window.settings('Appearance');
  await page.getByRole('radiogroup', { name: 'Text size' }).getByRole('radio', { name: 'Largest' }).click();
  await expect.poll(async () => (await size()).named).toBe('largest');
  await expect.poll(async () => (await size(beside.page)).named).toBe('largest');
  const now = await size();
  expect(now.px).toBeGreaterThan(before.px);
  expect((await size(beside.page)).px).toBe(now.px);

  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.documentElement?.dataset.text === undefined) return;
      observer.disconnect();
      Object.assign(globalThis, { chosen: { at: performance.now(), state: document.readyState } });
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Largest' })).toBeChecked();
  const { chosen, painted } = await page.evaluate(() => {
    const { chosen } = globalThis as unknown as { chosen: { at: number; state: string } };
    return { chosen, painted: performance.getEntriesByName('first-paint')[0]?.startTime };
  });
  expect(chosen.state).toBe('loading');
  expect(painted).toBeGreaterThan(chosen.at);
});
