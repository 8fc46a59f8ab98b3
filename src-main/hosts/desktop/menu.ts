import type { MenuItemConstructorOptions } from 'electron';
import type { HostAsk } from '../../api/host.ts';

export interface MenuOptions {
  platform: NodeJS.Platform;
  /** For those who build Choragus. */
  devTools: boolean;
  newWindow(): void;
  /** For the page of the window in front. */
  ask(ask: HostAsk): void;
  openDataFolder(): void;
}

type Item = MenuItemConstructorOptions;

/** The menus, as Electron wants them described. */
export function menu({ platform, devTools, newWindow, ask, openDataFolder }: MenuOptions): Item[] {
  const mac = platform === 'darwin';
  /** The page hears these keys itself, as it does in a browser; here they are shown only. */
  const asking = (label: string, what: HostAsk, accelerator: string): Item => ({
    label,
    accelerator,
    registerAccelerator: false,
    click: () => ask(what),
  });
  const settings = asking('Settings', 'settings', 'CmdOrCtrl+,');
  const line: Item = { type: 'separator' };
  const app: Item = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      line,
      settings,
      line,
      { role: 'services' },
      line,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      line,
      { role: 'quit' },
    ],
  };
  return [
    ...(mac ? [app] : []),
    {
      label: 'File',
      submenu: [
        asking('New conversation', 'new-conversation', 'CmdOrCtrl+N'),
        { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: newWindow },
        line,
        { role: 'close' },
        ...(mac ? [] : [line, settings, line, { role: 'quit' } satisfies Item]),
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        line,
        { role: 'togglefullscreen' },
        ...(devTools ? [line, { role: 'toggleDevTools' } satisfies Item] : []),
      ],
    },
    {
      label: 'Go',
      submenu: [
        asking('Commands', 'commands', 'CmdOrCtrl+K'),
        asking('Search everything', 'search', 'CmdOrCtrl+F'),
        asking('Go to a session or specialist', 'switch', 'CmdOrCtrl+P'),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [asking('Shortcuts', 'shortcuts', 'CmdOrCtrl+/'), { label: 'Open data folder', click: openDataFolder }],
    },
  ];
}
