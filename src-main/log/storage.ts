import { Problem } from '#shared/domain/problem.ts';

const code = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The file is no database, or no longer a whole one. */
export const isDamage = (error: unknown) => /^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(code(error));

/** A rule of the tables was broken, so the statement is at fault and not the disk. */
export const isConstraint = (error: unknown) => code(error).startsWith('SQLITE_CONSTRAINT');

export const logClosed = () => new Problem('STORAGE', 'The log is closed.', 'Start Choragus again.');

/** What the disk, the folder or SQLite says, as one sentence about `place`. What is not about storage stays INTERNAL. */
export function storageProblem(error: unknown, place: string): Problem {
  if (error instanceof Problem) return error;
  const [message, next] = sentences(code(error), place);
  return message === undefined ? Problem.of(error) : new Problem('STORAGE', message, next, { cause: error });
}

function sentences(code: string, place: string): [string?, string?] {
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return [`The disk with ${place} is full.`, 'Free some space, then try again; nothing that was saved is lost.'];
  if (/^(EACCES|EPERM|EROFS|EISDIR|SQLITE_(READONLY|CANTOPEN|PERM|AUTH).*)$/.test(code))
    return [`Choragus may not write to ${place}.`, 'Allow writing there, or choose another data folder.'];
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return [`${place} cannot be a folder: a file stands in its way.`, 'Choose another data folder.'];
  if (code === 'ENOENT') return [`${place} cannot be made here.`, 'Choose another data folder.'];
  if (/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code))
    return [`Another program holds ${place} locked.`, 'Close that program, then try again.'];
  if (/^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(code))
    return [
      `${place} is damaged.`,
      'Start Choragus again; if it stays so, move choragus.db away or put a copy in its place.',
    ];
  if (/^(EIO|SQLITE_IOERR.*)$/.test(code))
    return [`The disk reports an error with ${place}.`, 'Check the disk, then try again.'];
  return [];
}
