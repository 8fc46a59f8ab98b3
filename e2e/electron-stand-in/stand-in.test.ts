import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { app } from './app.ts';
import { Menu, protocol, safeStorage } from './services.ts';
import { BrowserWindow, MessageChannelMain } from './window.ts';

const preload = import.meta.filename;
const place = { x: 0, y: 0, width: 800, height: 600 };

it.each<[what: string, use: () => unknown, lacks: string]>([
  ['a member', () => (app as unknown as { dock: unknown }).dock, 'app.dock'],
  ['a member that is set', () => Object.assign(app, { dock: null }), 'app.dock'],
  ['an event', () => app.on('open-url', () => {}), 'event open-url'],
  ['an event that is heard once', () => app.once('open-url', () => {}), 'event open-url'],
  ['a window option', () => new BrowserWindow({ ...place, kiosk: true, webPreferences: { preload } }), 'kiosk'],
  ['an unsafe window', () => new BrowserWindow({ webPreferences: { preload, sandbox: false } }), 'sandbox:false'],
  ['a field of a menu item', () => Menu.buildFromTemplate([{ label: 'File', toolTip: 'x' }]), 'toolTip'],
  [
    'a privilege',
    () => protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { bypassCSP: true } }]),
    'bypassCSP',
  ],
])('%s that it lacks is an error that names it', (_, use, lacks) => {
  expect(use).toThrow(`The stand-in for Electron has no`);
  expect(use).toThrow(lacks);
});

it('a port keeps what comes before it is started, in order, and both ends hear of a close', async () => {
  const { port1, port2 } = new MessageChannelMain();
  const heard: unknown[] = [];
  const closed = [port1, port2].map((port) => new Promise<void>((resolve) => port.on('close', resolve)));
  port2.on('message', ({ data }: { data: unknown }) => heard.push(data));
  port1.postMessage('one');
  port1.postMessage({ two: new Date(2) });
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual([]);
  expect(() => port1.postMessage(() => {})).toThrow('could not be cloned');
  port2.start();
  port1.postMessage('three');
  port1.close();
  await Promise.all(closed);
  expect(heard).toEqual(['one', { two: new Date(2) }, 'three']);
});

it('what safeStorage seals holds nothing of the text, and is another each time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'choragus-keyring-'));
  process.env.STAND_IN_KEYRING = join(folder, 'keyring');
  const [one, other] = [safeStorage.encryptString('a secret'), safeStorage.encryptString('a secret')];
  expect(one).not.toEqual(other);
  expect(one.includes('secret')).toBe(false);
  expect([one, other].map((sealed) => safeStorage.decryptString(sealed))).toEqual(['a secret', 'a secret']);
  rmSync(folder, { recursive: true });
});
