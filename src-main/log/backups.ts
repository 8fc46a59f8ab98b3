import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import type { Backup } from '#shared/domain/keeping.ts';
import { Problem } from '#shared/domain/problem.ts';
import { storageProblem } from './storage.ts';

export type Reason = Backup['reason'];

/** The log of a data folder. */
export const logFile = (dir: string) => join(dir, 'choragus.db');
/** A backup on its way to the place of the log; what bears this name after a kill is nothing. */
export const restoringFile = (dir: string) => `${logFile(dir)}.restoring`;
/** Of a moment, as names of files have it. */
export const stampOf = (at: number) => new Date(at).toISOString().replace(/[:.]/g, '');

const STAMP = String.raw`(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z`;
const NAME = new RegExp(String.raw`^choragus-(?:v\d+-)?${STAMP}(?:-(automatic|asked|before-restore))?(?:-\d+)?\.db$`);
/** What a copy that was broken off leaves behind. */
const BROKEN_OFF = /\.db\.part(-journal|-wal|-shm)?$/;

/** The folder of backups in a data folder. A file in it is known by its name alone, which must be one of the list. */
export class BackupFolder {
  readonly folder: string;
  readonly #log: string;
  readonly #about = new Map<string, { epoch: string; position: number } | undefined>();

  constructor(dir: string) {
    this.folder = join(dir, 'backups');
    this.#log = logFile(dir);
  }

  /** The newest first. Throws STORAGE when the folder cannot be read. */
  list(): Backup[] {
    return this.#names()
      .map((name) => this.#backup(name))
      .filter((backup) => backup !== undefined)
      .sort((a, b) => b.at - a.at || (a.file < b.file ? 1 : -1));
  }

  /** The newest that may be put in the place of a log that is damaged; what was there before a restore may be that. */
  newestWhole(): Backup | undefined {
    try {
      return this.list().find(({ reason }) => reason !== 'before-restore');
    } catch {
      return undefined;
    }
  }

  /** Where this one lies. Throws NOT_FOUND for what is not in the list. */
  path(name: string): string {
    if (this.list().some(({ file }) => file === name)) return join(this.folder, name);
    throw new Problem('NOT_FOUND', `There is no backup ${name}.`, 'Choose one of the list.');
  }

  /** A path that is free for a new one; the folder is made. */
  next(reason: Exclude<Reason, 'update'>, at: number): string {
    mkdirSync(this.folder, { recursive: true });
    const taken = new Set(this.#names());
    const start = `choragus-${stampOf(at)}-${reason}`;
    let name = `${start}.db`;
    for (let count = 2; taken.has(name); count++) name = `${start}-${count}.db`;
    return join(this.folder, name);
  }

  /** How far it goes, and of which epoch. Undefined when it cannot be read. */
  about(name: string): { epoch: string; position: number } | undefined {
    if (!this.#about.has(name)) this.#about.set(name, read(join(this.folder, name)));
    return this.#about.get(name);
  }

  /** Throws NOT_FOUND, before anything is deleted, when one of them is not in the list. */
  remove(names: readonly string[]): void {
    const paths = names.map((name) => this.path(name));
    try {
      for (const path of paths) rmSync(path);
    } catch (error) {
      throw storageProblem(error, this.folder);
    }
  }

  /** Takes away what a process that was killed has left unfinished. Only for the owner of the data folder. */
  tidy(): void {
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(`${this.#log}.restoring${end}`, { force: true });
    for (const name of this.#names()) {
      const path = join(this.folder, name);
      if (BROKEN_OFF.test(name) || (NAME.test(name) && this.#isLog(path))) rmSync(path, { force: true });
    }
  }

  #names(): string[] {
    try {
      return readdirSync(this.folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw storageProblem(error, this.folder);
    }
  }

  #backup(name: string): Backup | undefined {
    const found = NAME.exec(name);
    if (found === null) return undefined;
    const [, day, hours, minutes, seconds, ms, reason = 'update'] = found;
    const path = join(this.folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile() || this.#isLog(path)) return undefined;
    const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}.${ms}Z`);
    return { file: name, bytes: stat.size, at, reason: reason as Reason };
  }

  /** A restore that was killed may have left the log under this name too: it is one file, and no copy of it. */
  #isLog(path: string): boolean {
    const [one, other] = [path, this.#log].map((file) => statSync(file, { throwIfNoEntry: false, bigint: true }));
    return one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev && one.nlink > 1n;
  }
}

function read(file: string): { epoch: string; position: number } | undefined {
  let db: SQLite.Database | undefined;
  try {
    db = new SQLite(file, { readonly: true, fileMustExist: true });
    const epoch = db.prepare<[], string>("SELECT value FROM meta WHERE key = 'epoch'").pluck().get() ?? '';
    const newest = (sql: string) => db?.prepare<[], number | null>(sql).pluck().get() ?? 0;
    // Older files have no blocks.
    const sealed = newest("SELECT count(*) FROM sqlite_schema WHERE name = 'blocks'") === 1;
    const cold = sealed ? newest('SELECT max(last) FROM blocks') : 0;
    return { epoch, position: Math.max(newest('SELECT max(seq) FROM events'), cold) };
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
}

/** Bytes of log files that were set aside in a data folder. */
export async function setAsideBytes(dir: string): Promise<number> {
  const names = await readdir(dir).catch(() => []);
  const aside = names.filter((name) => name.startsWith('choragus.db.set-aside-'));
  const sizes = await Promise.all(
    aside.map(async (name) => (await stat(join(dir, name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
