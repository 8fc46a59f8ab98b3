import type { MessageBoxOptions } from 'electron';
import type { Problem } from '#shared/domain/problem.ts';
import type { QuitChoice } from './quit.ts';

/** A question, and what each of its buttons means. */
export interface Question<T> {
  options: MessageBoxOptions;
  answers: readonly T[];
}

/** `buttons` in order of place; the first one is what Return chooses, the last one what Escape does. */
function question<T>(
  about: { message: string; detail: string },
  buttons: readonly (readonly [string, T])[],
): Question<T> {
  return {
    options: {
      type: 'question',
      title: 'Choragus',
      ...about,
      buttons: buttons.map(([label]) => label),
      defaultId: 0,
      cancelId: buttons.length - 1,
      noLink: true,
    },
    answers: buttons.map(([, answer]) => answer),
  };
}

export const quitQuestion = (running: number): Question<QuitChoice> =>
  question(
    {
      message: running === 1 ? 'One answer is still being written.' : `${running} answers are still being written.`,
      detail: 'What you quit now stays as far as it came, and can be continued later.',
    },
    [
      ['Finish, then quit', 'finish'],
      ['Quit now', 'now'],
      ['Cancel', 'cancel'],
    ],
  );

/** Another process owns the data folder. `reachable`: it serves a browser. */
export const ownedQuestion = (problem: Problem, reachable: boolean): Question<'open' | 'quit'> =>
  question({ message: 'Choragus is running already.', detail: problem.message }, [
    ...(reachable ? [['Open in browser', 'open'] as const] : []),
    ['Quit', 'quit'],
  ]);

export const brokenPageQuestion: Question<'reload' | 'close'> = question(
  {
    message: 'The page of this window ended several times in a minute.',
    detail: 'Your conversations are safe, and running answers go on.',
  },
  [
    ['Load it again', 'reload'],
    ['Close the window', 'close'],
  ],
);
