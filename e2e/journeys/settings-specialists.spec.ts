import type { Locator } from '@playwright/test';
import { expect, oneProvider, test } from '../support/test.ts';

/** Wears this colour and glyph. */
const wears = (place: Locator, colour: string, glyph: string) =>
  expect(place.locator(`svg[data-sp="${colour}"] use[href="#g-${glyph}"]`).first()).toBeAttached();

test('a specialist is changed: persona, temperature and look go wherever it goes, and a reset tells what it takes back', async ({
  start,
  ai,
}) => {
  const { window, page } = await start({ config: oneProvider(ai.url) });
  await window.settings('Specialists');
  await window.row('Specialists', 'Metis').click();
  const detail = window.detail('Metis');
  await detail.getByLabel('Persona').fill('You are terse.');
  await detail.getByRole('group', { name: 'Colour' }).getByTitle('crimson').click();
  await detail.getByRole('group', { name: 'Glyph' }).getByTitle('arches').click();
  await detail.getByLabel('Temperature').fill('0.3');
  await expect(detail).toContainText('Not saved yet: persona, colour, glyph, temperature');

  await window.row('Specialists', 'Sophia').click();
  await expect(window.detail('Sophia')).toBeVisible();
  await expect(window.row('Specialists', 'Metis')).toContainText('not saved');
  await window.row('Specialists', 'Metis').click();
  await expect(detail.getByLabel('Persona')).toHaveValue('You are terse.');
  await expect(detail.getByRole('radio', { name: 'crimson' })).toBeChecked();
  await detail.getByRole('button', { name: 'Save' }).click();
  await expect(detail).not.toContainText('Not saved yet');
  await expect(detail).toContainText('changed');
  await wears(window.row('Specialists', 'Metis'), 'hermes', 'engram');

  await page.getByRole('link', { name: 'Conversations' }).click();
  await window.choose('Metis');
  const answer = ai.hold();
  await window.ask('Who are you?');
  const { body } = await answer.asked;
  expect(body.temperature).toBe(0.3);
  expect(body.messages?.[0]).toMatchObject({ role: 'system', content: expect.stringContaining('You are terse.') });
  await answer.say('Metis.');
  await answer.end();
  await expect(window.text()).toHaveText('Metis.');
  const picker = page.getByRole('button', { name: 'Specialist or model: Metis' });
  for (const place of [window.answer, window.session('Who are you?'), picker]) await wears(place, 'hermes', 'engram');
  await page.reload();
  await expect(window.text()).toHaveText('Metis.');
  for (const place of [window.answer, window.session('Who are you?'), picker]) await wears(place, 'hermes', 'engram');

  await window.settings('Specialists');
  await window.row('Specialists', 'Metis').click();
  await detail.getByRole('button', { name: 'Reset' }).click();
  const question = page.getByRole('dialog', { name: 'Reset Metis to how it came?' });
  await expect(question.getByRole('rowheader')).toHaveText(['Persona', 'Colour', 'Glyph', 'Temperature']);
  await expect(question.getByRole('row', { name: /^Temperature/ })).toHaveText(/0\.3/);
  await expect(question.getByRole('row', { name: /^Colour/ })).toHaveText(/crimson\s*indigo/);
  await question.getByRole('button', { name: 'Reset' }).click();
  await expect(detail.getByLabel('Temperature')).toHaveValue('');
  await expect(detail.getByRole('button', { name: 'Reset' })).toBeHidden();
  await wears(window.row('Specialists', 'Metis'), 'metis', 'metis');
});

test('one’s own specialists: new with a chosen model, a copy that is deleted but keeps its name, and only what runs here', async ({
  start,
  ai,
}) => {
  const here = oneProvider(ai.url, { models: ['test-model', 'other-model'] });
  const cloud = {
    id: 'cloud',
    name: 'Cloud',
    kind: 'openai-compatible',
    baseUrl: 'https://ai.example/v1',
    models: ['cloud-model'],
  };
  const { window, page } = await start({ config: { ...here, providers: [cloud, ...here.providers] } });
  await window.settings('Specialists');
  await expect(window.row('Specialists', 'Apollo')).toContainText('cloud-model');
  await page.getByRole('radio', { name: 'Only this computer' }).click();
  await expect(window.row('Specialists', 'Apollo')).toContainText('test-model');

  await page.getByRole('link', { name: 'New', exact: true }).click();
  const fresh = window.detail('New specialist');
  await expect(fresh.getByLabel('Name')).toBeFocused();
  await fresh.getByLabel('Name').fill('Clio');
  await fresh.getByLabel('Persona').fill('You keep the annals.');
  await fresh.getByRole('button', { name: /^Model: Automatic/ }).click();
  await page.getByRole('combobox').fill('other');
  await page.getByRole('combobox').press('Enter');
  await fresh.getByRole('button', { name: 'Create' }).click();
  await expect(window.detail('Clio')).toContainText('your own');
  await expect(window.row('Specialists', /^Clio/)).toContainText('other-model');

  await window.detail('Clio').getByRole('button', { name: 'Duplicate' }).click();
  const copy = window.detail('Clio 2');
  await expect(copy.getByLabel('Persona')).toHaveValue('You keep the annals.');
  await copy.getByRole('group', { name: 'Colour' }).getByTitle('crimson').click();
  await copy.getByRole('group', { name: 'Glyph' }).getByTitle('purse').click();
  await copy.getByRole('button', { name: 'Save' }).click();
  await wears(window.row('Specialists', 'Clio 2'), 'hermes', 'penia');

  await page.getByRole('link', { name: 'Conversations' }).click();
  await window.choose('Clio 2');
  const answer = ai.hold();
  await window.ask('What was in the year 753?');
  expect((await answer.asked).body).toMatchObject({ model: 'other-model' });
  await answer.say('Little.');
  await answer.end();
  await expect(window.text()).toHaveText('Little.');

  await window.settings('Specialists');
  await window.row('Specialists', 'Clio 2').click();
  await copy.getByRole('button', { name: 'Delete' }).click();
  await page
    .getByRole('dialog', { name: 'Delete Clio 2?' })
    .getByRole('button', { name: 'Delete', exact: true })
    .click();
  await expect(window.row('Specialists', 'Clio 2')).toHaveCount(0);
  await page.getByRole('link', { name: 'Conversations' }).click();
  await window.session('What was in the year 753?').click();
  await expect(window.thread.getByRole('article', { name: 'Clio 2' })).toHaveText(/Little\./);
  await wears(window.answer, 'hermes', 'penia');
  await expect(page.getByText('is not here any more.')).toBeVisible();
});
