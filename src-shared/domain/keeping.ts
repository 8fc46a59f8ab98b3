import { z } from 'zod';

/** What is kept for how long. Pinned sessions are spared by every rule but that of the trash. */
export const Keeping = z.object({
  /** Days in the trash until a session is deleted for good; null: until the trash is emptied by hand. */
  trashDays: z.number().int().min(1).max(3650).nullable(),
  /** Sessions in which nothing has happened for so many days are deleted for good; null: never. */
  unusedDays: z.number().int().min(1).max(36_500).nullable(),
  /** Above so many bytes of text the sessions longest unused are deleted for good; null: no limit. */
  mostBytes: z.number().int().min(1_000_000).nullable(),
  backups: z.object({
    /** So many automatic ones; older ones go. */
    keep: z.number().int().min(1).max(100),
    /** Null: none are made by themselves. */
    everyHours: z
      .number()
      .int()
      .min(1)
      .max(24 * 365)
      .nullable(),
  }),
});
export type Keeping = z.infer<typeof Keeping>;

export const usualKeeping: Keeping = {
  trashDays: 30,
  unusedDays: null,
  mostBytes: null,
  backups: { keep: 7, everyHours: 24 },
};

/** A copy of the log file. */
export const Backup = z.object({
  /** Its name in the folder of backups. */
  file: z.string(),
  bytes: z.number(),
  /** Wall clock. */
  at: z.number(),
  /** Why it was made. */
  reason: z.enum(['automatic', 'asked', 'update', 'before-restore']),
});
export type Backup = z.infer<typeof Backup>;
