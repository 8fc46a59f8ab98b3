import type { KeyboardEvent } from 'react';
import { pressed } from '../../shortcuts.ts';

/** Saves from anywhere in a form. */
export function saveKeys(event: KeyboardEvent<HTMLFormElement>): void {
  if (!pressed(event.nativeEvent, 'save')) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}
