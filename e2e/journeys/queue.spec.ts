import { expect, oneProvider, test } from '../support/test.ts';

test('what is written during a turn waits in a queue, can be changed there, and goes out when the turn is done', async ({
  start,
  ai,
}) => {
  const { window } = await start({ config: oneProvider(ai.url) });
  const first = ai.hold();
  await window.ask('First');
  await first.say('One. ');
  await expect(window.answer).toContainText('One.');
  await window.ask('Second');
  await window.ask('Third');
  const queued = window.queue.getByRole('listitem');
  await expect(queued).toHaveCount(2);
  await expect(queued.first()).toContainText('Second');

  await queued.first().getByRole('button', { name: 'Edit' }).click();
  await window.page.getByRole('textbox', { name: 'Edit message' }).fill('Second, in other words');
  await queued.first().getByRole('button', { name: 'Save' }).click();
  await expect(queued.first()).toContainText('Second, in other words');
  await queued.last().getByRole('button', { name: 'Remove' }).click();
  await expect(queued).toHaveCount(1);
  expect(ai.requests).toHaveLength(1);

  const second = ai.hold();
  await first.end();
  const { body } = await second.asked;
  expect(body.messages?.slice(-3).map(({ content }) => content)).toEqual(['First', 'One. ', 'Second, in other words']);
  await expect(window.queue).toBeHidden();
  await second.say('Two.');
  await second.end();
  await expect(window.answer).toContainText('Two.');
  await expect(window.stop).toBeHidden();
  expect(ai.requests).toHaveLength(2);
});

test('a queued message can be sent now: the answer stops, and what came of it goes along', async ({ start, ai }) => {
  const { window } = await start({ config: oneProvider(ai.url) });
  const first = ai.hold();
  await window.ask('Explain everything');
  await first.say('In the beginning ');
  await window.ask('Shorter, please');
  const second = ai.hold();
  await window.queue.getByRole('button', { name: 'Send now as steer' }).click();
  await first.closed;
  const { body } = await second.asked;
  expect(body.messages?.slice(-3)).toEqual([
    { role: 'user', content: 'Explain everything' },
    { role: 'assistant', content: 'In the beginning ' },
    { role: 'user', content: 'Shorter, please' },
  ]);
  await second.say('No.');
  await second.end();
  await expect(window.answers.first()).toContainText(/stopped after/);
  await expect(window.answer).toContainText('No.');
  await expect(window.queue).toBeHidden();
});

test('a message can be reworded: it is answered anew, and the old words stay one click away', async ({ start, ai }) => {
  const { window } = await start({ config: oneProvider(ai.url) });
  const first = ai.hold();
  await window.ask('How old is Rom?');
  await first.say('Which Rom?');
  await first.end();
  await expect(window.answer).toContainText('Which Rom?');
  const second = ai.hold();
  await window.own.hover();
  await window.own.getByRole('button', { name: 'Edit' }).click();
  await window.page.getByRole('textbox', { name: 'Edit message' }).fill('How old is Rome?');
  await window.button('Resend').click();
  const told = (await second.asked).body.messages?.filter(({ role }) => role !== 'system');
  expect(told).toEqual([{ role: 'user', content: 'How old is Rome?' }]);
  await second.say('Very old.');
  await second.end();
  await expect(window.own).toContainText('2 of 2');
  await expect(window.answer).toContainText('Very old.');
  await window.button('Previous wording').click();
  await expect(window.own).toContainText('How old is Rom?');
  await expect(window.answer).toContainText('Which Rom?');
});

test('each session keeps its draft, also through a reload', async ({ start, ai }) => {
  const { window, page } = await start({ config: oneProvider(ai.url) });
  for (const name of ['Alpha', 'Beta']) {
    const answer = ai.hold();
    await window.begin();
    await window.ask(name);
    await answer.say('Yes.');
    await answer.end();
    await expect(window.answer).toContainText('Yes.');
    await window.message.fill(`Something about ${name}`);
  }
  await window.begin();
  await window.message.fill('Something new');
  await window.session('Alpha').click();
  await expect(window.message).toHaveValue('Something about Alpha');
  await page.reload();
  await expect(window.message).toHaveValue('Something about Alpha');
  await window.session('Beta').click();
  await expect(window.message).toHaveValue('Something about Beta');
  await window.begin();
  await expect(window.message).toHaveValue('Something new');
});
