import { Problem } from '#shared/domain/problem.ts';

const code = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The file is no database, or no longer a whole one. */
export const isDamage = (error: unknown) => /^SQLITE_(CORRUPT|NOTADB|FORMAT)/.test(code(error));

/** SQLite could not do it; otherwise what it gave is at fault. */
export const isStorage = (error: unknown) => code(error).startsWith('SQLITE_');

/** A rule of the tables was broken, so the statement is at fault and not the disk. */
export const isConstraint = (error: unknown) => code(error).startsWith('SQLITE_CONSTRAINT');

export const logClosed = () => new Problem('STORAGE', 'The log is closed.', 'Start Choragus again.');

/**
 * What the disk, the folder or SQLite says, as one sentence about `place`. What is not about storage stays INTERNAL.
 * `backup`: the name of the newest whole one, looked up when it is wanted.
 */
export function storageProblem(
  error: unknown,
  place: string,
  backup: () => string | undefined = () => undefined,
): Problem {
  if (error instanceof Problem) return error;
  if (isDamage(error))
    return new Problem('STORAGE', `${place.charAt(0).toUpperCase()}${place.slice(1)} is damaged.`, repair(backup()), {
      cause: error,
    });
  const [message, next] = sentences(code(error), place);
  return message === undefined ? Problem.of(error) : new Problem('STORAGE', message, next, { cause: error });
}

/** Of a log that is damaged. */
const repair = (backup: string | undefined) =>
  backup === undefined
    ? 'Restore a backup in Settings under Data, or with choragus restore.'
    : `Restore the newest backup, ${backup}, in Settings under Data, or with choragus restore.`;

function sentences(code: string, place: string): [string?, string?] {
  // SQLite says of a full disk too that its memory beside the journal cannot grow.
  if (/^(SQLITE_FULL|SQLITE_IOERR_SHMSIZE|ENOSPC|EDQUOT)$/.test(code))
    return [`The disk with ${place} is full.`, 'Free some space, then try again; nothing that was saved is lost.'];
  if (/^(EACCES|EPERM|EROFS|EISDIR|SQLITE_(READONLY|CANTOPEN|PERM|AUTH).*)$/.test(code))
    return [`Choragus may not write to ${place}.`, 'Allow writing there, or choose another data folder.'];
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return [`${place} cannot be a folder: a file stands in its way.`, 'Choose another data folder.'];
  if (code === 'ENOENT') return [`${place} cannot be made here.`, 'Choose another data folder.'];
  if (/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code))
    return [`Another program holds ${place} locked.`, 'Close that program, then try again.'];
  if (/^(EIO|SQLITE_IOERR.*)$/.test(code))
    return [`The disk reports an error with ${place}.`, 'Check the disk, then try again.'];
  return [];
}
