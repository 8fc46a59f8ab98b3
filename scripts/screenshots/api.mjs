// The API page: before a request, while an answer streams, and with an error.

/** `hold`: the next answer, given by hand. `after`: resolves after so many milliseconds. */
export async function photographApi({ page, photograph, hold, after }) {
  await page.getByRole('heading', { name: 'Ask a specialist' }).waitFor();
  await photograph('api');
  const send = page.getByRole('button', { name: 'Send' });
  const events = page.getByRole('region', { name: 'Answer' }).getByRole('listitem');
  const answer = hold();
  await page.getByRole('textbox', { name: /^specialist/ }).fill('rhetor-ai');
  await page.getByRole('textbox', { name: /^content/ }).fill('What is a harbour, in one sentence?');
  await send.click();
  const words = 'A harbour is a place where ships lie safe from the sea, and where what they carry is taken ashore.';
  for (const word of words.match(/\S+\s*/g)) {
    await answer.say(word);
    // So that each is an event of its own.
    await after(30);
  }
  await events.filter({ hasText: 'ashore' }).waitFor();
  await photograph('api-streaming');
  await answer.end();
  await events.filter({ hasText: 'done' }).waitFor();
  await page.getByRole('textbox', { name: /^specialist/ }).fill('nobody');
  await send.click();
  await page.getByText('NOT_FOUND').waitFor();
  await photograph('api-error', ['light']);
  await page.setViewportSize({ width: 420, height: 800 });
  await photograph('narrow-api', ['light']);
}
