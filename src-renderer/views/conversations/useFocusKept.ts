import { type RefObject, useEffect, useRef } from 'react';

/**
 * When what had the focus in here is gone (an answer is tried again, a queued message went out), one goes on by writing
 * instead of from the top of the page.
 */
export function useFocusKept(place: RefObject<HTMLElement | null>): void {
  const last = useRef<Element | null>(null);
  useEffect(() => {
    const listen = ({ target }: FocusEvent) => {
      last.current = target instanceof Element && place.current?.contains(target) ? target : null;
    };
    addEventListener('focusin', listen);
    return () => removeEventListener('focusin', listen);
  }, [place]);
  useEffect(() => {
    if (last.current === null || last.current.isConnected || document.activeElement !== document.body) return;
    place.current?.querySelector<HTMLElement>('.composer-field')?.focus();
  });
}
