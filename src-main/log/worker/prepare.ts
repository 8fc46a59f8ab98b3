import { closeSync, existsSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import SQLite from 'better-sqlite3';
import { Problem } from '#shared/domain/problem.ts';
import { APPLICATION } from '../file.ts';
import { migrations, versionOf } from '../migrations.ts';
import { isDamage } from '../storage.ts';
import { syncFile } from '../sync.ts';
import type { Order } from './order.ts';

/** Bytes that are copied at once. */
const PIECE = 256 * 1024;
const ENDS = ['', '-journal', '-wal', '-shm'];

/** See `prepareCopy`. */
export const prepare: Order<{ from: string; to: string }, void> = () => {
  return ({ from, to }) => prepareCopy(from, to);
};

/**
 * A copy of a backup, ready to be put in the place of the log: it is ours, whole, not newer than this Choragus, of no
 * epoch yet, and on the disk. Throws Problems, and leaves no copy then.
 */
export function prepareCopy(from: string, to: string): void {
  const name = basename(from);
  try {
    if (!statSync(from, { throwIfNoEntry: false })?.isFile())
      throw new Problem('NOT_FOUND', `There is no file ${from}.`, 'Choose one of the list of backups.');
    for (const end of ENDS) rmSync(to + end, { force: true });
    // A file that was copied by hand may have its journal beside it.
    for (const end of ['', '-wal']) if (existsSync(from + end)) copyFile(from + end, to + end);
    look(name, to);
    syncFile(to);
  } catch (error) {
    for (const end of ENDS) rmSync(to + end, { force: true });
    if (isDamage(error)) throw damaged(name, error);
    throw error;
  }
}

function look(name: string, copy: string): void {
  const db = new SQLite(copy, { fileMustExist: true });
  try {
    const known = Math.max(...migrations.map((step) => step.version));
    const application = db.pragma('application_id', { simple: true });
    const version = versionOf(db);
    if (application !== APPLICATION || version === 0)
      throw new Problem('UNSUPPORTED', `${name} is no log of Choragus.`, 'Nothing was changed; choose a backup.');
    if (version > known)
      throw new Problem(
        'UNSUPPORTED',
        `${name} has version ${version}; this Choragus knows versions up to ${known}.`,
        'Nothing was changed; restore it with the newer Choragus that made it.',
      );
    const found = db.pragma('integrity_check(1)', { simple: true });
    if (found !== 'ok') throw damaged(name, found);
    // It is another file from now on, wherever it will lie.
    db.exec("DELETE FROM meta WHERE key IN ('epoch', 'file')");
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

function copyFile(from: string, to: string): void {
  const source = openSync(from, 'r');
  const target = openSync(to, 'w', 0o600);
  try {
    const piece = Buffer.allocUnsafe(PIECE);
    for (let read = readSync(source, piece); read > 0; read = readSync(source, piece))
      for (let written = 0; written < read; ) written += writeSync(target, piece, written, read - written);
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

const damaged = (name: string, cause: unknown) =>
  new Problem('STORAGE', `${name} is damaged.`, 'Nothing was changed; choose another backup.', { cause });
