import { html, json, onlyWhole, status } from '../../src-main/providers/testing/server.ts';
import { anthropicError, openaiError, openaiWhole } from '../../src-main/providers/testing/streams.ts';
import type { HeldAnswer } from '../support/held-answer.ts';
import { expect, oneProvider, test } from '../support/test.ts';

const dialects = ['openai', 'anthropic'] as const;
const errorEvents = { openai: openaiError(), anthropic: anthropicError() };

for (const dialect of dialects)
  test(`however an answer in the dialect of ${dialect} breaks off, it is said, what came is kept, and there is a way on`, async ({
    start,
    ai,
  }) => {
    const { window } = await start({ config: oneProvider(ai.url, { dialect, stallMs: 1000 }) });
    const endings: [what: string, end: (answer: HeldAnswer) => unknown, said: RegExp][] = [
      ['a reset', (answer) => answer.reset(), /closed the connection in the middle of the answer\./],
      ['an end without a finish', (answer) => answer.endWithoutFinish(), /ended the stream in the middle/],
      ['an error', (answer) => answer.raw(errorEvents[dialect]), /reported an error: (The server had|Overloaded)/],
      ['junk', (answer) => answer.raw('data: {"half an eve\n\n'), /Local AI sent .*broken JSON/],
      ['silence', () => {}, /Local AI sent nothing for 1 s\./],
    ];
    for (const [index, [what, end, said]] of endings.entries()) {
      const answer = ai.hold(dialect);
      await window.ask(`Now comes ${what}`);
      await expect(window.own).toHaveCount(index + 1);
      await answer.say('Half of ', `the ${what} `);
      await expect(window.answer).toContainText(`Half of the ${what}`);
      await end(answer);
      await expect(window.answer.getByRole('alert')).toContainText(said);
      await expect(window.answer.getByRole('alert')).toContainText('What came is kept above.');
      await expect(window.answer).toContainText(`Half of the ${what}`);
      await expect(window.answer.getByRole('button', { name: 'Continue' })).toBeVisible();
      await expect(window.answer.getByRole('button', { name: 'Retry', exact: true })).toBeVisible();
      if (what !== 'an end without a finish') await answer.closed;
    }

    ai.next(html());
    await window.ask('Now comes a web page');
    await expect(window.answer.getByRole('alert')).toContainText('Local AI sent a web page (HTML)');
    await expect(window.answer.getByRole('button', { name: 'Continue' })).toBeHidden();
    await expect(window.answer.getByRole('button', { name: 'Retry', exact: true })).toBeVisible();
  });

for (const dialect of dialects)
  test(`a continued answer in the dialect of ${dialect} goes on where it broke off, with a seam that says why`, async ({
    start,
    ai,
  }) => {
    const { window } = await start({ config: oneProvider(ai.url, { dialect }) });
    const first = ai.hold(dialect);
    await window.ask('Who leads the chorus?');
    await first.say('The chorus is led ', 'by the ');
    await expect(window.text()).toHaveText('The chorus is led by the');
    await first.reset();
    const second = ai.hold(dialect);
    await window.answer.getByRole('button', { name: 'Continue' }).click();
    const { body } = await second.asked;
    const told = body.messages?.filter(({ role }) => role !== 'system');
    if (dialect === 'anthropic')
      expect(told).toEqual([
        { role: 'user', content: 'Who leads the chorus?' },
        { role: 'assistant', content: 'The chorus is led by the' },
      ]);
    else
      expect(told).toEqual([
        { role: 'user', content: 'Who leads the chorus?' },
        { role: 'assistant', content: 'The chorus is led by the ' },
        { role: 'user', content: expect.stringContaining('Go on exactly where it ended') },
      ]);

    // A model that is only told to go on likes to say the last words once more.
    if (dialect === 'openai') await second.say('is led by', ' the ');
    await second.say('choragus', '.');
    await second.end();
    await expect(window.text()).toContainText('The chorus is led by the choragus.');
    const seam = window.answer.getByRole('button', { name: /^Continued here\..*closed the connection/ });
    const reason = () => seam.evaluate((element) => getComputedStyle(element, '::after').visibility);
    expect(await reason()).toBe('hidden');
    await seam.focus();
    await expect.poll(reason).toBe('visible');
    expect(ai.requests).toHaveLength(2);
  });

test('a retried answer stands beside the first one, which is one click away', async ({ start, ai }) => {
  const { window } = await start({ config: oneProvider(ai.url) });
  const first = ai.hold();
  await window.ask('Say a number');
  await first.say('One');
  await expect(window.text()).toHaveText('One');
  await first.reset();
  const second = ai.hold();
  await window.answer.getByRole('button', { name: 'Retry', exact: true }).click();
  await second.say('Two');
  await second.end();
  await expect(window.answer).toContainText('Two');
  await expect(window.answer).toContainText('2 of 2');
  expect((await second.asked).body.messages?.at(-1)).toEqual({ role: 'user', content: 'Say a number' });

  await window.button('Previous try').press('Enter');
  await expect(window.answer).toContainText('1 of 2');
  await expect(window.text()).toHaveText('One');
  await expect(window.button('Previous try')).toBeFocused();
  await window.button('Next try').click();
  await expect(window.text()).toHaveText('Two');
  await expect(window.button('Next try')).toBeFocused();

  const third = ai.hold();
  await window.answer.hover();
  await window.button('Retry with another').click();
  await window.page.getByRole('combobox').fill('metis');
  await window.page.getByRole('combobox').press('Enter');
  await third.say('Three');
  await third.end();
  await expect(window.answer).toContainText('3 of 3');
  await expect(window.answer).toContainText('Metis');
});

test('an AI that gets too many requests is waited for as long as it asked', async ({ start, ai }) => {
  const { window } = await start({ config: oneProvider(ai.url) });
  ai.next(status(429, { 'retry-after': '1' }, 'Slow down.'));
  const answer = ai.hold();
  await window.ask('Are you there?');
  await expect(window.answer).toContainText('rate limited; next try in 1 s');
  await answer.say('Here ', 'I am.');
  await answer.end();
  await expect(window.answer).toContainText('Here I am.');
  await expect(window.answer.getByRole('alert')).toBeHidden();
  expect(ai.requests).toHaveLength(2);
});

test('an AI that cannot stream answers whole, is marked as buffered, and is asked so at once the next time', async ({
  start,
  ai,
}) => {
  const { window } = await start({ config: oneProvider(ai.url) });
  ai.always(onlyWhole(openaiWhole('All of it at once.')));
  await window.ask('Can you stream?');
  await expect(window.answer).toContainText('All of it at once.');
  await expect(window.answer.getByText('buffered', { exact: true })).toBeVisible();
  ai.always(json(openaiWhole('And again.')));
  await window.ask('And now?');
  await expect(window.answer).toContainText('And again.');
  await expect(window.answer.getByText('buffered', { exact: true })).toBeVisible();
  expect(ai.requests.map(({ body }) => body.stream)).toEqual([true, false, false]);
});
