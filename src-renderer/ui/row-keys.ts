import type { KeyboardEvent } from 'react';
import { arrowSteps } from './arrow-keys.ts';

/**
 * Moves the focus between the buttons of a table that has one in each row, all of them one stop of the tab order. It is
 * asked before the buttons are, which may have a use of their own for an arrow; what they open is left alone.
 */
export function rowKeys(event: KeyboardEvent<HTMLElement>): void {
  const step = arrowSteps[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = event.target instanceof HTMLButtonElement ? buttons.indexOf(event.target) : -1;
  if (at < 0) return;
  event.preventDefault();
  buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus();
}
