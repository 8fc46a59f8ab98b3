import { expect, test } from '../support/test.ts';

test('an access token is shown once, opens what its scopes say, and lets nobody in once it is removed', async ({
  start,
  program,
}) => {
  const choragus = await start();
  const { window, page } = choragus;
  const url = await choragus.gateway();
  const token = await window.createToken('Translator', ['Chat']);
  const made = window.madeToken('Translator');
  await expect(made).toContainText('It will not be shown again. Who has it can talk here');
  await expect(made).toBeFocused();
  const row = page.getByRole('row', { name: /^Translator/ });
  await expect(row.getByRole('cell').nth(1)).toHaveText('Chat');
  await expect(row).toContainText('not since the start');

  const authorization = `Bearer ${token}`;
  const complete = () =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'noesis', messages: [{ role: 'user', content: '12 * 12' }] }),
    });
  const list = () => fetch(`${url}/api/v2/sessions`, { headers: { authorization } });
  const completion = await complete();
  expect(completion.status).toBe(200);
  expect((await completion.json()).choices[0].message.content).toContain('144');
  const refused = await list();
  expect(refused.status).toBe(403);
  expect((await refused.json()).error).toMatchObject({
    code: 'FORBIDDEN',
    details: { next: expect.stringContaining('Settings') },
  });
  const running = program(url, token, 'translator');
  await expect.poll(() => running.states.at(-1)).toBe('connected');
  await expect(running.client.call('sessions.list', {})).rejects.toMatchObject({ code: 'FORBIDDEN' });

  await window.settings('About');
  await window.settings('Gateway');
  await expect(row).not.toContainText('not since the start');
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(token);
  await made.getByRole('button', { name: 'Done' }).click();
  await expect(made).toHaveCount(0);
  await page.reload();
  await expect(row).toBeVisible();
  expect(await page.content()).not.toContain(token);

  await row.getByRole('button', { name: 'Remove Translator' }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('Programs that use it are disconnected at once');
  await question.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(row).toHaveCount(0);
  await expect.poll(() => running.states.at(-1)).toBe('refused');
  for (const ask of [complete, list]) expect((await ask()).status).toBe(401);
  await expect(window.status).toContainText('Connected');
});

test('a web page elsewhere may ask only while it is listed, and only with an access token', async ({ start }) => {
  const choragus = await start();
  const { window, page } = choragus;
  const url = await choragus.gateway();
  const token = await window.createToken('Web page');
  const origin = 'https://harbour.example';
  const ask = async (headers: Record<string, string> = { authorization: `Bearer ${token}` }) => {
    const answer = await fetch(`${url}/v1/models`, { headers: { origin, ...headers } });
    return [answer.status, answer.headers.get('access-control-allow-origin')];
  };
  expect(await ask()).toEqual([403, null]);

  const field = page.getByRole('textbox', { name: 'Origin of the web page' });
  await field.fill('harbour');
  await field.press('Enter');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill(`${origin}/app/index.html`);
  await field.press('Enter');
  const listed = page.getByRole('list', { name: 'Web pages that may ask' });
  await expect(listed.getByRole('listitem')).toContainText(origin);
  await expect(field).toHaveValue('');
  expect(await ask()).toEqual([200, origin]);
  expect((await ask({}))[0]).toBe(401);

  await page.getByRole('button', { name: `Remove ${origin}` }).click();
  await expect(listed).toHaveCount(0);
  expect(await ask()).toEqual([403, null]);
});
