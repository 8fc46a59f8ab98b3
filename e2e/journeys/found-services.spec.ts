import { html, json, startTestServer } from '../../src-main/providers/testing/server.ts';
import { ollama } from '../support/services.ts';
import { expect, test } from '../support/test.ts';

test('an AI service on this computer is found by itself, answers, and is told when it goes; another program is never taken for one', async ({
  start,
  ai,
}) => {
  const other = await startTestServer();
  other.always(json({ status: 'ok', models: ['not-a-model'], data: [{ id: 'not-a-model' }] }));
  ai.always(ollama('qwen3:8b'));
  const config = { localServices: { ollama: ai.url, lmStudio: other.url, llamaCpp: other.url } };
  const { window, page } = await start({ config });
  await window.settings('Providers');
  const row = window.row('Providers', /^Ollama/);
  await expect(row).toContainText('found on this computer');
  await expect(row).toContainText('ready');
  await row.click();
  const detail = window.detail('Ollama');
  await expect(detail).toContainText(`Found on this computer at ${new URL(ai.url).host}.`);
  await expect(detail.getByRole('rowheader')).toHaveText(['qwen3:8b']);
  expect(other.requests.map(({ path }) => path)).toEqual(expect.arrayContaining(['/api/v0/models', '/health']));
  await expect(page.getByRole('navigation', { name: 'Providers' }).getByRole('listitem')).toHaveCount(2);

  // One of the specialists is to use it for good.
  await detail.getByRole('button', { name: 'Use for (qwen3:8b)' }).click();
  await page.getByRole('menuitemcheckbox', { name: /^Apollo/ }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Conversations' }).click();
  await window.choose('Apollo');
  const answer = ai.hold();
  await window.ask('Who is there?');
  expect(await answer.asked).toMatchObject({ path: '/v1/chat/completions', body: { model: 'qwen3:8b' } });
  await answer.say('A model of your own.');
  await answer.end();
  await expect(window.answer).toContainText('qwen3:8b on Ollama');
  await expect(window.text()).toHaveText('A model of your own.');

  // It has ended, and its port has gone to another program.
  ai.always(html());
  await window.settings('Providers');
  await page.getByRole('button', { name: 'Look now' }).click();
  await row.click();
  await expect(detail).toContainText(`Ollama does not answer at ${new URL(ai.url).host}.`);
  await expect(detail).toContainText('Start Ollama, then look again.');
  await expect(window.status).toContainText('Ollama not reachable');
  ai.always(ollama('qwen3:8b'));
  await page.getByRole('button', { name: 'Look now' }).click();
  await expect(row).toContainText('ready');
  await expect(page.getByText('Here now: Ollama.')).toBeVisible();
  await other.close();
});
