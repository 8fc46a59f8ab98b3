import { type BrowserWindow, dialog } from 'electron';
import type { Question } from './dialogs.ts';

/** Asks the user; over a window where there is one. */
export async function choose<T>({ options, answers }: Question<T>, window?: BrowserWindow): Promise<T> {
  const { response } = await (window === undefined
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options));
  return answers[response] ?? answers.at(-1)!;
}
