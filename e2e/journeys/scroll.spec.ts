import { expect, oneProvider, test } from '../support/test.ts';

test('the text follows its end only while the reader is there', async ({ start, ai }) => {
  const { window, page } = await start({ config: oneProvider(ai.url) });
  const answer = ai.hold();
  await window.ask('Say very much');
  const paragraph = (n: number) => `Paragraph ${n} ${'goes on and on '.repeat(20)}.\n\n`;
  for (let n = 1; n <= 12; n++) await answer.say(paragraph(n));
  await expect(window.answer.getByText('Paragraph 12 ')).toBeInViewport();

  await window.thread.hover();
  await page.mouse.wheel(0, -900);
  await expect(window.button('Jump to latest')).toBeVisible();
  const read = await window.thread.evaluate((element) => element.scrollTop);
  for (let n = 13; n <= 20; n++) await answer.say(paragraph(n));
  await expect(window.answer.getByText('Paragraph 20 ')).toBeAttached();
  expect(await window.thread.evaluate((element) => element.scrollTop)).toBe(read);

  await window.button('Jump to latest').click();
  await expect(window.answer.getByText('Paragraph 20 ')).toBeInViewport();
  await expect(window.button('Jump to latest')).toBeHidden();
  await answer.say(paragraph(21), paragraph(22));
  await answer.end();
  await expect(window.answer.getByText('Paragraph 22 ')).toBeInViewport();
});
