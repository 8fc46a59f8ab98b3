import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { Problem } from '#shared/domain/problem.ts';

/** A small file that only its owner may read. */
const mode = 0o600;

/** Null: there is none. A file that others may read is tightened, and `tightened` hears of it. */
export function readPrivateFile(file: string, tightened: (file: string) => void): string | null {
  try {
    const text = readFileSync(file, 'utf8');
    // Windows knows no such modes: there the data folder lies in the user's profile.
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      chmodSync(file, mode);
      tightened(file);
    }
    return text;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw failed(file, 'read', error);
  }
}

/** The old text or the new one, never half of it, whatever happens in between. */
export function writePrivateFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`;
  try {
    const handle = openSync(draft, 'w', mode);
    try {
      // Writes on until all is there: a full disk takes a part first and complains about the rest.
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw failed(file, 'written', error);
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

const failed = (file: string, what: string, cause: unknown) =>
  new Problem(
    'STORAGE',
    `${file} could not be ${what} (${codeOf(cause)}).`,
    'See that it belongs to you and that the disk has room.',
    { cause },
  );
