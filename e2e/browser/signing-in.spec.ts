import { expect, test } from '../support/test.ts';
import { Window } from '../support/window.ts';

test.describe('signing in', () => {
  test.use({ allowed: /status of 401/ });

  test('only the printed link signs in, and only once; everybody else is told how to get one', async ({
    serve,
    page,
    browser,
  }) => {
    const server = await serve();
    const refused = await page.goto(server.url);
    expect(refused?.status()).toBe(401);
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expect(page.getByText(/^npm start link/)).toBeVisible();

    await page.goto(server.link);
    await expect(new Window(page).message).toBeFocused();
    expect(page.url()).toBe(`${server.url}/`);

    const other = await browser.newPage();
    await other.goto(server.link);
    await expect(other.getByRole('alert')).toContainText('This link was used already');
    await expect(other.getByText(/^npm start link/)).toBeVisible();
    expect(other.url()).not.toContain('code');
    await other.goto(await server.newLink());
    await expect(new Window(other).message).toBeVisible();
    await other.close();

    await page.reload();
    await expect(new Window(page).message).toBeVisible();
  });
});

test('before the first connection what one writes is kept, and Send says why it waits', async ({ serve, page }) => {
  const server = await serve();
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.routeWebSocket(/\/rpc/, async (socket) => {
    await arrived;
    socket.connectToServer();
  });
  await page.goto(server.link);
  const window = new Window(page);
  await window.ask('Who is there?');
  await expect(window.send).toBeDisabled();
  await expect(window.send).toHaveAccessibleDescription(/^Can be sent once there is a connection/);
  await expect(window.message).toHaveValue('Who is there?');
  arrive();
  await expect(window.status).toContainText('Connected');
  await expect(window.message).toHaveValue('Who is there?');
  await window.choose('Sophia');
  await window.message.press('Enter');
  await expect(window.own).toContainText('Who is there?');
});
