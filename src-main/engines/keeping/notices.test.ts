import { expect, it } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import { Notices } from './notices.ts';

const full = new Problem('STORAGE', 'The disk with the log is full.', 'Free some space.');
const told =
  'The disk with the log is full. What comes now is not saved yet; running answers go on, and are shown once they are saved.';
const again = 'Everything is saved again, and nothing of the running answers was lost.';

it('who comes later is told what still counts, who is there what is new', () => {
  const notices = new Notices([{ message: 'A damaged file was set aside.' }]);
  const heard: string[] = [];
  notices.added.on(({ message }) => heard.push(message));
  const messages = () => notices.list.map(({ message }) => message);
  notices.writing(full);
  expect(notices.list.at(-1)).toEqual({ message: told, next: 'Free some space.' });
  notices.writing(null);
  expect(messages()).toEqual(['A damaged file was set aside.', again]);
  notices.writing(full);
  notices.writing(null);
  expect(heard).toEqual([told, again, told, again]);
  expect(messages()).toEqual(['A damaged file was set aside.', again]);
});

it('the same is not said twice, and the newest are kept', () => {
  const notices = new Notices([]);
  for (let index = 0; index < 30; index++) notices.add({ message: `${index}` });
  notices.add({ message: '29' });
  expect(notices.list.map(({ message }) => message)).toEqual(Array.from({ length: 20 }, (_, index) => `${index + 10}`));
});
