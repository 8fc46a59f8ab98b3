import { expect, oneProvider, test } from '../support/test.ts';

test('three conversations stream at once; going from one to another loses nothing', async ({ start, ai }) => {
  const { window } = await start({ config: oneProvider(ai.url) });
  const names = ['Alpha', 'Beta', 'Gamma'];
  const answers = [];
  for (const name of names) {
    const answer = ai.hold();
    answers.push(answer);
    await window.begin();
    await window.ask(name);
    await answer.say(`${name} says 1 `);
    await expect(window.answer).toContainText(`${name} says 1`);
  }
  await expect(window.sessions.getByRole('img', { name: 'running' })).toHaveCount(3);
  await expect(window.status).toContainText('3 turns running');

  for (let round = 2; round <= 4; round++)
    for (const [index, name] of names.entries()) {
      for (const answer of answers) await answer.say(`${round} `);
      await window.session(name).click();
      const said = Array.from({ length: (round - 2) * 3 + index + 1 }, (_, at) => 2 + Math.floor(at / 3)).join(' ');
      await expect(window.text()).toHaveText(`${name} says 1 ${said}`);
    }
  for (const answer of answers) await answer.end();
  await expect(window.sessions.getByRole('img', { name: 'running' })).toHaveCount(0);
  await expect(window.status).not.toContainText('running');
  for (const name of names) {
    await window.session(name).click();
    await expect(window.text()).toHaveText(`${name} says 1 2 2 2 3 3 3 4 4 4`);
  }
});
