import { Keeping } from '#shared/domain/keeping.ts';

/** As they stand in the form; nothing typed is never, or no limit. */
export interface KeepingFields {
  trashDays: string;
  unusedDays: string;
  megabytes: string;
  everyHours: string;
  keep: string;
}
export type KeepingField = keyof KeepingFields;

const MEGABYTE = 1_000_000;
const text = (value: number | null) => (value === null ? '' : String(value));

export const fieldsOf = ({
  trashDays,
  unusedDays,
  mostBytes,
  backups,
}: Keeping): Readonly<Record<KeepingField, string>> => ({
  trashDays: text(trashDays),
  unusedDays: text(unusedDays),
  megabytes: text(mostBytes === null ? null : mostBytes / MEGABYTE),
  everyHours: text(backups.everyHours),
  keep: text(backups.keep),
});

const wrong: Record<KeepingField, string> = {
  trashDays: 'A whole number of days, 3,650 at most, or nothing.',
  unusedDays: 'A whole number of days, 36,500 at most, or nothing.',
  megabytes: 'A number of megabytes, 1 at least, or nothing.',
  everyHours: 'A whole number of hours, 8,760 at most, or nothing.',
  keep: 'A whole number from 1 to 100.',
};

/** The rules that were typed, or what is wrong with each field. */
export function keepingOf(
  fields: Readonly<Record<KeepingField, string>>,
): { keeping: Keeping } | { problems: Partial<Record<KeepingField, string>> } {
  const number = (typed: string) => (typed.trim() === '' ? null : Number(typed));
  const megabytes = number(fields.megabytes);
  const found = Keeping.safeParse({
    trashDays: number(fields.trashDays),
    unusedDays: number(fields.unusedDays),
    mostBytes: megabytes === null ? null : Math.round(megabytes * MEGABYTE),
    backups: { keep: number(fields.keep), everyHours: number(fields.everyHours) },
  });
  if (found.success) return { keeping: found.data };
  const names: Record<string, KeepingField> = { mostBytes: 'megabytes' };
  const problems: Partial<Record<KeepingField, string>> = {};
  for (const { path } of found.error.issues) {
    const last = String(path.at(-1));
    const field = names[last] ?? (last as KeepingField);
    problems[field] = wrong[field];
  }
  return { problems };
}
