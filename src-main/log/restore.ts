import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import SQLite from 'better-sqlite3';
import { BackupFolder, logFile, restoringFile, stampOf } from './backups.ts';
import { putInPlace, syncFile, syncFolder } from './sync.ts';

/** What was in the place of the log before. */
export interface Former {
  /** Name of the backup that it is now; null when there was none, or it could not be read. */
  backup: string | null;
  /** Name under which it was set aside, when it could not be read. */
  setAside: string | null;
}

/**
 * Puts the copy that was prepared (`worker/prepare.ts`) in the place of the log, which nobody may have open. The log
 * that was there becomes a backup. At each moment there is a whole log under its name: the old one or the new one.
 */
export function putPrepared(dir: string, at: number): Former {
  const path = logFile(dir);
  const former = existsSync(path) ? leave(dir, path, at) : { backup: null, setAside: null };
  // A journal that came back after a power cut would be taken for one of the new file.
  for (const end of ['-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
  syncFolder(dir);
  putInPlace(restoringFile(dir), path);
  return former;
}

/** Puts back what `putPrepared` has taken away, when the new file cannot be opened. */
export function takeBack(dir: string, { backup, setAside }: Former): void {
  const path = logFile(dir);
  for (const end of ['-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
  syncFolder(dir);
  if (backup !== null) putInPlace(join(new BackupFolder(dir).folder, backup), path);
  else if (setAside !== null) {
    if (existsSync(join(dir, `${setAside}-wal`))) renameSync(join(dir, `${setAside}-wal`), `${path}-wal`);
    putInPlace(join(dir, setAside), path);
  }
}

/** Gives the log a second name: as a backup, or with its journal as a file that was set aside. */
function leave(dir: string, path: string, at: number): Former {
  if (merged(path)) {
    const backup = new BackupFolder(dir).next('before-restore', at);
    alsoAs(path, backup);
    return { backup: basename(backup), setAside: null };
  }
  const setAside = `${path}.set-aside-${stampOf(at)}`;
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${setAside}-wal`);
  alsoAs(path, setAside);
  return { backup: null, setAside: basename(setAside) };
}

/** All that lies in the journal is in the file now. False: it is so damaged that this cannot be done. */
function merged(path: string): boolean {
  try {
    const db = new SQLite(path, { fileMustExist: true });
    try {
      db.pragma('journal_mode = DELETE');
    } finally {
      db.close();
    }
    return !existsSync(`${path}-wal`) || statSync(`${path}-wal`).size === 0;
  } catch {
    return false;
  }
}

function alsoAs(path: string, other: string): void {
  try {
    linkSync(path, other);
  } catch {
    // Not every file system knows a second name.
    copyFileSync(path, other);
    syncFile(other);
  }
  syncFolder(dirname(other));
}
