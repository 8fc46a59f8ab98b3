import {
  closeSync,
  existsSync,
  fdatasync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from '#shared/domain/problem.ts';
import { isRecord } from '#shared/kit/record.ts';
import { byTime, type CommandStore, type KeptCommand } from '#shared/wire/kept.ts';

/** The file is written anew when this many of its lines say nothing any more, and they are most of it. */
const MOST_STALE = 1000;

type Line = { put: KeptCommand } | { remove: string };

/**
 * Commands of one program in a file that its user alone can read: one line per change, written at once, so that it
 * outlives a kill, and a put resolves when it would outlive a power cut too. Throws CONFLICT while another process has
 * it open.
 */
export function fileStore(path: string): CommandStore {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  lock(path);
  try {
    return new FileStore(path);
  } catch (error) {
    unlock(path);
    throw error;
  }
}

class FileStore implements CommandStore {
  readonly #path: string;
  readonly #live: Map<string, KeptCommand>;
  #file: number;
  #lines = 0;
  /** Waiting for the disk, and for the next time it is asked. */
  #syncing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#live = read(path);
    this.#file = this.#rewritten();
  }

  async load(): Promise<KeptCommand[]> {
    return [...this.#live.values()].sort(byTime);
  }

  async put(command: KeptCommand): Promise<void> {
    this.#live.set(command.id, command);
    this.#append({ put: command });
    await this.#synced();
  }

  /** Not waited for: one that comes back after a power cut is sent again, and answered as it was. */
  async remove(id: string): Promise<void> {
    if (this.#file < 0 || !this.#live.delete(id)) return;
    this.#append({ remove: id });
    if (this.#lines - this.#live.size < Math.max(MOST_STALE, this.#live.size)) return;
    // A write that is still on its way to the disk is whole in the new file.
    const old = this.#file;
    while (this.#syncing !== undefined) await this.#syncing;
    if (this.#file !== old) return;
    this.#file = this.#rewritten();
    closeSync(old);
  }

  close(): void {
    if (this.#file < 0) return;
    const file = this.#file;
    this.#file = -1;
    unlock(this.#path);
    const end = () => closeSync(file);
    if (this.#syncing === undefined) end();
    else void this.#syncing.then(end, end);
  }

  /** Each line brings the end of the one before, which may be torn. */
  #append(line: Line): void {
    if (this.#file < 0) return;
    try {
      writeSync(this.#file, `\n${JSON.stringify(line)}`);
      this.#lines += 1;
    } catch (error) {
      throw unwritten(this.#path, error);
    }
  }

  /** One write to the disk serves all who wait for the next. */
  #synced(): Promise<void> {
    if (this.#syncing === undefined) return this.#sync();
    this.#next ??= this.#syncing.then(
      () => this.#sync(),
      () => this.#sync(),
    );
    return this.#next;
  }

  #sync(): Promise<void> {
    this.#next = undefined;
    if (this.#file < 0) return Promise.resolve();
    const file = this.#file;
    this.#syncing = new Promise<void>((resolve, reject) => {
      fdatasync(file, (error) => (error === null ? resolve() : reject(unwritten(this.#path, error))));
    }).finally(() => {
      this.#syncing = undefined;
    });
    return this.#syncing;
  }

  /** What is live, in a file of its own that then takes the place of the old one. */
  #rewritten(): number {
    const fresh = `${this.#path}.new`;
    const lines = [...this.#live.values()].map((put) => `\n${JSON.stringify({ put })}`);
    const file = openSync(fresh, 'w', 0o600);
    try {
      writeSync(file, lines.join(''));
      fsyncSync(file);
      renameSync(fresh, this.#path);
    } catch (error) {
      closeSync(file);
      throw unwritten(this.#path, error);
    }
    this.#lines = lines.length;
    return file;
  }
}

/** What is whole in the file; a line that was torn by a kill is none. */
function read(path: string): Map<string, KeptCommand> {
  const live = new Map<string, KeptCommand>();
  if (!existsSync(path)) return live;
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    const line = parse(text);
    if (line === undefined) continue;
    if ('put' in line) live.set(line.put.id, line.put);
    else live.delete(line.remove);
  }
  return live;
}

function parse(text: string): Line | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isRecord(line) ? (line as unknown as Line) : undefined;
  } catch {
    return undefined;
  }
}

/** Files that this process has open: another process may once have had its number. */
const open = new Set<string>();

function lock(path: string): void {
  const mine = `${path}.lock.${process.pid}`;
  writeFileSync(mine, `${process.pid}`, { mode: 0o600 });
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        linkSync(mine, `${path}.lock`);
        open.add(path);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritten(path, error);
      }
      const owner = ownerOf(path);
      if (attempt > 3 || (owner === process.pid ? open.has(path) : isAlive(owner))) throw inUse(path, owner);
      rmSync(`${path}.lock`, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function unlock(path: string): void {
  open.delete(path);
  rmSync(`${path}.lock`, { force: true });
}

function ownerOf(path: string): number {
  try {
    return Number(readFileSync(`${path}.lock`, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const inUse = (path: string, pid: number) =>
  new Problem('CONFLICT', `The commands in ${path} belong to process ${pid}.`, 'End it, or name another file.');
const unwritten = (path: string, cause: unknown) =>
  new Problem(
    'STORAGE',
    `${path} could not be written: ${(cause as Error).message}.`,
    'Make room, or name another file.',
    {
      cause,
    },
  );
