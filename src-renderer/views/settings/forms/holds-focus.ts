/** As the `ref` of what may go while it has the focus: what stands around it gets the focus then, not the page. */
export function holdsFocus(element: HTMLElement | null): () => void {
  const around = element?.closest<HTMLElement>('.detail, .settings-part');
  return () => {
    if (!element?.contains(document.activeElement)) return;
    queueMicrotask(() => {
      if (document.activeElement === document.body) around?.focus({ preventScroll: true });
    });
  };
}

/** As the `ref` of a row that may go while a button in it has the focus: the same button of the next row gets it then. */
export function handsFocusOn(row: HTMLElement | null): () => void {
  const hold = holdsFocus(row);
  return () => {
    const next = row?.nextElementSibling ?? row?.previousElementSibling;
    if (row?.contains(document.activeElement))
      queueMicrotask(() => {
        if (document.activeElement === document.body) next?.querySelector('button')?.focus();
      });
    hold();
  };
}
