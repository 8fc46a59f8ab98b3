import { WebSocket } from 'ws';
import { expect, test } from '../support/test.ts';

test('an access token is shown until it is put away and never again, lets a program in, and lets nobody in once it is removed', async ({
  serve,
  open,
  page,
}) => {
  const server = await serve();
  const window = await open(server);
  await window.settings('Gateway');
  await page.getByLabel('Name of the new access token').fill('A script');
  await page.getByRole('button', { name: 'Create' }).click();
  const made = page.getByRole('status').filter({ hasText: 'Copy the access token for A script now.' });
  await expect(made).toContainText('It will not be shown again.');
  await expect(made).toBeFocused();
  const token = await made.getByRole('code').innerText();
  expect(token.length).toBeGreaterThan(20);

  const connect = () => {
    const headers = { authorization: `Bearer ${token}` };
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/rpc`, { headers });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    const opened = new Promise<boolean>((resolve) => {
      socket.once('open', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    return { socket, opened, closed };
  };
  const program = connect();
  expect(await program.opened).toBe(true);
  const hello = { protocol: 1, client: { name: 'a script', version: '1' } };
  const heard = new Promise((resolve) => program.socket.once('message', (data) => resolve(JSON.parse(String(data)))));
  program.socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'server.hello', params: hello }));
  expect(await heard).toMatchObject({ id: 1, result: { protocol: 1 } });

  await window.settings('About');
  await window.settings('Gateway');
  const row = page.getByRole('row', { name: /A script/ });
  await expect(row).toBeVisible();
  await expect(row).not.toContainText('not since the start');
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(token);
  await made.getByRole('button', { name: 'Done' }).click();
  await expect(made).toHaveCount(0);
  await page.reload();
  await expect(row).toBeVisible();
  expect(await page.content()).not.toContain(token);

  await row.getByRole('button', { name: 'Remove A script' }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('Programs that use it are disconnected at once');
  await question.getByRole('button', { name: 'Remove', exact: true }).click();
  await program.closed;
  await expect(row).toHaveCount(0);
  expect(await connect().opened).toBe(false);
  await expect(window.status).toContainText('Connected');
});
