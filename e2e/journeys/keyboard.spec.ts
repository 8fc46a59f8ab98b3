import { expect, oneProvider, test } from '../support/test.ts';

test('from the first word to the last everything goes by keyboard, and one always sees where one is', async ({
  start,
  ai,
}) => {
  const { window, page } = await start({ config: oneProvider(ai.url) });
  const { keyboard } = page;
  const press = async (keys: string) => {
    await keyboard.press(keys);
    await expect.poll(() => page.evaluate(ring), { message: `after ${keys}` }).toMatch(/^a ring around/);
  };
  const walkTo = async (keys: string, name: string | RegExp) => {
    const wanted = page.getByRole('button', { name, exact: true });
    for (let steps = 0; steps < 40; steps++) {
      await press(keys);
      if (await wanted.evaluateAll((found) => found.some((each) => each === document.activeElement))) return;
    }
    throw new Error(`There is no way to ${name} by ${keys}.`);
  };

  await expect(window.message).toBeFocused();
  await press('Tab');
  await press('Enter');
  await expect(page.getByRole('combobox')).toBeFocused();
  await keyboard.type('metis');
  await keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Specialist or model: Metis' })).toBeVisible();
  await expect(window.message).toBeFocused();

  const first = ai.hold();
  await keyboard.type('Break this');
  await press('Enter');
  await first.say('Where ', 'is ');
  await expect(window.text()).toHaveText('Where is');
  await press('Escape');
  await first.closed;
  await expect(window.answer).toContainText('stopped');

  const second = ai.hold();
  await walkTo('Shift+Tab', 'Retry');
  await keyboard.press('Enter');
  await second.say('Broken.');
  await second.end();
  await expect(window.answer).toContainText('2 of 2');
  await expect(window.text()).toHaveText('Broken.');
  await expect.poll(() => page.evaluate(ring)).toMatch(/^a ring around/);

  const third = ai.hold();
  await walkTo('Shift+Tab', 'New');
  await keyboard.press('Enter');
  await expect(window.message).toBeFocused();
  await keyboard.type('Mend this');
  await press('Enter');
  await third.say('Mended.');
  await third.end();
  await expect(window.text()).toHaveText('Mended.');
  await press('Alt+ArrowDown');
  await expect(page.getByRole('heading', { name: 'Break this' })).toBeVisible();
  await press('Alt+ArrowUp');
  await expect(page.getByRole('heading', { name: 'Mend this' })).toBeVisible();

  await keyboard.press('Control+k');
  await keyboard.type('connect');
  await keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Connect a model' });
  await expect(dialog.getByLabel('Kind')).toBeFocused();
  await walkTo('Tab', 'Connect');
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(window.message).toBeFocused();
});

/** What shows where the focus is: a ring, or in the field of an open list its caret beside the row that is marked. */
function ring(): string {
  const marked = document.querySelector('[role="option"][aria-selected="true"]');
  if (document.activeElement?.getAttribute('role') === 'combobox' && marked !== null) return 'a ring around a row';
  for (let element = document.activeElement; element !== null; element = element.parentElement) {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    if (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) return `a ring around ${element.className}`;
  }
  return `nothing around ${document.activeElement?.outerHTML.slice(0, 200)}`;
}
