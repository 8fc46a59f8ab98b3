import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { clipboardOf } from '../support/choragus.ts';
import { expect, oneProvider, test } from '../support/test.ts';

const run = promisify(execFile);

test('on the API page one asks, sees each event as it comes, takes the curl command along, and goes on with the turn', async ({
  serve,
  open,
  ai,
  page,
}) => {
  const specialists = { noesis: { provider: 'offline', model: 'data' } };
  const server = await serve({ config: { ...oneProvider(ai.url), specialists } });
  const window = await open(server);
  const token = await window.createToken('curl');
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: /\/api\/docs$/ }).click();
  const api = await opened;
  const operation = (name: string) => api.getByRole('navigation', { name: 'Operations' }).getByRole('link', { name });
  const field = (name: string) => api.getByRole('textbox', { name: new RegExp(`^${name}\\b`) });
  const specialist = field('specialist');
  const answer = api.getByRole('region', { name: 'Answer' });
  const events = answer.getByRole('listitem');
  await expect(api.getByRole('heading', { name: 'Ask a specialist' })).toBeVisible();
  await expect(operation('Ask a specialist')).toHaveAttribute('aria-current', 'page');

  const held = ai.hold();
  await specialist.fill('apollo-ai');
  await field('content').fill("What's a harbour?");
  await field('content').press('Control+Enter');
  await held.say('A ', 'port.');
  await expect(answer.getByRole('status')).toContainText('streaming');
  await expect(events.last()).toContainText('port.');
  await held.end();
  await expect(events.last()).toContainText('done');
  await expect(answer.getByRole('status')).toContainText('200');

  await specialist.fill('noesis-ai');
  await field('content').fill('12 * 12');
  await api.getByRole('button', { name: 'Copy the curl command' }).click();
  const command = await clipboardOf(api);
  expect(command).not.toContain(token);
  const { stdout } = await run('sh', ['-c', command], { env: { ...process.env, CHORAGUS_TOKEN: token } });
  expect(stdout).toContain('"type":"start"');
  expect(stdout).toContain('144');
  expect(stdout).toContain('"type":"done"');

  await operation('Ask a specialist').focus();
  await api.keyboard.press('ArrowDown');
  await api.keyboard.press('ArrowDown');
  await expect(operation('Go on with a stream')).toBeFocused();
  await api.keyboard.press('Enter');
  const turn = api.getByRole('combobox', { name: /^turn\b/ });
  await expect(turn).not.toHaveValue('');
  await api.getByRole('button', { name: 'Send' }).click();
  await expect(events.last()).toContainText('done');
  await expect(events.nth(1)).toContainText('"A port."');

  await turn.fill('nobody');
  await api.getByRole('button', { name: 'Send' }).click();
  await expect(answer.getByRole('status')).toContainText('404');
  await expect(answer).toContainText('NOT_FOUND');
});
