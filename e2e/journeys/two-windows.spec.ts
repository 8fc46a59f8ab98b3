import { expect, oneProvider, test } from '../support/test.ts';

test('two windows see the same stream, the same end, and the same new title', async ({ start, ai }) => {
  const choragus = await start({ config: oneProvider(ai.url) });
  const one = choragus.window;
  const two = await choragus.another();
  const answer = ai.hold();
  await one.ask('Who is here?');
  await answer.say('Both ');
  await two.session('Who is here?').click();
  for (const window of [one, two]) await expect(window.text()).toHaveText('Both');
  await answer.say('of ', 'you.');
  for (const window of [one, two]) await expect(window.text()).toHaveText('Both of you.');
  await two.stop.click();
  await answer.closed;
  for (const window of [one, two]) await expect(window.answer).toContainText('stopped after');

  await one.session('Who is here?').press('F2');
  await one.page.getByRole('textbox', { name: 'Title' }).fill('A roll call');
  await one.page.getByRole('textbox', { name: 'Title' }).press('Enter');
  for (const window of [one, two]) {
    await expect(window.session('A roll call')).toBeVisible();
    await expect(window.page.getByRole('heading', { name: 'A roll call' })).toBeVisible();
  }
});
