import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/** What was written to the file is on the disk when this returns. */
export function syncFile(file: string): void {
  const opened = openSync(file, 'r+');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** The names in the folder are on the disk when this returns, where the system can do that for a folder. */
export function syncFolder(folder: string): void {
  let opened: number | undefined;
  try {
    opened = openSync(folder, 'r');
    fsyncSync(opened);
  } catch (error) {
    // Windows writes names through by itself, and opens no folders.
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'EISDIR', 'EINVAL', 'EACCES', 'ENOTSUP'].includes(code)) throw error;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** The name of a copy while it is made. What bears it after a kill is nothing. */
export const unfinished = (file: string) => `${file}.part`;

/** Puts a file that is whole and synced in its place: after a power cut it is there, or what was there before. */
export function putInPlace(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(dirname(to));
}
