import { createStore, type StoreApi } from 'zustand/vanilla';

/** What the address names. `session: null` is the place where a new conversation begins. */
export type Route =
  | { view: 'conversations'; session: string | null; node: string | null }
  /** `seq`: one event of that session. */
  | { view: 'timeline'; session: string | null; seq: number | null }
  /** `item`: one thing of that section, such as a provider. */
  | { view: 'settings'; section: string | null; item: string | null };

export function parseRoute(hash: string): Route {
  const [view, first = '', second = ''] = hash.replace(/^#\/?/, '').split('/').map(decode);
  if (view === 'timeline')
    return { view, session: first || null, seq: first !== '' && /^\d{1,15}$/.test(second) ? Number(second) : null };
  return view === 'settings'
    ? { view, section: first || null, item: second || null }
    : { view: 'conversations', session: first || null, node: second || null };
}

export const sessionHref = (session: string | null, node: string | null = null): string =>
  format('conversations', session, node);

export const timelineHref = (session: string | null, seq: number | null = null): string =>
  format('timeline', session, seq === null ? null : String(seq));

export const settingsHref = (section: string | null = null, item: string | null = null): string =>
  format('settings', section, item);

export function formatRoute(route: Route): string {
  if (route.view === 'settings') return settingsHref(route.section, route.item);
  return route.view === 'timeline' ? timelineHref(route.session, route.seq) : sessionHref(route.session, route.node);
}

/** The session on screen, if one is. */
export const sessionOf = (route: Route): string | null => (route.view === 'settings' ? null : route.session);

function format(view: Route['view'], first: string | null, second: string | null): string {
  const parts = [view, first, first === null ? null : second].filter((part) => part !== null);
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Follows the address of a window. */
export function routeOf(window: Window): StoreApi<Route> {
  const store = createStore(() => parseRoute(window.location.hash));
  window.addEventListener('hashchange', () => store.setState(parseRoute(window.location.hash), true));
  return store;
}
