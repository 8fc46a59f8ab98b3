import { useRef } from 'react';
import { useStore } from 'zustand';
import { formatRoute, type Route, sessionHref, sessionOf, timelineHref } from '../../state/route.ts';
import { useApp, useDesktop } from '../../state/use.ts';
import { Sign } from '../../ui/Sign.tsx';
import { shortcutText } from '../shortcuts.ts';
import { views } from '../views.ts';

/** The views are named, not hidden in a rail; each leads back to where one was in it. */
export function TitleBar() {
  const app = useApp();
  const route = useStore(app.route);
  const desktop = useDesktop();
  const places = useRef(new Map<Route['view'], string>());
  places.current.set(route.view, formatRoute(route));
  return (
    <header className={desktop === undefined ? 'title-bar' : 'title-bar drag'} data-platform={desktop?.platform}>
      <a className="brand" href="#/" aria-label="Choragus">
        <svg aria-hidden="true">
          <use href="#mark" />
        </svg>
        <span>Choragus</span>
      </a>
      <nav aria-label="Views">
        {views.map(({ id, title }) => (
          <a
            key={id}
            className="view-link"
            href={sameSession(id, route) ?? places.current.get(id) ?? `#/${id}`}
            aria-current={id === route.view ? 'page' : undefined}
          >
            <span data-text={title}>{title}</span>
          </a>
        ))}
      </nav>
      <span className="grow" />
      <button type="button" className="title-search" onClick={() => app.dialog.setState({ open: 'search' })}>
        <Sign name="search" dense />
        <span className="grow cut">Search everything</span>
        <kbd>{shortcutText('search')}</kbd>
      </button>
    </header>
  );
}

/** From a conversation to its timeline, and back. */
function sameSession(view: Route['view'], route: Route): string | undefined {
  const session = sessionOf(route);
  if (session === null || view === route.view || view === 'settings') return undefined;
  return view === 'timeline' ? timelineHref(session) : sessionHref(session);
}
