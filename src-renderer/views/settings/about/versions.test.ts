import { expect, test } from 'vitest';
import { versionRows, versionText } from './versions.ts';

test('a report of a fault says what runs here, on what, and in which window', () => {
  const rows = versionRows(
    { version: '0.1.0', platform: 'linux x64', versions: { Node: '24.21.0', Electron: '45.4.1' } },
    'Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  );
  expect(versionText(rows)).toBe(
    'Choragus: 0.1.0\nSystem: linux x64\nNode: 24.21.0\nElectron: 45.4.1\nWindow: Chrome 156.0.0.0',
  );
  expect(versionRows({ version: '1', platform: 'p', versions: {} }, 'something else')).toHaveLength(2);
});
