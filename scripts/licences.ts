import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Plugin } from 'vite';

/** As the app shows it: `licence` is an SPDX expression, where the package says so. */
interface Licence {
  name: string;
  version: string;
  licence: string;
}

interface Manifest {
  name: string;
  version: string;
  license?: string | { type: string };
  licenses?: { type: string }[];
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** What goes into the app without being a dependency of it: the executable that it runs in. */
const executables = ['electron'];

/**
 * Writes a list of every package that goes into the app, with its licence. Fails the build over a package that names
 * none. Plugins of one call share what they have seen: `page` is for the renderer, `worker` for each of its workers.
 */
export function licences(root: string, file: string): { page: () => Plugin; worker: () => Plugin } {
  const modules = new Set<string>();
  const collecting = (name: string): Plugin => ({
    name,
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk') for (const id of chunk.moduleIds) modules.add(id);
    },
  });
  const writeBundle = () => {
    writeFileSync(file, `${JSON.stringify(licencesOf(root, modules, executables), null, 1)}\n`);
  };
  return {
    page: () => ({ ...collecting('licences'), apply: 'build', writeBundle }),
    worker: () => collecting('licences-of-a-worker'),
  };
}

/** Of what bundled `modules` are from, of the dependencies of `root` with their own, and of these packages alone. */
export function licencesOf(root: string, modules: Iterable<string>, alone: readonly string[] = []): Licence[] {
  const folders = new Set(alone.map((name) => mustFind(name, root)));
  for (const id of modules) addFolder(id, folders);
  addDependencies(root, folders);
  return list(folders);
}

/** The folder of the package that a module is from; none for our own ones. */
function addFolder(id: string, folders: Set<string>): void {
  const [, before, name] = /^(.*[\\/]node_modules[\\/])((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id) ?? [];
  if (before !== undefined && !id.startsWith('\0')) folders.add(`${before}${name}`.split('/').join(sep));
}

/** Those of the package in this folder, and theirs in turn; optional ones where they are installed. */
function addDependencies(folder: string, folders: Set<string>): void {
  const { dependencies = {}, optionalDependencies = {} } = manifest(folder);
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const found = name in optionalDependencies ? find(name, folder) : mustFind(name, folder);
    if (found === undefined || folders.has(found)) continue;
    folders.add(found);
    addDependencies(found, folders);
  }
}

function list(folders: Iterable<string>): Licence[] {
  const all = new Map<string, Licence>();
  for (const folder of folders) {
    const { name, version, license, licenses } = manifest(folder);
    const licence =
      (typeof license === 'object' ? license.type : license) ?? licenses?.map(({ type }) => type).join(' OR ');
    if (!licence) throw new Error(`${folder} names no licence: look at its files, and leave it out if it has none.`);
    all.set(`${name} ${version}`, { name, version, licence });
  }
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, licence]) => licence);
}

const manifest = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** As Node looks for it: in the nearest node_modules on the way up. */
function find(name: string, from: string): string | undefined {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  return dirname(from) === from ? undefined : find(name, dirname(from));
}

function mustFind(name: string, from: string): string {
  const found = find(name, from);
  if (found === undefined) throw new Error(`${name}, on which ${from} depends, is not installed.`);
  return found;
}
