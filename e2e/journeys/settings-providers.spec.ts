import type { Locator } from '@playwright/test';
import { listing } from '../support/services.ts';
import { expect, test } from '../support/test.ts';
import type { Window } from '../support/window.ts';

const keys = { first: 'sk-first-0123456789', second: 'sk-second-0123456789', third: 'sk-third-0123456789' };
const stored = ({ page }: Window) => page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));

/** Fills the form for a provider more. */
async function fill(form: Locator, name: string, address: string, key: string) {
  await form.getByLabel('Kind').selectOption('Other OpenAI-compatible server');
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Base URL').fill(address);
  await form.getByLabel('Key').fill(key);
}

test('a provider with a wrong address is put right without typing it all again, answers a test, and its key is nowhere', async ({
  start,
  ai,
}) => {
  ai.always(listing('test-model', 'other-model'));
  const { window, page } = await start();
  await window.settings('Providers');
  const form = window.detail('Add a provider');
  await fill(form, 'Workshop', 'http://127.0.0.1:1/v1', keys.first);
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(form.getByRole('alert')).toContainText('Nothing listens at 127.0.0.1:1.');
  await expect(form.getByRole('alert')).toContainText('Start the server there, or correct the address.');

  await window.settings('Specialists');
  await window.settings('Providers');
  await expect(form.getByLabel('Name')).toHaveValue('Workshop');
  await page.reload();
  await expect(form.getByLabel('Name')).toHaveValue('Workshop');
  await expect(form.getByLabel('Base URL')).toHaveValue('http://127.0.0.1:1/v1');
  await expect(form.getByLabel('Key')).toHaveValue('');
  expect((await page.content()) + (await stored(window))).not.toContain(keys.first);

  await form.getByLabel('Base URL').fill(`${ai.url}/v1`);
  await form.getByLabel('Key').fill(keys.second);
  await form.getByLabel('Key').press('Enter');
  const detail = window.detail('Workshop');
  await expect(detail.getByRole('heading', { name: 'Workshop' })).toBeVisible();
  await expect(window.row('Providers', 'Workshop')).toContainText('2 models');
  await expect(window.row('Providers', 'Workshop')).toContainText('ready');
  expect(ai.requests.map(({ headers }) => headers.authorization)).toContain(`Bearer ${keys.second}`);

  await detail.getByRole('button', { name: 'Test', exact: true }).click();
  const steps = detail.getByRole('region', { name: 'Test' }).getByRole('listitem');
  await expect(steps.nth(0)).toHaveText(/^2 models listed.*\d m?s$/);
  await expect(steps.nth(1)).toHaveText(/^First token.*\d m?s$/);
  await expect(steps.nth(2)).toHaveText(/^Streams\d+ tok\/s$/);
  await expect(detail).toContainText('a real request to test-model');
  expect((await page.content()) + (await stored(window))).not.toContain(keys.second);
});

test('a provider is renamed, moved to another host, given another key, switched off and on, and removed', async ({
  start,
  ai,
}) => {
  ai.always(listing('test-model'));
  const { window, page } = await start();
  await window.settings('Providers');
  await fill(window.detail('Add a provider'), 'Workshop', `${ai.url}/v1`, keys.first);
  await window.detail('Add a provider').getByRole('button', { name: 'Add', exact: true }).click();
  await window.detail('Workshop').getByLabel('Name').fill('Atelier');
  await expect(window.detail('Workshop')).toContainText('Not saved yet: name');
  await window.detail('Workshop').getByLabel('Name').press('Enter');
  const detail = window.detail('Atelier');
  await expect(detail).not.toContainText('Not saved yet');
  await expect(window.row('Providers', 'Atelier')).toContainText('ready');

  // What a key was given for does not carry it elsewhere.
  const key = detail.getByLabel('Key', { exact: true });
  const there = () => ai.requests.filter(({ headers }) => headers.host?.startsWith('localhost:'));
  const keysSent = () => there().map(({ headers }) => headers.authorization);
  await detail.getByLabel('Base URL').fill(ai.url.replace('127.0.0.1', 'localhost').concat('/v1'));
  await detail.getByLabel('Base URL').press('Enter');
  await expect(key).toBeFocused();
  await expect(key).toHaveAttribute('aria-invalid', 'true');
  await expect(key).toHaveAccessibleDescription(
    /was entered for .* Enter the key for the new address, or delete it\.$/,
  );
  expect(keysSent()).toEqual([]);
  await key.fill(keys.second);
  await key.press('Enter');
  await expect(detail.getByRole('button', { name: 'Replace' })).toBeVisible();
  await expect.poll(keysSent).toContain(`Bearer ${keys.second}`);
  expect(keysSent()).not.toContain(`Bearer ${keys.first}`);

  await detail.getByRole('button', { name: 'Replace' }).click();
  await expect(key).toBeFocused();
  await key.fill(keys.third);
  await detail.getByRole('button', { name: 'Save' }).click();
  await expect.poll(keysSent).toContain(`Bearer ${keys.third}`);
  await detail.getByRole('button', { name: 'Delete key' }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('Delete the key of Atelier?');
  await question.getByRole('button', { name: 'Delete key' }).click();
  await expect(key).toHaveValue('');
  await expect(detail.getByRole('button', { name: 'Replace' })).toBeHidden();
  await expect.poll(keysSent).toContain(undefined);
  for (const each of Object.values(keys)) expect((await page.content()) + (await stored(window))).not.toContain(each);

  const use = detail.getByRole('switch', { name: 'Use Atelier' });
  await use.click();
  await expect(detail).toContainText('Switched off.');
  await expect(window.row('Providers', 'Atelier')).toContainText('off');
  await window.settings('Specialists');
  await expect(window.row('Specialists', 'Prometheus')).toContainText('needs a model');
  await window.settings('Providers');
  await window.row('Providers', 'Atelier').click();
  await use.click();
  await expect(window.row('Providers', 'Atelier')).toContainText('ready');
  await window.settings('Specialists');
  await expect(window.row('Specialists', 'Prometheus')).toContainText('test-model');

  await window.settings('Providers');
  await window.row('Providers', 'Atelier').click();
  await detail.getByRole('button', { name: 'More for Atelier' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await expect(question.getByRole('button', { name: 'Keep' })).toBeFocused();
  await question.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(window.row('Providers', 'Atelier')).toHaveCount(0);
  await expect(window.detail('Add a provider')).toBeVisible();
});
