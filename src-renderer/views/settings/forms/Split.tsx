import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { settingsHref } from '../../../state/route.ts';
import { arrowKeys } from '../../../ui/arrow-keys.ts';
import { Sign } from '../../../ui/Sign.tsx';
import './forms.css';

interface SplitProps {
  title: string;
  /** Beside the title. */
  action: ReactNode;
  /** Between title and list. */
  above?: ReactNode;
  /** Links, of which one is in the tab order. */
  list: ReactNode;
  below?: ReactNode;
  /** Something is opened by the address: where there is no room for both, it is shown instead of the list. */
  opened: boolean;
  /** What is in the detail. */
  shown: string;
  detail: ReactNode;
}

/** A list and, beside it, the one of it that is open. */
export function Split({ title, action, above, list, below, opened, shown, detail }: SplitProps) {
  const ref = useRef<HTMLDivElement>(null);
  useFocusKept(ref, `${opened} ${shown}`);
  return (
    <div ref={ref} className="split-room">
      <div className={opened ? 'split opened' : 'split'}>
        <section className="split-list" aria-label={title}>
          <header className="split-head">
            <h1 className="grow">{title}</h1>
            {action}
          </header>
          <div className="split-scroll">
            {above}
            <nav aria-label={title} onKeyDown={arrowKeys}>
              {list}
            </nav>
            {below}
          </div>
        </section>
        {detail}
      </div>
    </div>
  );
}

/** What had the focus may be hidden or gone after a step from list to detail or back: the other one gets it then. */
function useFocusKept(ref: RefObject<HTMLElement | null>, place: string): void {
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    const frame = requestAnimationFrame(() => {
      const active = document.activeElement;
      if (active !== null && active !== document.body && active.checkVisibility()) return;
      const targets = ref.current?.querySelectorAll<HTMLElement>('.detail, .pick[tabindex="0"]') ?? [];
      [...targets]
        .reverse()
        .find((each) => each.checkVisibility())
        ?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [ref, place]);
}

/** Leads back to the list where it is hidden. */
export function Back({ section, title }: { section: string; title: string }) {
  return (
    <a className="button bare small split-back" href={settingsHref(section)}>
      <Sign name="left" dense />
      {title}
    </a>
  );
}
