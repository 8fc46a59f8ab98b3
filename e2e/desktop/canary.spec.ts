import { join } from 'node:path';
import { json } from '../../src-main/providers/testing/server.ts';
import { InBrowser } from '../support/choragus.ts';
import { bytesBelow, formsOf } from '../support/files.ts';
import { expect, test } from '../support/test.ts';

const canary = 'sk-canary-9876543210-zyxwvutsrq';

test('a key typed in the window lies under seal and nowhere else; without the keychain it is locked, and says what helps', async ({
  startDesktop,
  serve,
  launched,
  watch,
  ai,
}) => {
  const desktop = await startDesktop();
  const { window, page, dataDir } = desktop;
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  ai.always((received, response) => {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: `No such key: ${received.headers.authorization}` } }));
  });
  await page.getByRole('button', { name: 'Connect a model' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Connect a model' });
  await dialog.getByLabel('Kind').selectOption('Other OpenAI-compatible server');
  await dialog.getByLabel('Name').fill('Local AI');
  await dialog.getByLabel('Base URL').fill(`${ai.url}/v1`);
  await dialog.getByLabel('Key').fill(canary);
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  // The refusal quotes the key; what is shown and logged of it does not.
  await expect(dialog.getByRole('alert')).toContainText('No such key');
  const seen = await dialog.getByRole('alert').innerText();
  ai.always(json({ data: [{ id: 'test-model' }] }));
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(dialog.getByText('Local AI is connected.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();

  /** It must arrive, or nothing of all this shows anything. */
  const ask = async (text: string) => {
    const answer = ai.hold();
    await desktop.window.choose('test-model');
    await desktop.window.ask(text);
    expect((await answer.asked).headers.authorization).toBe(`Bearer ${canary}`);
    await answer.say('Thank you.');
    return answer;
  };
  const answer = await ask('Is this the key?');
  await expect(window.text()).toHaveText('Thank you.');
  const stored = JSON.stringify(await page.evaluate(() => ({ ...localStorage, ...sessionStorage })));
  const looked = [seen, await page.content(), stored, page.url()];
  await desktop.crash();
  await answer.closed;
  const left = bytesBelow(dataDir);

  await desktop.restart();
  await (await ask('And still?')).end();
  await desktop.stop();
  const forms = formsOf(canary);
  const found = (bytes: Buffer | string) => forms.filter((form) => bytes.includes(form));
  for (const files of [left, bytesBelow(dataDir)]) {
    expect([...files.keys()]).toEqual(
      expect.arrayContaining([
        join('logs', 'choragus.log'),
        'choragus.db',
        'secrets.json',
        'owner.lock',
        'windows.json',
      ]),
    );
    expect([...files].filter(([, bytes]) => found(bytes).length > 0).map(([path]) => path)).toEqual([]);
    expect(JSON.parse(String(files.get('secrets.json')))).toMatchObject({ 'local-ai': { sealed: expect.any(String) } });
  }
  expect([...looked, ...said, desktop.printed].flatMap(found)).toEqual([]);
  // This search finds what there is to find.
  for (const form of forms) expect(found(`${form}\n`)).toContain(form);

  const headless = await InBrowser.start(await serve({ dataDir }), await launched(), watch);
  await headless.page.goto(new URL('#/settings/providers', headless.page.url()).href);
  await headless.page.getByText('Local AI').first().click();
  await expect(headless.page.getByText('key locked').first()).toBeVisible();
  await expect(headless.page.getByText('It was sealed by another host of Choragus')).toContainText(
    'Open Choragus there, or give the key again here.',
  );
  await headless.close();
});
