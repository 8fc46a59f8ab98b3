import { expect, oneProvider, test } from '../support/test.ts';
import type { Window } from '../support/window.ts';

const menu = async (window: Window, title: string, item: string) => {
  await window.session(title).press('Shift+F10');
  await window.page.getByRole('menuitem', { name: item, exact: true }).click();
};
const shelf = async (window: Window, name: string | RegExp) => {
  await window.page.getByRole('button', { name: 'What the list shows' }).click();
  await window.page.getByRole('menuitemradio', { name }).click();
};

test('sessions are pinned, put into folders and tagged, and found again there', async ({ start, ai }) => {
  const { window } = await start({ config: oneProvider(ai.url) });
  for (const words of ['Roses', 'Bees']) {
    const answer = ai.hold();
    await window.ask(words);
    await answer.say('Yes.');
    await answer.end();
    await expect(window.text()).toHaveText('Yes.');
    await window.begin();
  }
  await menu(window, 'Roses', 'Pin');
  await expect(window.sessions.getByRole('heading', { name: 'Pinned' })).toBeVisible();
  await expect(window.sessions.getByRole('link').first()).toHaveText(/^Roses/);

  await menu(window, 'Bees', 'Move to folder…');
  await window.page.keyboard.type('Garden');
  await window.page.keyboard.press('Enter');
  await expect(window.session('Bees')).toBeFocused();
  await menu(window, 'Roses', 'Tags…');
  await window.page.keyboard.type('thorny');
  await window.page.keyboard.press('Enter');
  await expect(window.page.getByRole('option', { name: /thorny/ })).toContainText('on it');
  await window.page.keyboard.press('Escape');

  await shelf(window, /^Garden/);
  await expect(window.sessions.getByRole('heading', { name: 'Garden', level: 2 })).toBeVisible();
  await expect(window.sessions.getByRole('link')).toHaveText([/^Bees/]);
  await shelf(window, /^thorny/);
  await expect(window.sessions.getByRole('link')).toHaveText([/^Roses/]);
  await window.button('All sessions').click();
  await expect(window.sessions.getByRole('link')).toHaveText([/^Roses/, /^Bees/]);
});

test('what goes into the trash comes back, or goes for good', async ({ start, ai }) => {
  const choragus = await start({ config: oneProvider(ai.url) });
  const { window } = choragus;
  const other = await choragus.another();
  for (const words of ['One', 'Two']) {
    const answer = ai.hold();
    await window.ask(words);
    await answer.say('Yes.');
    await answer.end();
    await expect(window.text()).toHaveText('Yes.');
    await window.begin();
  }
  await window.session('One').press('Delete');
  await expect(window.session('One')).toBeHidden();
  await expect(other.session('One')).toBeHidden();
  await window.button('Undo').click();
  await expect(window.session('One')).toBeVisible();

  await window.session('Two').press('Delete');
  await expect(window.session('Two')).toBeHidden();
  // The next row has the focus then.
  await expect(window.session('One')).toBeFocused();
  await window.page.keyboard.press('Delete');
  await expect(window.session('One')).toBeHidden();
  await shelf(window, /^Trash/);
  await window.session('One').click();
  await window.button('Restore').click();
  await expect(window.sessions.getByRole('link')).toHaveText([/^Two/]);
  await expect(other.session('One')).toBeVisible();

  await window.button('Empty the trash…').click();
  const dialog = window.page.getByRole('dialog', { name: 'Delete 1 session for good?' });
  await expect(dialog.getByRole('button', { name: 'Keep' })).toBeFocused();
  await expect(dialog).toContainText('1 message and what was answered leave this computer’s log.');
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(window.sessions).toContainText('The trash is empty.');
});
