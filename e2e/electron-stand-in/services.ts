import { createCipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type * as Electron from 'electron';
import { known, missing, StrictEmitter, strict } from './strict.ts';

export const ipcMain = strict('ipcMain', new StrictEmitter('choragus:connect'));
export const powerMonitor = strict('powerMonitor', new StrictEmitter('shutdown'));
export const nativeTheme = strict('nativeTheme', {
  shouldUseDarkColors: false,
} satisfies Partial<Electron.NativeTheme>);

export let answer: Parameters<Electron.Protocol['handle']>[1] = () => Response.error();
export const protocol = strict('protocol', {
  registerSchemesAsPrivileged([custom]) {
    if (custom?.scheme !== 'app') throw missing(`scheme ${custom?.scheme}`);
    known('privilege', custom.privileges!, 'standard secure supportFetchAPI codeCache');
  },
  handle(_, handler) {
    answer = handler;
  },
} satisfies Partial<Electron.Protocol>);

/** Pages get no permission here that no test grants, whatever these would say. */
const defaultSession = strict('session', {
  setPermissionRequestHandler: () => {},
  setPermissionCheckHandler: () => {},
  setDevicePermissionHandler: () => {},
} satisfies Partial<Electron.Session>);
export const session = strict('session', { defaultSession });

const display = strict('Display', { workArea: { x: 0, y: 0, width: 1920, height: 1040 } }) as Electron.Display;
const screens = { getPrimaryDisplay: () => display, getAllDisplays: () => [display] };
export const screen = strict('screen', screens satisfies Partial<Electron.Screen>);

/** Where a person or the system would act, a test puts a function of its own; without one it goes no further. */
const nobody = async (...asked: unknown[]) => {
  throw new Error(`Nobody answers: ${JSON.stringify(asked.at(-1))}`);
};
const opening = { openExternal: nobody, openPath: nobody };
export const shell = strict('shell', opening satisfies Partial<Electron.Shell>);
const asking = { showMessageBox: nobody, showErrorBox: (title: string, text: string) => console.error(title, text) };
export const dialog = strict('dialog', asking satisfies Partial<Electron.Dialog>);

/** With a key that lies in a keyring, so to speak: outside of the data folder. */
function cipher(nonce: Buffer, bytes: Buffer): Buffer {
  const keyring = process.env.STAND_IN_KEYRING!;
  if (!existsSync(keyring)) writeFileSync(keyring, randomBytes(32));
  return createCipheriv('aes-256-ctr', readFileSync(keyring), nonce).update(bytes);
}
export const safeStorage = strict('safeStorage', {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptString(text, nonce = randomBytes(16)) {
    return Buffer.concat([nonce, cipher(nonce, Buffer.from(text))]);
  },
  decryptString: (bytes) => cipher(bytes.subarray(0, 16), bytes.subarray(16)).toString(),
} satisfies Partial<Electron.SafeStorage>);

/** Nothing is shown; a test looks for a label and clicks by code. */
function menuItem({ submenu, click, ...given }: Electron.MenuItemConstructorOptions): Electron.MenuItem {
  known('field of a menu item', given, 'label role type accelerator registerAccelerator');
  const inner = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : undefined;
  const parts = { label: given.label ?? '', submenu: inner, click: () => click?.(item as never, undefined, {}) };
  const item: object = strict('MenuItem', parts);
  return item as Electron.MenuItem;
}
let menu: Electron.Menu | null = null;
export const Menu = strict('Menu', {
  buildFromTemplate: (items: Electron.MenuItemConstructorOptions[]) =>
    strict('Menu', { items: items.map(menuItem) }) as Electron.Menu,
  setApplicationMenu(wanted) {
    menu = wanted;
  },
  getApplicationMenu: () => menu,
} satisfies Partial<typeof Electron.Menu>);
