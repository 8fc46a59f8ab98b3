/** The first field of a form that cannot be saved as it is; its problem is on screen with the next frame. */
export function focusFirstProblem(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>(':is(input, textarea)[aria-invalid="true"]')?.focus());
}
