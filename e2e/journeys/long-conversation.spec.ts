import { away, expect, test } from '../support/test.ts';
import { exchange, message, turn, write } from '../support/written.ts';

test.use({ allowed: away });

const EXCHANGES = 5000;

test('a conversation of 10,000 messages is read from end to end, and the place where one reads never jumps', async ({
  start,
}, info) => {
  const choragus = await start();
  await choragus.stop();
  await write(choragus.dataDir, 'long', EXCHANGES);
  await choragus.restart();
  const { window } = choragus;
  const { thread } = window;
  await window.sessions.getByRole('link', { name: /A long conversation/ }).click();
  await expect(thread.getByText('Answer 5000.')).toBeInViewport();
  expect(await thread.getByRole('article').count()).toBeLessThan(40);

  // Anywhere at once, by the scroll bar.
  await thread.evaluate((element) => {
    element.scrollTop = element.scrollHeight / 2;
  });
  await expect(thread.getByRole('article').first()).toBeVisible();
  await expect(thread.getByText(/^Question 25\d\d$/).first()).toBeVisible();
  await expect(window.button('Jump to latest')).toBeVisible();

  for (const colorScheme of ['light', 'dark'] as const) {
    await window.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await window.page.screenshot({ path: info.outputPath(`ten-thousand-messages-${colorScheme}.png`) });
  }

  // What is read stays where it is, whatever is fetched and measured above it.
  const jumped = await thread.evaluate(async (element) => {
    const frame = () => new Promise(requestAnimationFrame);
    let most = 0;
    for (let step = 0; step < 120; step++) {
      const seen = [...element.querySelectorAll('article')].find((each) => each.getBoundingClientRect().top > 150);
      const [top, scrolled] = [seen?.getBoundingClientRect().top ?? 0, element.scrollTop];
      element.scrollTop -= 80;
      const moved = scrolled - element.scrollTop;
      await frame();
      await frame();
      if (seen?.isConnected) most = Math.max(most, Math.abs(seen.getBoundingClientRect().top - top - moved));
    }
    return most;
  });
  expect(jumped).toBeLessThanOrEqual(1);

  await thread.focus();
  await thread.press('Home');
  await expect(thread.getByText('Question 1', { exact: true })).toBeInViewport();
  await window.button('Jump to latest').click();
  await expect(thread.getByText('Answer 5000.')).toBeInViewport();
});

test('a link lands on its message at any depth, and on another branch, which is then shown', async ({ start }) => {
  const choragus = await start();
  await choragus.stop();
  const other = exchange(9001, turn(40), ' on another branch');
  const back = { type: 'head.moved' as const, data: { head: turn(EXCHANGES) } };
  await write(choragus.dataDir, 'long', EXCHANGES, [...other, back]);
  await choragus.restart();
  const { window, page } = choragus;
  const { thread } = window;
  await window.sessions.getByRole('link', { name: /A long conversation/ }).click();
  await expect(thread.getByText('Answer 5000.')).toBeInViewport();
  const land = (node: string) =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, `#/conversations/long/${node}`);

  await land(message(123));
  const found = thread.getByRole('article').filter({ hasText: /Question 123$/ });
  await expect(found).toBeInViewport();
  await expect(found).toBeFocused();

  await land(turn(9001));
  await expect(thread.getByText('Answer 9001 on another branch.')).toBeInViewport();
  await expect(thread.getByText('Question 41', { exact: true })).toHaveCount(0);
  const note = thread.locator('xpath=..').getByRole('status');
  await expect(note).toContainText('The message stands on another branch, which is shown now.');
  await note.getByRole('button', { name: 'Back to the other branch' }).click();
  await expect(thread.getByText('Answer 5000.')).toBeAttached();
  await expect(thread.getByText('Answer 9001 on another branch.')).toHaveCount(0);

  await land('nobody');
  await expect(note).toContainText('This conversation has no such message any more.');
});
