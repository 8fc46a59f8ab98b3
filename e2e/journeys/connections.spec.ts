import { expect, test } from '../support/test.ts';

// The time between a ping and its answer is known after the first ping, 15 s after somebody connected.
test.slow();

test('whoever is connected is listed, with name, age and lag; one can be hung up on by keyboard, and may come back', async ({
  start,
  program,
}) => {
  const choragus = await start();
  const { window, page } = choragus;
  const url = await choragus.gateway();
  const token = await window.createToken('Nightly report');
  const report = program(url, token, 'nightly-report');
  await window.settings('Connections');
  const rows = page.getByRole('row').filter({ has: page.getByRole('cell') });
  await expect(rows).toHaveCount(2);
  const own = rows.filter({ hasText: 'this window' });
  const other = rows.filter({ hasText: 'nightly-report' });
  await expect(own).toHaveCount(1);
  await expect(other).toContainText('1.0');
  await expect(other).toContainText('at /rpc, token Nightly report');
  await expect(other).toContainText(/127\.0\.0\.1:\d+/);
  await expect(other).not.toContainText('this window');
  const [since, lag, follows] = [2, 3, 4].map((column) => other.getByRole('cell').nth(column));
  await expect(since!).toHaveText('just now');
  await expect(lag!).toContainText('unknown');
  await report.client.call('sessions.list', {});
  const ears = report.client.follow(
    'sessions.follow',
    () => ({}),
    () => {},
  );
  await expect(follows!).toHaveText('1');
  await expect(lag!).toHaveText(/^(< )?[\d.]+ ms$/, { timeout: 20_000 });
  ears.close();
  await expect(follows!).toHaveText('0');

  const before = await other.getAttribute('data-connection');
  await rows.first().getByRole('button').focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('button', { name: /^Close nightly-report, / })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator(`[data-connection="${before}"]`)).toHaveCount(0);
  // Where one was stays a place to go on from.
  await expect(rows.first().getByRole('button')).toBeFocused();
  // A program that wants to comes back.
  await expect(other).toHaveCount(1);
  expect(report.states.filter((state) => state === 'connected')).toHaveLength(2);

  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Close the connection of this window?' });
  await expect(question).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(window.status).toContainText('Connected');
});
