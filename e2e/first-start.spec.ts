import { expect, test } from './support/test.ts';
import { Window } from './support/window.ts';

const minutes = `The release is called Bluebird. Bluebird ships on Thursday at noon, when the harbour office is open.
Nobody has tested the printer of Bluebird yet. The printer stands in the cellar. Anna looks after it on Wednesday. The
team meets again on Friday.`;

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

test('without any model two specialists answer at once and say that no language model is at work', async ({
  serve,
  open,
  page,
}) => {
  const window = await open(await serve());
  await expect(page.getByRole('heading', { name: 'No language model yet' })).toBeVisible();
  const examples = page.getByRole('list', { name: 'Examples' });
  await expect(examples.getByRole('button')).toHaveCount(2);

  await examples.getByRole('button', { name: /^Sophia/ }).click();
  await expect(window.message).toBeFocused();
  await window.message.press('Enter');
  await expect(window.answer).toContainText('No language model is at work');
  await expect(window.answer).toContainText('offline model');
  await expect(window.answer).toContainText(/done in \d/);

  await window.begin();
  await window.choose('Sophia');
  await window.ask(`Summarise in two sentences: ${minutes}`);
  await expect(window.answer).toContainText('Bluebird');
  const source = page.url();

  await window.begin();
  await window.choose('Engram');
  await window.ask('What did we say about Bluebird?');
  await expect(window.answer).toContainText('No language model is at work');
  await expect(window.answer.getByRole('blockquote').first()).toContainText('Bluebird');
  await window.answer
    .getByRole('link', { name: /Bluebird/ })
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(`^${source}/.+`));
  const quoted = window.own.filter({ hasText: 'Bluebird' });
  await expect(quoted).toBeInViewport();
  await expect(quoted).toBeFocused();
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

test('an address of no conversation leads to a new one', async ({ serve, open, page }) => {
  const window = await open(await serve());
  await page.goto(`${page.url()}#/conversations/0190aaaa-0000-7000-8000-000000000000`);
  await expect(page.getByRole('alert')).toContainText('There is no conversation at this address.');
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeHidden();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await expect(window.message).toBeFocused();
});
