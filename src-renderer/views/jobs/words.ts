import type { Job } from '#shared/domain/jobs.ts';
import { bytes, count, counted } from '../../ui/format.ts';

/** What one reads about a job. Pure. */

type Kind = Job['kind'];

const doing: Record<Kind, string> = {
  import: 'Importing',
  export: 'Exporting',
  fork: 'Forking',
  backup: 'Making a backup',
  check: 'Checking the data',
  compact: 'Compacting the data',
  delete: 'Deleting',
};
const noun: Record<Kind, string> = {
  import: 'Import',
  export: 'Export',
  fork: 'Fork',
  backup: 'Backup',
  check: 'Check',
  compact: 'Compacting',
  delete: 'Deletion',
};
/** What is left of one that did not come to its end. */
const undone: Partial<Record<Kind, string>> = {
  import: 'Nothing was imported.',
  export: 'No file was made.',
  fork: 'No session was made.',
  backup: 'No backup was made.',
  compact: 'What was packed so far stays packed.',
  delete: 'What was deleted so far is gone.',
};

/** `Importing notes.zip`. */
export const verb = ({ kind, about }: Pick<Job, 'kind' | 'about'>): string =>
  about === '' ? doing[kind] : `${doing[kind]} ${about}`;

/** `6,412 of 10,000 sessions`; nothing before there is something to count. */
export function amount({ done, of, unit }: Pick<Job, 'done' | 'of' | 'unit'>): string {
  if (unit === 'bytes') return of === null ? (done === 0 ? '' : bytes(done)) : `${bytes(done)} of ${bytes(of)}`;
  const one = unit.slice(0, -1);
  if (of === null) return done === 0 ? '' : counted(done, one);
  return `${count(done)} of ${counted(of, one)}`;
}

/** Of all, in hundredths; null while it is not known how much there is. */
export const percent = ({ done, of }: Pick<Job, 'done' | 'of'>): number | null =>
  of === null || of <= 0 ? null : Math.min(100, Math.floor((done / of) * 100));

/** Before that, a guess would jump. */
const LEAST_MS = 3000;
const LEAST_SHARE = 0.02;

/** `about 40 s left`; undefined while nobody can know. */
export function timeLeft(
  { done, of, startedAt }: Pick<Job, 'done' | 'of' | 'startedAt'>,
  now: number,
): string | undefined {
  const elapsed = now - startedAt;
  if (of === null || of <= 0 || elapsed < LEAST_MS || done / of < LEAST_SHARE) return undefined;
  const seconds = Math.ceil(((elapsed / done) * (of - done)) / 1000);
  if (seconds <= 1) return undefined;
  return seconds < 90 ? `about ${roundly(seconds)} s left` : `about ${count(Math.round(seconds / 60))} min left`;
}

const roundly = (seconds: number) => (seconds > 20 ? Math.round(seconds / 5) * 5 : seconds);

/** What came of one that has ended. */
export function outcome(job: Job): string {
  const { kind, state, result } = job;
  if (state === 'cancelled') return [`${noun[kind]} cancelled.`, undone[kind]].filter(Boolean).join(' ');
  if (state === 'failed')
    return [job.problem?.message ?? `${noun[kind]} failed.`, undone[kind]].filter(Boolean).join(' ');
  const sessions = result?.sessions;
  const some = sessions === undefined ? '' : counted(sessions, 'session');
  switch (kind) {
    case 'import':
      return `${capital(some || 'sessions')} imported`;
    case 'export':
      return `${capital(some || 'sessions')} exported`;
    case 'fork':
      return 'The fork is ready';
    case 'backup':
      return 'The backup is made and checked';
    case 'check':
      return result?.notes?.length ? counted(result.notes.length, 'finding') : 'Nothing is wrong';
    case 'compact':
      return result?.freed ? `${bytes(result.freed)} freed` : 'There was nothing to free';
    case 'delete':
      return `${capital(some || 'sessions')} deleted`;
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Notes that stand below; those of a check are its findings. */
export const notesOf = ({ result }: Pick<Job, 'result'>): readonly string[] => result?.notes ?? [];
