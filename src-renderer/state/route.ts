import { createStore, type StoreApi } from 'zustand/vanilla';

/** What the address names. `session: null` is the place where a new conversation begins. */
export type Route =
  | { view: 'conversations'; session: string | null; node: string | null }
  /** `item`: one thing of that section, such as a provider. */
  | { view: 'settings'; section: string | null; item: string | null };

export function parseRoute(hash: string): Route {
  const [view, first = '', second = ''] = hash.replace(/^#\/?/, '').split('/').map(decode);
  return view === 'settings'
    ? { view, section: first || null, item: second || null }
    : { view: 'conversations', session: first || null, node: second || null };
}

export const sessionHref = (session: string | null, node: string | null = null): string =>
  format('conversations', session, node);

export const settingsHref = (section: string | null = null, item: string | null = null): string =>
  format('settings', section, item);

export const formatRoute = (route: Route): string =>
  route.view === 'settings' ? settingsHref(route.section, route.item) : sessionHref(route.session, route.node);

/** The session on screen, if one is. */
export const sessionOf = (route: Route): string | null => (route.view === 'conversations' ? route.session : null);

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
