import { expect, test } from '../support/test.ts';

const table = 'city,amount\nBern,10\nKiel,5\nBern,32\nLyon,7';
const text = `Anna Weber flew from Berlin to Paris on 3 December 2024. The harbour office in Paris paid 1,240 euros for the
printer. Everybody is happy with the new printer, and the harbour office will order another printer from Berlin soon.`;

test('without any provider tables are grouped, sums done and texts measured, and it is said that no language model does it', async ({
  start,
}) => {
  const { window } = await start();
  const ask = async (question: string, answers: number) => {
    await window.ask(question);
    await expect(window.answers).toHaveCount(answers);
    await expect(window.answer).toContainText(/done in \d/);
    await expect(window.answer).toContainText('No language model is at work');
    await expect(window.answer).toContainText('offline model');
  };
  const cells = async () => (await window.answer.getByRole('row').allInnerTexts()).map((row) => row.split(/\s*\t\s*/));

  await window.choose('Noesis');
  await ask(`group by city, sum amount\n\n${table}`, 1);
  expect(await cells()).toEqual([
    ['city', 'sum of amount'],
    ['Bern', '42'],
    ['Kiel', '5'],
    ['Lyon', '7'],
  ]);
  await ask('filter amount > 6', 2);
  expect(await cells()).toEqual([
    ['city', 'amount'],
    ['Bern', '10'],
    ['Bern', '32'],
    ['Lyon', '7'],
  ]);
  await expect(window.answer).toContainText('3 rows are left.');
  await ask('2^10', 3);
  await expect(window.text()).toContainText('1024');

  await window.begin();
  await window.choose('Terma');
  await ask(text, 1);
  await expect(window.text()).toContainText('Language: English');
  await expect(window.text()).toContainText(/Key phrases: .*harbour office/);
  await expect(window.text()).toContainText(/Dates: 3 December 2024/);
});
