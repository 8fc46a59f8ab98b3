import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Problem } from '#shared/domain/problem.ts';

export interface Surroundings {
  env: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  home: string;
}

/** Where this platform keeps the data of an app. */
export function defaultDataFolder({ env, platform, home }: Surroundings): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Choragus');
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Choragus');
  const base = env.XDG_DATA_HOME;
  return join(base !== undefined && isAbsolute(base) ? base : join(home, '.local', 'share'), 'choragus');
}

/** Makes the folder if it is missing, for its owner alone, and sees that it can be written. */
export function prepareDataFolder(path: string): string {
  const folder = resolve(path);
  try {
    makeFolder(folder);
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    throw new Problem(
      'STORAGE',
      `The data folder ${folder} cannot be used: ${reasons[code] ?? code}.`,
      'Choose another one with --data-dir, or correct its permissions.',
      { cause },
    );
  }
  return folder;
}

/** Step by step: the recursive one of Node never returns where a file system (such as /proc) says ENOENT to everything. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else may have made it in between.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'its disk is read-only',
  ENOTDIR: 'a part of its path is a file',
  ENOENT: 'nothing can be made there',
  ENOSPC: 'the disk is full',
};

/** The access token and the key that signs cookies; mode 0600. */
export const accessFile = (folder: string) => join(folder, 'access.json');

/** Files that are counted, at most. */
const mostFiles = 100_000;

/** Bytes of all files within; what cannot be read, or vanishes meanwhile, counts nothing. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  let files = 0;
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const entries = await readdir(next, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) folders.push(path);
      if (!entry.isFile()) continue;
      if (files++ === mostFiles) return bytes;
      bytes += (await stat(path).catch(() => null))?.size ?? 0;
    }
  }
  return bytes;
}
