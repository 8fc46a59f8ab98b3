import type { MenuItemConstructorOptions } from 'electron';
import { expect, it } from 'vitest';
import { menu } from './menu.ts';

type Item = MenuItemConstructorOptions;
const flat = (items: Item[]): Item[] => items.flatMap((item) => [item, ...flat((item.submenu as Item[]) ?? [])]);

function open(platform: NodeJS.Platform, devTools = false) {
  const did: string[] = [];
  const items = flat(
    menu({
      platform,
      devTools,
      newWindow: () => did.push('new window'),
      ask: (ask) => did.push(ask),
      openDataFolder: () => did.push('data folder'),
    }),
  );
  return { items, did };
}

it.each(['linux', 'darwin', 'win32'] as const)('on %s every item does something, and each thing once', (platform) => {
  const { items, did } = open(platform);
  for (const { click } of items) (click as (() => void) | undefined)?.();
  expect(did.sort()).toEqual([
    'commands',
    'data folder',
    'new window',
    'new-conversation',
    'search',
    'settings',
    'shortcuts',
    'switch',
  ]);
  const idle = items.filter(({ click, role, submenu, type }) => !click && !role && !submenu && type !== 'separator');
  expect(idle).toEqual([]);
  const roles = items.flatMap(({ role }) => role ?? []);
  expect(roles).toEqual(expect.arrayContaining(['quit', 'close', 'editMenu', 'windowMenu', 'zoomIn', 'zoomOut']));
  expect(new Set(roles).size).toBe(roles.length);
});

it('what the page is asked has the key that the page hears itself, so that it does not happen twice', () => {
  const { items, did } = open('linux');
  const asking = items.filter(({ click }) => {
    did.length = 0;
    (click as (() => void) | undefined)?.();
    return did.length > 0 && did[0] !== 'new window' && did[0] !== 'data folder';
  });
  expect(asking).toHaveLength(6);
  for (const { accelerator, registerAccelerator } of asking)
    expect({ accelerator, registerAccelerator }).toEqual({
      accelerator: expect.stringMatching(/^CmdOrCtrl\+./),
      registerAccelerator: false,
    });
});

it('developer tools are for those who build Choragus', () => {
  const roles = (devTools: boolean) => open('linux', devTools).items.map(({ role }) => role);
  expect(roles(false)).not.toContain('toggleDevTools');
  expect(roles(true)).toContain('toggleDevTools');
});
