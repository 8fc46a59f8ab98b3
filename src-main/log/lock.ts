import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite, { type Database } from 'better-sqlite3';
import { z } from 'zod';
import { Problem } from '#shared/domain/problem.ts';
import { storageProblem } from './storage.ts';

/** What the owner of a data folder says of itself, in `owner.json`, for whoever comes later. */
const Owner = z.object({
  pid: z.number().int(),
  /** Wall clock, Unix milliseconds. */
  startedAt: z.number(),
  /** Where it can be reached, once it listens. */
  address: z.string().optional(),
});
export type Owner = z.infer<typeof Owner>;

export interface Ownership {
  /** Tells later processes where to reach this one; nowhere when undefined. */
  announce(what: { address: string | undefined }): void;
  release(): void;
}

/**
 * Makes this process the one owner of a data folder, until it releases it or ends in whatever way: the lock is the
 * operating system's. Throws BUSY while another process is the owner.
 */
export function takeOwnership(dir: string, info: { pid: number; startedAt: number }): Ownership {
  const file = join(dir, 'owner.json');
  const lock = locked(dir);
  const write = (owner: Owner) => {
    // Whoever reads it finds the old one or the new one, whole.
    writeFileSync(`${file}.new`, `${JSON.stringify(owner)}\n`);
    renameSync(`${file}.new`, file);
  };
  try {
    write(info);
  } catch (error) {
    lock.close();
    throw storageProblem(error, dir);
  }
  return {
    announce: ({ address }) => write({ ...info, address }),
    release() {
      if (!lock.open) return;
      rmSync(file, { force: true });
      lock.close();
    },
  };
}

/** What the newest owner said of itself; it may have ended since. Undefined when nobody did. */
export function lastOwner(dir: string): Owner | undefined {
  try {
    return Owner.parse(JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

function locked(dir: string): Database {
  let lock: Database | undefined;
  try {
    mkdirSync(dir, { recursive: true });
    lock = new SQLite(join(dir, 'owner.lock'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') throw busy(dir);
    throw storageProblem(error, dir);
  }
}

function busy(dir: string): Problem {
  const owner = lastOwner(dir);
  const who = owner === undefined ? 'Another process' : `Process ${owner.pid}`;
  const where = owner?.address === undefined ? '' : ` (${owner.address})`;
  return new Problem(
    'BUSY',
    `${who}${where} is using the data folder ${dir}.`,
    'Use that one, or end it first, or choose another data folder.',
  );
}
