import { away, expect, oneProvider, test } from '../support/test.ts';

const apollo = { specialist: 'apollo' };

test('two windows and a program in one session see each other, every message and every answer as it comes', async ({
  start,
  ai,
  program,
}) => {
  const choragus = await start({ config: oneProvider(ai.url) });
  const one = choragus.window;
  const url = await choragus.gateway();
  const token = await one.createToken('Nightly report');
  await one.conversations();
  const first = ai.hold();
  await one.ask('Who is here?');
  await first.say('We ');
  await expect(one.text()).toHaveText('We');
  await expect(one.others).toHaveCount(0);

  const two = await choragus.beside();
  await two.session('Who is here?').click();
  await expect(two.text()).toHaveText('We');
  const report = program(url, token, 'nightly-report');
  const followed = await report.open('Who is here?');
  for (const window of [one, two])
    await expect(window.others).toHaveAccessibleName(/^2 others here ?: Window, nightly-report$/);
  await expect.poll(() => followed.names).toEqual(['window', 'window', 'nightly-report (you)']);
  await first.say('are.');
  for (const window of [one, two]) await expect(window.text()).toHaveText('We are.');
  await expect.poll(() => followed.said).toEqual(['You: Who is here?', 'Apollo: We are.']);

  // What the program sends during the answer waits in every window, and goes out after it.
  await followed.send('And I?', apollo);
  for (const window of [one, two]) await expect(window.queue.getByRole('listitem')).toContainText('And I?');
  const second = ai.hold();
  await first.end();
  await second.say('You ');
  for (const window of [one, two]) {
    await expect(window.own.last()).toContainText('And I?');
    await expect(window.text()).toHaveText('You');
  }
  await second.say('too.');
  await second.end();
  await expect.poll(() => followed.said.at(-1)).toBe('Apollo: You too.');

  await one.message.fill('Of this window alone');
  const third = ai.hold();
  await two.ask('Anybody else?');
  await expect(one.own.last()).toContainText('Anybody else?');
  await third.say('Nobody.');
  await third.end();
  await expect(one.text()).toHaveText('Nobody.');
  const all = ['You: Who is here?', 'Apollo: We are.', 'You: And I?', 'Apollo: You too.'];
  await expect.poll(() => followed.said).toEqual([...all, 'You: Anybody else?', 'Apollo: Nobody.']);
  await expect(one.message).toHaveValue('Of this window alone');
  await expect(two.message).toHaveValue('');
  await two.page.reload();
  await expect(two.text()).toHaveText('Nobody.');
  await expect(two.message).toHaveValue('');

  report.close();
  for (const window of [one, two]) await expect(window.others).toHaveAccessibleName(/^1 other here ?: Window$/);
  await two.page.close();
  await expect(one.others).toHaveCount(0);
});

test.describe('close the lid', () => {
  test.use({ allowed: away });

  test('with one window closed in the middle of an answer and Choragus killed, all of it is there for whoever comes back', async ({
    start,
    ai,
    program,
  }) => {
    const choragus = await start({ config: oneProvider(ai.url) });
    const url = await choragus.gateway();
    const token = await choragus.window.createToken('Nightly report');
    await choragus.window.conversations();
    const first = ai.hold();
    await choragus.window.ask('Tell me about lids');
    await first.say('They ');
    const followed = await program(url, token, 'nightly-report').open('Tell me about lids');
    const other = await choragus.beside();
    await other.session('Tell me about lids').click();
    await expect(other.text()).toHaveText('They');
    await other.message.fill('What about hinges?');
    await other.page.close();
    await first.say('close ');
    await followed.send('And open', apollo);
    await expect(choragus.window.text()).toHaveText('They close');
    await expect.poll(() => followed.said.at(-1)).toBe('Apollo: They close ');
    await choragus.crash();
    await first.closed;

    await choragus.restart();
    const back = await choragus.beside();
    await choragus.window.session('Tell me about lids').click();
    await back.session('Tell me about lids').click();
    for (const window of [choragus.window, back]) {
      await expect(window.text()).toHaveText('They close');
      await expect(window.answer).toContainText('interrupted');
      await expect(window.queue.getByRole('listitem')).toContainText('And open');
      await expect(window.others).toContainText('Window');
      await expect(window.others).toContainText('nightly-report');
    }
    // The program came back by itself.
    await expect.poll(() => followed.view.nodes[followed.view.head!]).toMatchObject({ state: 'interrupted' });
    const second = ai.hold();
    await back.answer.getByRole('button', { name: 'Continue' }).click();
    await second.say('and ');
    for (const window of [choragus.window, back]) await expect(window.text()).toHaveText('They close and');
    await expect.poll(() => followed.said.at(-1)).toBe('Apollo: They close and ');
    const third = ai.hold();
    await second.end();
    await third.say('Yes.');
    await third.end();
    for (const window of [choragus.window, back]) await expect(window.text()).toHaveText('Yes.');
    await expect.poll(() => followed.said.slice(-2)).toEqual(['You: And open', 'Apollo: Yes.']);
  });
});
