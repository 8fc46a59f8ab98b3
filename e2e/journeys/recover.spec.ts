import { away, expect, oneProvider, test } from '../support/test.ts';

test.use({ allowed: away });

test('after a crash the conversation is there again, nothing that was seen is lost, and the answer can be continued', async ({
  start,
  ai,
}) => {
  const choragus = await start({ config: oneProvider(ai.url) });
  const first = ai.hold();
  await choragus.window.ask('Tell me about crashes');
  for (let n = 1; n <= 20; n++) await first.say(`word${n} `);
  await expect(choragus.window.answer).toContainText('word3');
  const seen = (await choragus.window.text().innerText()).trim();
  await choragus.crash();
  await first.closed;

  await choragus.restart();
  const { window } = choragus;
  await window.session('Tell me about crashes').click();
  await expect(window.answer).toContainText('interrupted');
  expect((await window.text().innerText()).startsWith(seen)).toBe(true);
  await expect(window.sessions).toContainText('interrupted');
  const second = ai.hold();
  await window.answer.getByRole('button', { name: 'Continue' }).click();
  await second.say('and on.');
  await second.end();
  await expect(window.text()).toContainText(/word1 word2 .* and on\.$/);
  await expect(window.answer.getByRole('button', { name: 'Continued here. Choragus ended here.' })).toBeAttached();
});
