import type { KeyboardEvent } from 'react';

/** Ctrl S and Ctrl Enter save from anywhere in a form, with Cmd on macOS. */
export function saveKeys(event: KeyboardEvent<HTMLFormElement>): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  if (event.key !== 'Enter' && event.key.toLowerCase() !== 's') return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}
