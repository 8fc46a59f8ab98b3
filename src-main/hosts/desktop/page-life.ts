import { isPage } from './address.ts';
import type { Restarts } from './restarts.ts';

/** What is used of contents, written out since their events are overloads. */
export interface PageContents {
  on(
    event: 'did-start-navigation',
    listener: (details: { url: string; isMainFrame: boolean; isSameDocument: boolean }) => void,
  ): unknown;
  on(event: 'did-navigate-in-page', listener: (event: unknown, url: string, isMainFrame: boolean) => void): unknown;
  on(event: 'render-process-gone', listener: (event: unknown, details: { reason: string }) => void): unknown;
}

export interface PageLifeOptions {
  restarts: Restarts;
  /** The page goes, and with it whoever had its port. */
  left(why: string): void;
  /** What it shows, from `#` on. */
  shows(hash: string): void;
  /** It ended by itself and should be loaded again. */
  reload(reason: string): void;
  /** It ended by itself, too often to try once more. */
  broken(reason: string): void;
}

/** Watches one window's page: what it shows, when it leaves, and when it ends by itself. */
export function watchPage(contents: PageContents, { restarts, left, shows, reload, broken }: PageLifeOptions): void {
  contents.on('did-start-navigation', ({ url, isMainFrame, isSameDocument }) => {
    // What leads elsewhere is refused right after this, and the page stays.
    if (isMainFrame && !isSameDocument && isPage(url)) left('The page is loaded anew.');
  });
  contents.on('did-navigate-in-page', (_, url, isMainFrame) => {
    if (isMainFrame) shows(new URL(url).hash);
  });
  contents.on('render-process-gone', (_, { reason }) => {
    left('The page ended.');
    if (reason === 'clean-exit') return;
    if (restarts.allow()) reload(reason);
    else broken(reason);
  });
}
