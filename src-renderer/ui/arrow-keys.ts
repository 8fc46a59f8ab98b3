import type { KeyboardEvent } from 'react';

export const arrowSteps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Moves the focus between the links of a list, of which one is in the tab order. */
export function arrowKeys(event: KeyboardEvent<HTMLElement>): void {
  const step = arrowSteps[event.key];
  if (!(event.target instanceof HTMLAnchorElement) || step === undefined) return;
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const links = [...event.currentTarget.querySelectorAll('a')];
  const at = links.indexOf(event.target) + step;
  links[Math.min(links.length - 1, Math.max(0, at))]?.focus();
}
