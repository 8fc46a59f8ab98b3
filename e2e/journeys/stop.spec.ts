import { expect, oneProvider, test } from '../support/test.ts';

test('stopping, by button or by Escape, reaches the provider and keeps what came', async ({ start, ai }) => {
  const { window } = await start({ config: oneProvider(ai.url) });
  const ways = [
    { words: ['One, ', 'two, ', 'three, '], stop: () => window.stop.click() },
    { words: ['Uno, ', 'due, ', 'tre, '], stop: () => window.message.press('Escape') },
  ];
  for (const { words, stop } of ways) {
    const answer = ai.hold();
    await window.ask('Count to a thousand');
    await answer.say(...words);
    await expect(window.answer).toContainText(words.join('').trim());
    await stop();
    await answer.closed;
    await expect(window.answer).toContainText(/stopped after about \d+ tokens/);
    await expect(window.answer).toContainText(words.join('').trim());
    await expect(window.stop).toBeHidden();
  }
});

test('a turn goes on while its page is reloaded or closed, and whoever comes back sees all of it live', async ({
  start,
  ai,
}) => {
  const choragus = await start({ config: oneProvider(ai.url) });
  const { window, page } = choragus;
  const answer = ai.hold();
  await window.ask('Tell me a long story');
  await answer.say('Once ');
  await expect(window.answer).toContainText('Once');
  await page.reload();
  await answer.say('upon ');
  await expect(window.text()).toHaveText('Once upon');

  const back = await choragus.another();
  await page.close();
  await answer.say('a ');
  expect(answer.open).toBe(true);
  await back.session('Tell me a long story').click();
  await expect(back.text()).toHaveText('Once upon a');
  await expect(back.stop).toBeVisible();
  await answer.say('time.');
  await expect(back.text()).toHaveText('Once upon a time.');
  await answer.end();
  await expect(back.stop).toBeHidden();
  expect(ai.requests).toHaveLength(1);
});
