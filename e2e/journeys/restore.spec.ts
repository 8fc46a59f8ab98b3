import { expect, test } from '../support/test.ts';

test('a backup is made, what came after it is taken back by a restore, and that can be taken back too', async ({
  start,
}, info) => {
  const { window, page } = await start();
  await window.choose('Noesis');
  await window.ask('12 * 12');
  await expect(window.text()).toContainText('144');

  await window.settings('Data');
  const backups = page.getByRole('region', { name: 'Backups' });
  await expect(backups).toContainText('There are none yet.');
  await backups.getByRole('button', { name: 'Back up now' }).click();
  await expect(backups).toContainText('The backup is made and checked');
  const rows = backups.getByRole('row');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('asked for');
  const storage = page.getByRole('region', { name: 'Storage' });
  await expect(storage).toContainText('1 session with 1 message');

  await window.conversations();
  await window.begin();
  await window.choose('Noesis');
  await window.ask('13 * 13');
  await expect(window.text()).toContainText('169');
  await expect(window.sessions.getByRole('link')).toHaveCount(2);

  await window.settings('Data');
  await rows
    .nth(1)
    .getByRole('button', { name: /^Restore the backup of/ })
    .click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('2 sessions with 2 messages');
  await expect(question).toContainText('is kept as a backup, so that you can go back');
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.screenshot({ path: info.outputPath('restore-question.png') });
  await question.getByRole('button', { name: 'Restore', exact: true }).click();
  const notice = page.getByRole('complementary', { name: 'Notices' });
  await expect(notice).toContainText(/The backup .* was restored\. What was there before is the backup/);
  await expect(window.status).toContainText('Connected');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText('before a restore');
  await notice.getByRole('button', { name: 'Dismiss' }).click();

  await window.conversations();
  await expect(window.sessions.getByRole('link')).toHaveCount(1);
  await expect(window.session('12 * 12')).toBeVisible();

  await window.settings('Data');
  await rows
    .nth(1)
    .getByRole('button', { name: /^Restore the backup of/ })
    .press('Enter');
  await question.getByRole('button', { name: 'Restore', exact: true }).press('Enter');
  await expect(notice).toContainText('was restored');
  await window.conversations();
  await expect(window.sessions.getByRole('link')).toHaveCount(2);
});

test('new rules tell what they would delete before they count', async ({ start }) => {
  const { window, page } = await start();
  await window.settings('Data');
  const kept = page.getByRole('region', { name: 'What is kept' });
  const trash = kept.getByLabel('Trash (days)');
  await expect(trash).toHaveValue('30');
  await trash.fill('0');
  await expect(kept).toContainText('A whole number of days, 3,650 at most, or nothing.');
  await trash.fill('10');
  await expect(kept).toContainText('These rules delete nothing now.');
  await kept.getByRole('button', { name: /^Save/ }).click();
  await expect(kept.getByRole('button', { name: /^Save/ })).toHaveCount(0);
  await page.reload();
  await expect(trash).toHaveValue('10');
});

test('the data is packed and checked beside everything else', async ({ start }) => {
  const { window, page } = await start();
  await window.choose('Noesis');
  await window.ask('12 * 12');
  await expect(window.text()).toContainText('144');
  await window.settings('Data');
  const storage = page.getByRole('region', { name: 'Storage' });
  await storage.getByRole('button', { name: 'Check now' }).click();
  await expect(storage).toContainText('Nothing is wrong');
  await storage.getByRole('button', { name: 'Pack now' }).click();
  await expect(storage).toContainText(/freed|There was nothing to free/);
});
