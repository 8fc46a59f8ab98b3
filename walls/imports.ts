import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { parseSync } from 'vite';

export interface Import {
  /** Path from the root of the project. */
  file: string;
  /** A path from the root for a file of ours, else the name of a package. */
  target: string;
  ours: boolean;
}

/** Every TypeScript file below these folders, as paths from `root`. */
function sourceFiles(root: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')),
  );
}

export function importsIn(file: string, text: string): Import[] {
  const { staticImports, staticExports, dynamicImports } = parseSync(file, text).module;
  const names = [
    ...staticImports.map((each) => each.moduleRequest.value),
    ...staticExports.flatMap((each) => each.entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    // What is no plain text, such as a variable, tells nothing.
    ...dynamicImports.flatMap(
      ({ moduleRequest: { start, end } }) => /^['"](.*)['"]$/.exec(text.slice(start, end))?.[1] ?? [],
    ),
  ];
  return [...new Set(names)].map((name) => ({ file, ...resolve(file, name.replace(/\?.*$/, '')) }));
}

function resolve(file: string, name: string): Pick<Import, 'target' | 'ours'> {
  if (name.startsWith('#shared/')) return { target: name.replace('#shared', 'src-shared'), ours: true };
  if (name.startsWith('.')) return { target: posix.join(posix.dirname(file), name), ours: true };
  return { target: name, ours: false };
}

export const allImports = (root: string, folders: readonly string[]): Import[] =>
  sourceFiles(root, folders).flatMap((file) => importsIn(file, readFileSync(join(root, file), 'utf8')));
