import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { type Random, uuidv7 } from '#shared/kit/ids.ts';
import { BackupFolder } from './backups.ts';
import { type Migration, migrate, nameTypes, versionOf } from './migrations.ts';
import { isDamage, storageProblem } from './storage.ts';

/** `CHOR`, in the header of every file of ours. */
export const APPLICATION = 0x43484f52;
/** As `PRAGMA auto_vacuum` tells it. */
const INCREMENTAL = 2;
const PARTS = ['', '-wal', '-shm'];
/** Tables whose first and last row are looked at when opening. */
const LOOKED_AT = ['meta', 'events', 'commands', 'projections', 'session_ids', 'blocks', 'block_pieces'];

export interface OpenFile {
  db: Database;
  epoch: string;
  notices: { message: string; next?: string }[];
}

/**
 * Opens the log file of a data folder, or begins one. What is no whole Choragus file is set aside under another name,
 * never overwritten and never deleted; a newer file is refused and left alone.
 */
export function openFile(
  dir: string,
  steps: readonly Migration[],
  { clock, random }: { clock: Clock; random: Random },
): OpenFile {
  const path = join(dir, 'choragus.db');
  const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, '');
  const known = Math.max(...steps.map((step) => step.version));
  const notices: OpenFile['notices'] = [];
  let db: Database | undefined;
  try {
    mkdirSync(dir, { recursive: true });
    let opened = foreign(path, known) ?? attempt(path, known);
    if (typeof opened === 'string') {
      const name = setAside(path, stamp);
      notices.push({
        message: `The log file was ${opened}. It was set aside as ${name}, and an empty one was begun.`,
        next: afterSettingAside(join(dir, name), new BackupFolder(dir).newestWhole()?.file),
      });
      opened = attempt(path, known);
    }
    if (typeof opened === 'string') throw new Error('A fresh log file cannot be damaged.');
    db = opened;
    const copy = migrate(db, steps, stamp);
    if (copy !== undefined) notices.push({ message: `The log was updated. A copy of it from before is ${copy}.` });
    nameTypes(db);
    shrinkable(db);
    return { db, epoch: epochOf(db, () => uuidv7(clock.now(), random)), notices };
  } catch (error) {
    db?.close();
    throw storageProblem(error, dir);
  }
}

const afterSettingAside = (file: string, backup: string | undefined) =>
  backup === undefined
    ? `Earlier conversations may still be in ${file}; there is no backup.`
    : `Restore the newest backup, ${backup}, in Settings under Data; what came after it may still be in ${file}.`;

/** Why the bytes on disk cannot be a whole file of ours, or undefined when they may be. Throws for a newer file. */
function foreign(path: string, known: number): string | undefined {
  const size = existsSync(path) ? statSync(path).size : 0;
  const journal = existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0;
  if (size === 0) return journal > 0 ? 'missing or empty beside its journal' : undefined;
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  readSync(file, header, 0, 100, 0);
  closeSync(file);
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return 'damaged';
  const application = header.readUInt32BE(68);
  if (application !== APPLICATION && application !== 0) return 'made by another program';
  if (application === APPLICATION) refuseNewer(path, header.readUInt32BE(60), known);
  const page = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16);
  // With a journal the file may rightly be shorter: its last pages are still in there.
  return journal === 0 && size < page * header.readUInt32BE(28) ? 'cut off' : undefined;
}

/** Opens and looks around, cheaply: the connection, or what is wrong with the file. */
function attempt(path: string, known: number): Database | string {
  const db = new SQLite(path, { timeout: 1000 });
  try {
    refuseNewer(path, versionOf(db), known);
    const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    if (db.pragma('application_id', { simple: true }) !== APPLICATION && tables.length > 0) {
      db.close();
      return 'made by another program';
    }
    configure(db);
    for (const table of LOOKED_AT.filter((name) => tables.includes(name)))
      for (const order of ['ASC', 'DESC']) db.prepare(`SELECT * FROM ${table} ORDER BY 1 ${order} LIMIT 1`).get();
    return db;
  } catch (error) {
    db.close();
    if (isDamage(error)) return 'damaged';
    throw error;
  }
}

function refuseNewer(path: string, version: number, known: number): void {
  if (version <= known) return;
  throw new Problem(
    'STORAGE',
    `${path} has version ${version}; this Choragus knows versions up to ${known}.`,
    'Start the newer Choragus that wrote it, or choose another data folder.',
  );
}

function configure(db: Database): void {
  // In the header of the file itself, so before there is anything in it: free pages can be given back to the disk.
  if (db.pragma('page_count', { simple: true }) === 0) db.pragma('auto_vacuum = INCREMENTAL');
  // As well, and before there is a journal.
  if (db.pragma('application_id', { simple: true }) !== APPLICATION) db.pragma(`application_id = ${APPLICATION}`);
  db.pragma('journal_mode = WAL');
  db.pragma('journal_size_limit = 67108864');
  // Checkpoints are made elsewhere (`checkpoints.ts`); this many pages, 64 MB, are the bound when that falls behind.
  db.pragma('wal_autocheckpoint = 16000');
  db.pragma('synchronous = NORMAL');
  // While the worker cuts the journal off, a commit waits.
  db.pragma('busy_timeout = 5000');
  // What is deleted is overwritten.
  db.pragma('secure_delete = ON');
  // Without it a sync on macOS does not reach the disk.
  db.pragma('fullfsync = 1');
  db.pragma('temp_store = MEMORY');
}

/** A file from before that was so is written anew, once; when there is no room for that, it stays as it is. */
function shrinkable(db: Database): void {
  if (db.pragma('auto_vacuum', { simple: true }) === INCREMENTAL) return;
  try {
    db.pragma('auto_vacuum = INCREMENTAL');
    db.exec('VACUUM');
  } catch (error) {
    if (isDamage(error)) throw error;
  }
}

/** Renames the file and its journal; returns the new name. */
function setAside(path: string, stamp: string): string {
  let target = `${path}.set-aside-${stamp}`;
  for (let count = 2; PARTS.some((part) => existsSync(target + part)); count++)
    target = `${path}.set-aside-${stamp}-${count}`;
  for (const part of PARTS) if (existsSync(path + part)) renameSync(path + part, target + part);
  return basename(target);
}

/** A file that was copied or restored is another file: there sequences that a client knows may mean something else. */
function epochOf(db: Database, create: () => string): string {
  const { ino, birthtimeMs } = statSync(db.name);
  const identity = `${ino}:${birthtimeMs}`;
  const get = db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck();
  const known = get.get('epoch');
  if (known !== undefined && get.get('file') === identity) return known;
  const epoch = create();
  const put = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
  db.transaction(() => {
    put.run('epoch', epoch);
    put.run('file', identity);
  })();
  return epoch;
}
