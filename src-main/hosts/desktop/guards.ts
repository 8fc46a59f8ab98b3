import type { Session, WebContents } from 'electron';
import { externalAddress, isPage } from './address.ts';

/** The copy buttons write plain text to the clipboard after a click. Nothing else is ever asked for. */
const permitted = new Set(['clipboard-sanitized-write']);

type GuardedSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;

/** Pages get no camera, no microphone, no place, no devices, no notifications. */
export function guardSession(session: GuardedSession): void {
  session.setPermissionRequestHandler((_, permission, answer) => answer(permitted.has(permission)));
  session.setPermissionCheckHandler((_, permission) => permitted.has(permission));
  session.setDevicePermissionHandler(() => false);
}

/** What is used of contents, written out since their events are overloads. */
export interface GuardedContents {
  on(
    event: 'will-frame-navigate' | 'will-redirect',
    listener: (details: { url: string; isMainFrame: boolean; preventDefault(): void }) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: { preventDefault(): void }) => void): unknown;
  setWindowOpenHandler: WebContents['setWindowOpenHandler'];
}

/** A window shows our page and never another one; links go to the system's browser. */
export function guardContents(contents: GuardedContents, openExternal: (address: string) => void): void {
  const leave = (address: string) => {
    const allowed = externalAddress(address);
    if (allowed !== null) openExternal(allowed);
  };
  contents.on('will-frame-navigate', (details) => {
    if (details.isMainFrame && isPage(details.url)) return;
    details.preventDefault();
    if (details.isMainFrame) leave(details.url);
  });
  contents.on('will-redirect', (details) => details.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    leave(url);
    return { action: 'deny' };
  });
}
