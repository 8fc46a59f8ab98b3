import type { OnDesktop } from '../support/desktop.ts';
import { expect, oneProvider, test } from '../support/test.ts';

/** Wants the app to quit; when it asks something, this button is chosen. */
const quit = (desktop: OnDesktop, button: string) =>
  desktop.run(({ app, dialog }, wanted) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    dialog.showMessageBox = async (...given: unknown[]) => {
      const { message, buttons } = given.at(-1) as { message: string; buttons: string[] };
      asked.push(message);
      return { response: buttons.indexOf(wanted), checkboxChecked: false };
    };
    // Once this has been answered: the process may end by it.
    setTimeout(() => app.quit(), 50);
  }, button);
const asked = (desktop: OnDesktop) => desktop.run(() => (globalThis as unknown as { asked: string[] }).asked, null);

test('quitting while an answer is written asks: stay, finish first, or leave it interrupted', async ({
  startDesktop,
  ai,
}) => {
  const desktop = await startDesktop({ config: oneProvider(ai.url) });
  const first = ai.hold();
  await desktop.window.ask('First');
  await first.say('One, ');
  await expect(desktop.window.text()).toHaveText('One,');

  await quit(desktop, 'Cancel');
  await expect.poll(() => asked(desktop)).toEqual(['One answer is still being written.']);
  await first.say('two, ');
  await expect(desktop.window.text()).toHaveText('One, two,');

  await quit(desktop, 'Finish, then quit');
  await expect.poll(() => asked(desktop)).toHaveLength(1);
  await first.say('three.');
  expect(first.open).toBe(true);
  await first.end();
  expect(await desktop.ended).toBe(0);

  await desktop.restart();
  await desktop.window.session('First').click();
  await expect(desktop.window.text()).toHaveText('One, two, three.');
  await expect(desktop.window.answer).toContainText('3 tokens');
  const second = ai.hold();
  await desktop.window.ask('Second');
  await second.say('Four, ');
  await expect(desktop.window.text()).toHaveText('Four,');
  await quit(desktop, 'Quit now');
  await second.closed;
  expect(await desktop.ended).toBe(0);

  await desktop.restart();
  await desktop.window.session('First').click();
  await expect(desktop.window.text()).toHaveText('Four,');
  await expect(desktop.window.answer).toContainText('interrupted');
  await expect(desktop.window.answer.getByRole('button', { name: 'Continue' })).toBeVisible();
});

test('quitting while nothing is written asks nobody', async ({ startDesktop }) => {
  const desktop = await startDesktop();
  await quit(desktop, 'Cancel');
  expect(await desktop.ended).toBe(0);
  expect(desktop.printed).toBe('');
});
