import { statSync } from 'node:fs';
import { join } from 'node:path';
import { bytesBelow } from '../support/files.ts';
import { away, expect, test } from '../support/test.ts';

test.use({ allowed: away });

const canary = 'sk-canary-0123456789-abcdefghij';

test('a specialist that needs a model is one click away from it, and the key that one types shows up nowhere', async ({
  start,
  foreign,
}) => {
  foreign.onMessage('plan', { content: 'First sleep, then plan.' });
  const choragus = await start();
  const { window, page, dataDir } = choragus;
  await window.choose('Prometheus');
  await window.message.fill('Make a plan');
  await expect(page.getByText('Prometheus needs a model.')).toBeVisible();
  await expect(window.send).toBeDisabled();
  await page.getByRole('status').getByRole('button', { name: 'Connect a model' }).click();

  const dialog = page.getByRole('dialog', { name: 'Connect a model' });
  await dialog.getByLabel('Kind').selectOption('Other OpenAI-compatible server');
  await dialog.getByLabel('Name').fill('Somebody’s');
  await dialog.getByLabel('Base URL').fill('http://127.0.0.1:1/v1');
  await dialog.getByLabel('Key').fill(canary);
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('Nothing listens at 127.0.0.1:1.');
  await expect(dialog.getByRole('alert')).toContainText('Start the server there, or correct the address.');
  await dialog.getByLabel('Base URL').fill(`${foreign.url}/v1`);
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(dialog.getByText('Somebody’s is connected.')).toBeVisible();
  await expect(dialog.getByRole('list', { name: 'Models' })).toContainText('gpt-4o');
  await dialog.getByRole('button', { name: 'Done' }).click();

  await expect(page.getByText('Prometheus needs a model.')).toBeHidden();
  await expect(window.message).toHaveValue('Make a plan');
  await window.message.press('Enter');
  await expect(window.answer).toContainText('First sleep, then plan.');
  // It has come, although the journal of that server does not show it.
  expect(foreign.getLastRequest()?.headers.authorization).toBeTruthy();

  expect(await page.content()).not.toContain(canary);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(canary);
  const files = bytesBelow(dataDir);
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(['choragus.db', 'secrets.json', join('logs', 'choragus.log')]),
  );
  const found = [...files].filter(([, bytes]) => bytes.includes(canary)).map(([path]) => path);
  expect(found).toEqual(choragus.sealsKeys ? [] : ['secrets.json']);
  expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);

  await choragus.stop();
  await choragus.restart();
  await choragus.window.ask('Another plan');
  await expect(choragus.window.answers).toHaveCount(2);
  await expect(choragus.window.answer).toContainText('First sleep, then plan.');
  expect(choragus.printed).not.toContain(canary);
});
