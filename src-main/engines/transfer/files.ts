import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { shown } from './wrong.ts';

/** So long after its last piece a file is forgotten. */
export const KEPT_MS = 3_600_000;
/** Of all files at once. */
export const most = { files: 64, bytes: 40_000_000_000 };

export interface FilesOptions {
  /** Of ours alone: what lies in it at a start is deleted. */
  folder: string;
  clock: Clock;
  newId: () => string;
}

interface Kept {
  id: string;
  /** As its client calls it: it is shown, and names nothing on the disk. */
  name: string;
  path: string;
  /** As many as it will have. */
  bytes: number;
  /** As many as have come. */
  received: number;
  /** Jobs that work with it. */
  held: number;
  forgotten: boolean;
  /** One piece after the other. */
  last: Promise<unknown>;
  cancelForget: () => void;
}

/** A file that a job works with. */
export interface HeldFile {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  /** It has come to be as long as that. */
  wrote(bytes: number): void;
  /** The job is done with it; with `forget` nobody else needs it either. */
  release(forget: boolean): Promise<void>;
}

/**
 * Files that come and go in pieces, since a frame of the wire is short: what is to be imported, and what was exported. They
 * lie under random names, for their owner alone, and are forgotten an hour after their last piece and at every start.
 */
export class Files {
  readonly #options: FilesOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #ready: Promise<unknown>;
  /** Under way. */
  readonly #deletions = new Set<Promise<void>>();

  constructor(options: FilesOptions) {
    this.#options = options;
    this.#ready = rm(options.folder, { recursive: true, force: true }).then(() =>
      mkdir(options.folder, { recursive: true, mode: 0o700 }),
    );
    // Whoever needs the folder hears of it.
    this.#ready.catch(() => {});
  }

  /** One that is to come. */
  async begin(name: string, bytes: number): Promise<{ file: string }> {
    await this.#usable();
    const kept = this.#add(name, bytes);
    try {
      await (await open(kept.path, 'wx', 0o600)).close();
    } catch (error) {
      await this.#forget(kept);
      throw unusable(error);
    }
    return { file: kept.id };
  }

  /** In order; one that came already is no error, and changes nothing. */
  write(id: string, offset: number, piece: string): Promise<void> {
    const kept = this.#find(id);
    return this.#inTurn(kept, async () => {
      const bytes = Buffer.from(piece, 'base64');
      const end = offset + bytes.length;
      if (end > kept.bytes)
        throw new Problem(
          'INVALID_PARAMS',
          `The file ${shown(kept.name)} was to have ${kept.bytes} bytes, and this piece ends at ${end}.`,
          'Begin it again with its real size.',
        );
      if (offset > kept.received)
        throw new Problem(
          'INVALID_PARAMS',
          `The piece at ${offset} came before the one at ${kept.received}.`,
          `Go on at ${kept.received}.`,
        );
      if (end <= kept.received) return;
      await withFile(kept.path, 'r+', (file) => writeAll(file, bytes.subarray(kept.received - offset), kept.received));
      kept.received = end;
    });
  }

  async read(id: string, offset: number, bytes: number): Promise<{ piece: string; end: boolean }> {
    const kept = this.#find(id);
    return this.#inTurn(kept, () =>
      withFile(kept.path, 'r', async (file) => {
        const wanted = Math.max(0, Math.min(bytes, kept.received - offset));
        const { bytesRead, buffer } = await file.read(Buffer.alloc(wanted), 0, wanted, offset);
        const end = offset + bytesRead >= kept.received;
        return { piece: buffer.subarray(0, bytesRead).toString('base64'), end };
      }),
    );
  }

  /** One that is gone already is no error. */
  async forget(id: string): Promise<void> {
    const kept = this.#kept.get(id);
    if (kept !== undefined) await this.#forget(kept);
  }

  /** For a job: one that has come as a whole. */
  hold(id: string): HeldFile {
    const kept = this.#find(id);
    if (kept.received < kept.bytes)
      throw new Problem(
        'CONFLICT',
        `Of the file ${shown(kept.name)} ${kept.received} of ${kept.bytes} bytes have come.`,
        'Send the rest first.',
      );
    return this.#held(kept);
  }

  /** For a job: one that is to be made. It is not there yet. */
  async make(name: string): Promise<HeldFile> {
    await this.#usable();
    return this.#held(this.#add(name, 0));
  }

  /** At the end of the process. */
  async close(): Promise<void> {
    for (const kept of this.#kept.values()) void this.#forget(kept);
    await Promise.all(this.#deletions);
  }

  #add(name: string, bytes: number): Kept {
    const all = [...this.#kept.values()].reduce((sum, kept) => sum + Math.max(kept.bytes, kept.received), bytes);
    if (this.#kept.size >= most.files || all > most.bytes)
      throw new Problem(
        'LIMIT',
        `Choragus keeps ${most.files} files on their way at once, of ${most.bytes / 1e9} GB together.`,
        'Forget those that are done with, or wait until they are forgotten: an hour after their last piece.',
      );
    const id = this.#options.newId();
    const path = join(this.#options.folder, id);
    const kept: Kept = {
      id,
      name,
      path,
      bytes,
      received: 0,
      held: 0,
      forgotten: false,
      last: Promise.resolve(),
      cancelForget: () => {},
    };
    this.#kept.set(id, kept);
    this.#touch(kept);
    return kept;
  }

  #held(kept: Kept): HeldFile {
    kept.held++;
    let done = false;
    return {
      id: kept.id,
      path: kept.path,
      name: kept.name,
      wrote: (bytes) => {
        kept.bytes = kept.received = bytes;
      },
      release: async (forget) => {
        if (done) return;
        done = true;
        kept.held--;
        this.#touch(kept);
        if (forget || kept.forgotten) await this.#forget(kept);
      },
    };
  }

  #find(id: string): Kept {
    const kept = this.#kept.get(id);
    if (kept === undefined || kept.forgotten)
      throw new Problem('NOT_FOUND', 'This file is not here any more.', 'Send or export it again.');
    return kept;
  }

  #inTurn<T>(kept: Kept, work: () => Promise<T>): Promise<T> {
    this.#touch(kept);
    const mine = kept.last.then(() => {
      if (this.#kept.get(kept.id) !== kept) this.#find(kept.id);
      return work();
    });
    kept.last = mine.catch(() => {});
    return mine;
  }

  #touch(kept: Kept): void {
    kept.cancelForget();
    kept.cancelForget = this.#options.clock.after(KEPT_MS, () => {
      if (kept.held > 0) this.#touch(kept);
      else void this.#forget(kept);
    });
  }

  async #forget(kept: Kept): Promise<void> {
    kept.forgotten = true;
    if (kept.held > 0) return;
    kept.cancelForget();
    this.#kept.delete(kept.id);
    // What cannot be deleted now is at the next start.
    const deletion = rm(kept.path, { force: true }).catch(() => {});
    this.#deletions.add(deletion);
    await deletion;
    this.#deletions.delete(deletion);
  }

  async #usable(): Promise<void> {
    try {
      await this.#ready;
    } catch (error) {
      throw unusable(error);
    }
  }
}

async function withFile<T>(path: string, flags: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, flags);
    return await work(file);
  } catch (error) {
    throw unusable(error);
  } finally {
    await file?.close();
  }
}

/** A full disk takes a part first and complains about the rest. */
async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

function unusable(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
  const what = full ? 'The disk is full.' : 'The folder for files on their way cannot be used.';
  return new Problem(
    'STORAGE',
    what,
    full ? 'Make room, then try again.' : 'See that the data folder can be written.',
    { cause },
  );
}
