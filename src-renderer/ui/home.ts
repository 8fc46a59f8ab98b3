/** When what had the focus is gone, it goes to where one goes on: the element that the view names by `data-home`. */
export function focusHome(): void {
  if (document.activeElement === document.body) document.querySelector<HTMLElement>('[data-home]')?.focus();
}
