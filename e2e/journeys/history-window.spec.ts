import { expect, oneProvider, test } from '../support/test.ts';

test('one chooses how much of a conversation goes along, keeps a message in, and sees what was really sent', async ({
  start,
  ai,
}) => {
  const choragus = await start({ config: oneProvider(ai.url) });
  const { window } = choragus;
  const { page } = window;
  /** Asks and answers; resolves with what the AI was given. */
  const say = async (text: string, words: string) => {
    const held = ai.hold();
    await window.ask(text);
    const { body } = await held.asked;
    await held.say(words);
    await held.end();
    await expect(window.text()).toHaveText(words);
    await expect(window.stop).toBeHidden();
    return (body.messages ?? []) as { role: string; content: string }[];
  };
  await window.choose('Apollo');
  await say('My name is Ada Quill. The bridge opens on 14 March.', 'Noted, Ada.');
  await say('It is built of stone.', 'Stone it is.');
  const sees = page.getByRole('region', { name: 'What Apollo sees' });
  await expect(sees.getByText('History, 2 exchanges')).toBeVisible();
  await expect(sees.getByText('Left out')).toBeHidden();

  // The last two exchanges, by keyboard.
  const tool = page.getByRole('button', { name: 'History window: all that fits' });
  await tool.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  const amount = page.getByRole('textbox', { name: 'Exchanges' });
  await amount.fill('2');
  await amount.press('Enter');
  await page.keyboard.press('Escape');
  await expect(window.message).toBeFocused();
  await expect(page.getByRole('button', { name: 'History window: last 2 exchanges' })).toBeVisible();
  await expect(sees.getByRole('button', { name: '2 messages' })).toBeVisible();

  const third = await say('Who pays?', 'The town.');
  expect(third.slice(1)).toEqual([
    { role: 'user', content: 'It is built of stone.' },
    { role: 'assistant', content: 'Stone it is.' },
    { role: 'user', content: 'Who pays?' },
  ]);
  expect(third[0]?.content).toContain('What was said before, in short:\n- You: My name is Ada Quill.');

  // What is pinned is always sent along.
  await window.own.first().hover();
  await page.getByRole('button', { name: 'More for this message' }).first().click();
  await page.getByRole('menuitem', { name: 'Pin: always send it along' }).click();
  await expect(window.own.first().getByText('pinned')).toBeVisible();
  await expect(sees.getByText('Pinned, 1 message')).toBeVisible();
  const fourth = await say('And who builds it?', 'The guild.');
  // The pinned message and what follows it are one for this dialect.
  expect(fourth[1]?.content).toContain('My name is Ada Quill. The bridge opens on 14 March.');

  await window.answer.hover();
  await window.answer.getByRole('button', { name: 'More for this answer' }).click();
  await page.getByRole('menuitem', { name: 'What was sent…' }).click();
  const dialog = page.getByRole('dialog', { name: 'What was sent' });
  await expect(dialog.getByText('Exactly what was sent')).toBeVisible();
  const messages = dialog.getByRole('list', { name: 'Messages' }).getByRole('listitem');
  await expect(messages).toHaveText([
    /^systemin short/,
    /^userpinned/,
    /^userhistory/,
    /^assistanthistory/,
    /^userthe message/,
  ]);
  await dialog.getByRole('button', { name: 'Copy as JSON' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  const json = JSON.parse(await choragus.copied());
  expect(json).toMatchObject({ exact: true, sent: { leftOut: { messages: 3, reason: 'exchanges' } } });
  expect(`${json.system}\n\n${json.messages[0].text}`).toBe(fourth[0]?.content);
  await page.keyboard.press('Escape');

  // What came before is forgotten, and the conversation says where.
  await page.getByRole('button', { name: 'History window: last 2 exchanges' }).click();
  await page.getByRole('button', { name: 'Forget what came before' }).click();
  await page.keyboard.press('Escape');
  await expect(window.thread.getByText('Not sent along before this')).toBeVisible();
  const fifth = await say('A new topic.', 'Gladly.');
  expect(fifth.slice(1).map(({ content }) => content)).toEqual([
    'My name is Ada Quill. The bridge opens on 14 March.\n\nA new topic.',
  ]);
});
