import { away, expect, oneProvider, test } from '../support/test.ts';

test.use({ allowed: away });

test('while the server is away the page says so and keeps what was seen, but claims no progress', async ({
  serve,
  ai,
  open,
}) => {
  const server = await serve({ config: oneProvider(ai.url) });
  const window = await open(server);
  const answer = ai.hold();
  await window.ask('Tell me about crashes');
  await answer.say('They ', 'happen ');
  await expect(window.text()).toHaveText('They happen');
  await server.kill('SIGKILL');
  await expect(window.status).toContainText('Reconnecting');
  await expect(window.text()).toHaveText('They happen');
  await expect(window.answer).toContainText('last seen streaming');
  await expect(window.answer.locator('.caret')).toHaveCount(0);
  await expect(window.stop).toBeDisabled();

  await server.restart();
  await expect(window.status).toContainText('Connected');
  await expect(window.answer).toContainText('interrupted');
  await expect(window.answer).not.toContainText('last seen streaming');
});

test('a message written while Choragus is away is kept here and goes out once when it is back', async ({
  serve,
  ai,
  open,
  page,
}) => {
  const server = await serve({ config: oneProvider(ai.url) });
  const window = await open(server);
  await expect(page.getByRole('button', { name: 'Specialist or model: Apollo' })).toBeVisible();
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
