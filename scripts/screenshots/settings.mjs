// The sections of the settings, and a specialist of one's own.

/** Makes a specialist that looks like nobody else. */
export async function makeSpecialist({ page }, { name, role, persona, colour, glyph }) {
  await open(page, 'specialists/+');
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Role' }).fill(role);
  await page.getByRole('textbox', { name: 'Persona' }).fill(persona);
  await page.getByRole('radio', { name: colour }).check({ force: true });
  await page.getByRole('radio', { name: glyph }).check({ force: true });
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
}

/** `connect`: a program comes in with an access token. */
export async function photographSettings({ page, photograph, answerNext, connect }) {
  await open(page, 'providers/ollama');
  answerNext();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByRole('button', { name: 'Test again' }).waitFor();
  await photograph('settings-providers');
  await open(page, 'providers/+');
  await page.getByRole('heading', { name: 'Add a provider' }).waitFor();
  await photograph('settings-add-provider', ['dark']);
  await open(page, 'specialists');
  await page.getByRole('link', { name: 'Iris' }).click();
  await page.getByRole('heading', { name: 'Iris', exact: true }).waitFor();
  await page.getByRole('textbox', { name: 'Persona' }).waitFor();
  await photograph('settings-specialists');
  await open(page, 'appearance');
  await page.locator('.specimen .tone-key').first().waitFor();
  await photograph('settings-appearance');
  await page.getByRole('radio', { name: 'Largest' }).check();
  await page.getByRole('radio', { name: 'Wide' }).check();
  await photograph('settings-largest', ['dark']);
  await choose('Text size', 'Normal');
  await choose('Reading width', 'Normal');
  await open(page, 'data');
  await page.getByText('Kept in').waitFor();
  await photograph('settings-data');
  await open(page, 'gateway');
  for (const name of ['Nightly report', 'Editor']) {
    await page.getByLabel('Name of the new access token').fill(name);
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('cell', { name, exact: true }).waitFor();
  }
  const made = page.getByRole('status').filter({ hasText: 'Copy the access token' });
  await connect(await made.filter({ hasText: 'Nightly report' }).getByRole('code').innerText());
  await photograph('settings-gateway');
  while ((await made.count()) > 0) await made.first().getByRole('button', { name: 'Done' }).click();
  for (const origin of ['https://board.example', 'http://localhost:5173']) {
    await page.getByRole('textbox', { name: 'Origin of the web page' }).fill(origin);
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('list', { name: 'Web pages that may ask' }).getByText(origin).waitFor();
  }
  await page.getByRole('heading', { name: 'Try it' }).scrollIntoViewIfNeeded();
  await photograph('settings-origins');
  await page.getByRole('button', { name: 'Remove Nightly report' }).click();
  await page.getByRole('dialog').waitFor();
  await photograph('settings-remove-token', ['light']);
  await page.keyboard.press('Escape');
  await open(page, 'connections');
  await page.getByText('this window').waitFor();
  await page.getByText('nightly-report').first().waitFor();
  await photograph('settings-connections');
  await open(page, 'shortcuts');
  await page.getByRole('heading', { name: 'Anywhere' }).waitFor();
  await photograph('settings-shortcuts');
  await open(page, 'about');
  await page.getByRole('table', { name: 'Versions' }).waitFor();
  await page.getByRole('columnheader', { name: 'Package' }).waitFor();
  await photograph('settings-about');

  async function choose(group, name) {
    await page.getByRole('radiogroup', { name: group }).getByRole('radio', { name }).check();
  }
}

/** The same where there is little room. */
export async function photographNarrowSettings({ page, photograph }) {
  for (const section of ['providers/ollama', 'specialists', 'appearance', 'gateway', 'connections', 'about']) {
    await open(page, section);
    await photograph(`narrow-settings-${section.split('/')[0]}`, ['light']);
  }
}

async function open(page, place) {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/settings/${place}`);
  await page.getByRole('navigation', { name: 'Settings' }).waitFor();
}
