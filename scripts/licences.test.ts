import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { licencesOf } from './licences.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'choragus-licences-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function manifest(folder: string, more: object): void {
  mkdirSync(join(root, folder), { recursive: true });
  const name = folder.split('node_modules/').at(-1);
  writeFileSync(
    join(root, folder, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', license: 'MIT', ...more }),
  );
}

it('lists the dependencies with their own, each version once, by name', () => {
  manifest('', { dependencies: { b: '*', '@scope/a': '*' }, devDependencies: { build: '*' } });
  manifest('node_modules/b', { dependencies: { c: '*' }, license: 'ISC' });
  manifest('node_modules/@scope/a', { dependencies: { c: '*', b: '*' }, optionalDependencies: { absent: '*' } });
  manifest('node_modules/@scope/a/node_modules/c', { version: '2.0.0', license: { type: 'Apache-2.0' } });
  manifest('node_modules/c', { license: undefined, licenses: [{ type: 'MIT' }, { type: 'BSD-2-Clause' }] });
  manifest('node_modules/build', {});
  expect(licencesOf(root, []).map(({ name, version, licence }) => `${name} ${version} ${licence}`)).toEqual([
    '@scope/a 1.0.0 MIT',
    'b 1.0.0 ISC',
    'c 1.0.0 MIT OR BSD-2-Clause',
    'c 2.0.0 Apache-2.0',
  ]);
});

it('lists what was bundled, but not what that would need when it was not', () => {
  manifest('', {});
  for (const name of ['ui', '@scope/ui', 'engine', 'unused']) manifest(`node_modules/${name}`, {});
  manifest('node_modules/ui', { dependencies: { unused: '*' } });
  manifest('node_modules/ui/node_modules/inner', {});
  const modules = [
    'src/main.tsx',
    'node_modules/ui/index.js',
    'node_modules/@scope/ui/lib/a.js',
    'node_modules/ui/node_modules/inner/a.js?v=1',
  ];
  const listed = licencesOf(root, [...modules.map((path) => join(root, path)), '\0vite/helper'], ['engine']);
  expect(listed.map(({ name }) => name)).toEqual(['@scope/ui', 'engine', 'inner', 'ui']);
});

it('a package that names no licence, or is not there, fails the build', () => {
  manifest('', { dependencies: { a: '*' } });
  expect(() => licencesOf(root, [])).toThrow(`a, on which ${root} depends, is not installed.`);
  manifest('node_modules/a', { license: '' });
  expect(() => licencesOf(root, [])).toThrow('names no licence');
});
