import { expect, oneProvider, test } from '../support/test.ts';

// After a crash, Playwright no longer reaches the page of a real Electron.
test('a page that crashes is loaded again by itself, and its answer goes on without a gap', {
  tag: '@stand-in',
}, async ({ startDesktop, ai }) => {
  const desktop = await startDesktop({ config: oneProvider(ai.url) });
  const answer = ai.hold();
  await desktop.window.ask('Hold on');
  await answer.say('One ');
  await expect(desktop.window.text()).toHaveText('One');
  await desktop.window.message.fill('Half a thought');
  const devTools = await desktop.page.context().newCDPSession(desktop.page);
  const again = await desktop.opened(() => void devTools.send('Page.crash').catch(() => {}));
  await answer.say('two ');
  await again.session('Hold on').click();
  await expect(again.text()).toHaveText('One two');
  await answer.say('three.');
  await answer.end();
  await expect(again.text()).toHaveText('One two three.');
  expect(desktop.pages).toEqual([again.page]);
  expect(ai.requests).toHaveLength(1);
});

test('what the menus ask goes to the window in front, and only there', async ({ startDesktop, ai }) => {
  const desktop = await startDesktop({ config: oneProvider(ai.url) });
  const behind = desktop.window;
  const answer = ai.hold();
  await behind.ask('Where am I?');
  await answer.say('Behind.');
  await answer.end();
  await expect(behind.text()).toHaveText('Behind.');

  const front = await desktop.another();
  await front.session('Where am I?').click();
  await expect(front.text()).toHaveText('Behind.');
  await desktop.menu('New conversation');
  await expect(front.page.getByRole('heading', { name: 'New conversation', level: 1 })).toBeVisible();
  await expect(front.message).toBeFocused();
  await desktop.menu('Commands');
  await expect(front.page.getByRole('combobox')).toBeFocused();
  await front.page.keyboard.press('Escape');
  await desktop.menu('Settings');
  await expect(front.page.getByRole('heading', { name: 'Settings' }).first()).toBeVisible();
  await expect(behind.text()).toHaveText('Behind.');
});
