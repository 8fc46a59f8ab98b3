import { expect, oneProvider, test } from '../support/test.ts';

test('one goes back and forth, to somebody to ask, to the shortcuts and to the settings without the mouse', async ({
  start,
  ai,
}) => {
  const { window, page } = await start({ config: oneProvider(ai.url) });
  const { keyboard } = page;
  for (const name of ['Alpha', 'Beta']) {
    const answer = ai.hold();
    await window.begin();
    await window.ask(name);
    await answer.say('Yes.');
    await answer.end();
    await expect(window.text()).toHaveText('Yes.');
  }
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
  const search = page.getByRole('combobox');
  const options = page.getByRole('option');

  for (const name of ['Alpha', 'Beta', 'Alpha']) {
    await keyboard.press('Control+p');
    await expect(search).toBeFocused();
    await expect(options.first()).toContainText(name);
    await keyboard.press('Enter');
    await expect(heading(name)).toBeVisible();
    await expect(search).toBeHidden();
    await expect(window.message).toBeFocused();
  }
  await keyboard.press('Control+p');
  await expect(search).toBeFocused();
  await keyboard.press('Control+p');
  await expect(search).toBeHidden();
  await expect(window.message).toBeFocused();
  await keyboard.press('Control+p');
  await keyboard.type('apo');
  await expect(options).toHaveText([/^Ask Apollo/, /^Ask Prometheus/]);
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('Enter');
  await expect(heading('New conversation')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Specialist or model: Apollo' })).toBeVisible();
  await expect(window.message).toBeFocused();

  const shortcuts = page.getByRole('dialog', { name: 'Shortcuts' });
  await keyboard.type('Why?');
  await expect(window.message).toHaveValue('Why?');
  await keyboard.press('Control+/');
  await expect(shortcuts).toContainText('Go to a session or specialist');
  await keyboard.press('Escape');
  await expect(shortcuts).toBeHidden();
  await expect(window.message).toBeFocused();
  await window.session('Alpha').focus();
  await keyboard.press('?');
  await expect(shortcuts).toBeVisible();
  await keyboard.press('Control+/');
  await expect(shortcuts).toBeHidden();
  await expect(window.session('Alpha')).toBeFocused();

  await window.message.focus();
  await keyboard.press('Control+,');
  await expect(heading('Providers')).toBeVisible();
  const sections = page.getByRole('navigation', { name: 'Settings' });
  await expect(sections.getByRole('link', { name: 'Providers' })).toBeFocused();
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await expect(heading('Specialists')).toBeVisible();
  await keyboard.press('Alt+n');
  await expect(heading('New conversation')).toBeVisible();
  await expect(window.message).toBeFocused();
  await expect(window.message).toHaveValue('Why?');
});
