import { expect, oneProvider, test } from '../support/test.ts';
import { Window } from '../support/window.ts';

test('a second start on the same data folder ends at once, and brings the window of the first one back', async ({
  startDesktop,
}) => {
  const desktop = await startDesktop();
  const minimized = () => desktop.run(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isMinimized(), null);
  await desktop.run(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.minimize(), null);
  await expect.poll(minimized).toBe(true);
  expect(await desktop.startAgain()).toBe(0);
  await expect.poll(minimized).toBe(false);
  expect(desktop.pages).toHaveLength(1);
  await expect(desktop.window.status).toContainText('Connected');
});

test('closing a window lets its answer go on, and a window opened later shows all of it live', async ({
  startDesktop,
  ai,
}) => {
  const desktop = await startDesktop({ config: oneProvider(ai.url) });
  await desktop.another();
  const answer = ai.hold();
  await desktop.window.ask('Tell me a long story');
  await answer.say('Once ');
  await expect(desktop.window.text()).toHaveText('Once');
  await desktop.run(({ BrowserWindow }) => {
    const [first] = BrowserWindow.getAllWindows().sort((one, other) => one.id - other.id);
    first!.close();
  }, null);
  await expect.poll(() => desktop.pages.length).toBe(1);
  await answer.say('upon ');
  expect(answer.open).toBe(true);

  const later = await desktop.another();
  await later.session('Tell me a long story').click();
  await expect(later.text()).toHaveText('Once upon');
  await answer.say('a time.');
  await expect(later.text()).toHaveText('Once upon a time.');
  await answer.end();
  await expect(later.stop).toBeHidden();
});

test('windows come back where they were, and show what they showed', async ({ startDesktop, ai }) => {
  const desktop = await startDesktop({ config: oneProvider(ai.url) });
  const places = [
    { x: 40, y: 60, width: 1000, height: 700 },
    { x: 300, y: 200, width: 1100, height: 760 },
  ];
  const bounds = () =>
    desktop.run(
      ({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .map((window) => window.getBounds())
          .sort((one, other) => one.x - other.x),
      null,
    );
  const answer = ai.hold();
  await desktop.window.ask('Remember me');
  await answer.say('I do.');
  await answer.end();
  await expect(desktop.window.text()).toHaveText('I do.');
  await desktop.another();
  await desktop.run(({ BrowserWindow }, wanted) => {
    const windows = BrowserWindow.getAllWindows().sort((one, other) => one.id - other.id);
    for (const [index, window] of windows.entries()) window.setBounds(wanted[index]!);
  }, places);
  expect(await bounds()).toEqual(places);
  await desktop.stop();

  await desktop.restart();
  await expect.poll(() => desktop.pages.length).toBe(2);
  expect(await bounds()).toEqual(places);
  const shown = desktop.pages.map(async (page) => {
    await page
      .getByText(/^(I do\.|No language model yet|New conversation)$/)
      .first()
      .waitFor();
    return { width: await page.evaluate(() => innerWidth), text: await new Window(page).text().allInnerTexts() };
  });
  expect(await Promise.all(shown)).toEqual(
    expect.arrayContaining([
      { width: 1000, text: ['I do.'] },
      { width: 1100, text: [] },
    ]),
  );
});
