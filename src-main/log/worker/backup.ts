import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { Problem } from '#shared/domain/problem.ts';
import { putInPlace, syncFile, syncFolder, unfinished } from '../sync.ts';
import type { Order, Work } from './order.ts';

/** Pages that are copied between two looks at what else there is to do: a millisecond or so. */
const PAGES = 64;
/** Pages after which what was copied is synced: a commit that syncs meanwhile has no more than this to wait for. */
const SYNCED_PAGES = 1024;

/** See `Log.backup`. */
export const backup: Order<{ file: string }, void> = ({ path }) => {
  return ({ file }, work) => copyLog(path, file, work);
};

/**
 * A copy of the log file `path` as it is now: written beside `file`, checked, synced and renamed. However much is
 * committed meanwhile, the copy is of one moment, and no commit waits for it. When it fails or is stopped there is no
 * file.
 */
export async function copyLog(path: string, file: string, work: Work): Promise<void> {
  if (existsSync(file)) throw new Problem('CONFLICT', `${file} is there already.`, 'Choose another name.');
  const part = unfinished(file);
  if (mkdirSync(dirname(file), { recursive: true }) !== undefined) syncFolder(dirname(dirname(file)));
  rmSync(part, { force: true });
  const db = new SQLite(path, { fileMustExist: true });
  try {
    db.pragma('query_only = 1');
    // Without a transaction of its own each commit of others would let it begin anew.
    db.exec('BEGIN');
    db.prepare('SELECT 1 FROM sqlite_schema').get();
    await copied(db, part, work);
    db.exec('COMMIT');
    await finish(part);
    work.signal.throwIfAborted();
    putInPlace(part, file);
  } catch (error) {
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(part + end, { force: true });
    throw error;
  } finally {
    db.close();
  }
}

async function copied(db: Database, part: string, { progress, signal }: Work): Promise<void> {
  let fd: number | undefined;
  let synced = 0;
  try {
    await db.backup(part, {
      progress({ totalPages, remainingPages }) {
        signal.throwIfAborted();
        const done = totalPages - remainingPages;
        if (done - synced >= SYNCED_PAGES) {
          fd ??= openSync(part, 'r+');
          fdatasyncSync(fd);
          synced = done;
        }
        progress(done, totalPages);
        return PAGES;
      },
    });
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  signal.throwIfAborted();
}

/** One file, which needs no journal beside it to be read; whole, and on the disk. */
async function finish(part: string): Promise<void> {
  const copy = new SQLite(part);
  try {
    copy.pragma('journal_mode = DELETE');
    const found = copy.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok')
      throw new Problem(
        'STORAGE',
        'The log is damaged, so no whole copy of it can be made.',
        'Restore the newest backup in Settings under Data, or with choragus restore.',
        { cause: found },
      );
  } finally {
    copy.close();
  }
  syncFile(part);
}
