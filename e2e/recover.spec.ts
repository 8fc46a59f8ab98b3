import { away, expect, oneProvider, test } from './support/test.ts';

test.use({ allowed: away });

test('after a crash the page comes back by itself, nothing that was seen is lost, and the answer can be continued', async ({
  serve,
  ai,
  open,
}) => {
  const server = await serve({ config: oneProvider(ai.url) });
  const window = await open(server);
  const first = ai.hold();
  await window.ask('Tell me about crashes');
  for (let n = 1; n <= 20; n++) await first.say(`word${n} `);
  await expect(window.answer).toContainText('word3');
  const seen = (await window.text().innerText()).trim();
  await server.kill('SIGKILL');
  await expect(window.status).toContainText('Reconnecting');
  await expect(window.answer).toContainText(seen);
  await expect(window.answer).toContainText('last seen streaming');
  await expect(window.answer.locator('.caret')).toHaveCount(0);
  await expect(window.stop).toBeDisabled();

  await server.restart();
  await expect(window.status).toContainText('Connected');
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

test('a message written while Choragus is away is kept here and goes out once when it is back', async ({
  serve,
  ai,
  open,
  page,
}) => {
  const server = await serve({ config: oneProvider(ai.url) });
  const window = await open(server);
  await server.kill('SIGKILL');
  await expect(window.status).toContainText('Reconnecting');
  const answer = ai.hold();
  await window.ask('Are you back?');
  await expect(window.own).toContainText('kept here');
  await expect(window.sessions).toContainText('kept here');

  await server.restart();
  await answer.say('I am.');
  await answer.end();
  await expect(window.answer).toContainText('I am.');
  await expect(window.own).toHaveCount(1);
  await expect(window.own).not.toContainText('kept here');
  await page.reload();
  await expect(window.answer).toContainText('I am.');
  expect(ai.requests).toHaveLength(1);
});
