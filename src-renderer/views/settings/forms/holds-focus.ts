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
