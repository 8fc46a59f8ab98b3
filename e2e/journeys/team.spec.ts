import { expect, oneProvider, test } from '../support/test.ts';

test('three specialists answer in turn in one session; each is told who said what, and nobody takes another for itself', async ({
  start,
  ai,
}) => {
  const { window } = await start({ config: oneProvider(ai.url) });
  const team = [
    ['Athena', 'What should the harbour office buy?', 'A printer.'],
    ['Hermes', 'Say that in French.', 'Une imprimante.'],
    ['Apollo', 'Which is shorter?', 'The first.'],
    ['Athena', 'Do you agree?', 'I do.'],
  ] as const;
  const told: { role: string; content: string }[][] = [];
  for (const [name, question, words] of team) {
    const answer = ai.hold();
    await window.choose(name);
    await window.ask(question);
    const { body } = await answer.asked;
    told.push(body.messages ?? []);
    await answer.say(words);
    await answer.end();
    await expect(window.answer).toHaveAccessibleName(name);
    await expect(window.text()).toHaveText(words);
    await expect(window.stop).toBeHidden();
  }
  await expect(window.answers).toHaveCount(4);
  await expect(window.sessions.getByRole('link')).toHaveCount(1);

  // Whatever is not its own words comes as a person's, in one piece.
  const heard = told.map((messages) => messages.filter(({ role }) => role !== 'system'));
  const harbour = 'What should the harbour office buy?';
  const since = 'Say that in French.\n\nHermes answered:\nUne imprimante.\n\nWhich is shorter?';
  expect(heard[2]).toEqual([{ role: 'user', content: `${harbour}\n\nAthena answered:\nA printer.\n\n${since}` }]);
  expect(heard[3]).toEqual([
    { role: 'user', content: harbour },
    { role: 'assistant', content: 'A printer.' },
    { role: 'user', content: `${since}\n\nApollo answered:\nThe first.\n\nDo you agree?` },
  ]);
  for (const [index, [name]] of team.entries()) expect(told[index]?.[0]?.content).toContain(name);
});
