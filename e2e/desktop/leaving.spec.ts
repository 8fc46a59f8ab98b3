import { expect, oneProvider, test } from '../support/test.ts';

// The console says why a policy refused something.
test.use({ allowed: /Content Security Policy|Not allowed to (load|launch|navigate)|ERR_ABORTED/ });

test('a link in an answer opens in the system’s browser if it is one, and the window stays what it is', async ({
  startDesktop,
  ai,
}) => {
  const desktop = await startDesktop({ config: oneProvider(ai.url) });
  await desktop.run(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = async (address) => void opened.push(address);
  }, null);
  const opened = () => desktop.run(() => (globalThis as unknown as { opened: string[] }).opened, null);
  const { window: shown, page } = desktop;
  const address = page.url();
  const answer = ai.hold();
  await shown.ask('Where can I read on?');
  await answer.say(
    '[the page](https://example.org/read?on=1), [by mail](mailto:ada@example.org), [a script](javascript:alert(1)), ',
    '[a file](file:///etc/passwd), [a program](ms-msdt:/id), [ours](app://choragus/x.js), [data](data:text/html,x)',
  );
  await answer.end();
  await expect(shown.text()).toContainText('data');
  for (const name of ['the page', 'by mail', 'a script', 'a file', 'a program', 'ours', 'data'])
    await shown.text().getByText(name, { exact: true }).click();
  await expect.poll(opened).toEqual(['https://example.org/read?on=1', 'mailto:ada@example.org']);

  // And whatever else a page could try, if it were not ours.
  await page.evaluate(() => {
    for (const target of ['https://example.org/opened', 'file:///etc/passwd', 'app://choragus/', 'about:blank'])
      window.open(target);
    const link = document.createElement('a');
    link.href = 'https://example.org/clicked';
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    document.body.append(link);
    link.click();
  });
  await page.evaluate(() => {
    location.href = 'https://example.org/left';
  });
  await expect.poll(opened).toEqual(expect.arrayContaining(['https://example.org/left']));
  const all = await opened();
  expect(all.slice(2).sort()).toEqual(['clicked', 'left', 'opened'].map((path) => `https://example.org/${path}`));
  await expect.poll(() => desktop.pages).toEqual([page]);
  expect(page.url().split('#')[0]).toBe(address.split('#')[0]);
  await expect(shown.status).toContainText('Connected');
});
