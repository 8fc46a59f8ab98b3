import { createStore, type StoreApi } from 'zustand/vanilla';

/** What the address names. `session: null` is the place where a new conversation begins. */
export interface Route {
  view: string;
  session: string | null;
  node: string | null;
}

export function parseRoute(hash: string): Route {
  const [view = '', session = '', node = ''] = hash.replace(/^#\/?/, '').split('/').map(decode);
  return { view: view || 'conversations', session: session || null, node: node || null };
}

export function formatRoute({ view, session, node }: Route): string {
  const parts = [view, session, session === null ? null : node].filter((part) => part !== null);
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

export const sessionHref = (session: string | null, node: string | null = null): string =>
  formatRoute({ view: 'conversations', session, node });

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
