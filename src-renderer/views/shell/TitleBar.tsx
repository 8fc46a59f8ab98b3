import { useStore } from 'zustand';
import { formatRoute } from '../../state/route.ts';
import { useApp } from '../../state/use.ts';
import { views } from '../views.ts';

/** The views are named, not hidden in a rail. */
export function TitleBar() {
  const app = useApp();
  const route = useStore(app.route);
  const desktop = useStore(app.connection, ({ hello }) => hello?.host?.kind === 'desktop');
  const current = views.find((view) => view.id === route.view)?.id ?? views[0].id;
  return (
    <header className={desktop ? 'title-bar drag' : 'title-bar'}>
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
            href={id === current ? formatRoute(route) : `#/${id}`}
            aria-current={id === current ? 'page' : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
    </header>
  );
}
