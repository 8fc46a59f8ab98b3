import { z } from 'zod';
import { ProblemShape } from './things.ts';

export const jobKinds = ['import', 'export', 'fork', 'backup', 'check', 'compact', 'delete'] as const;

/** Work that takes a while and can be cancelled. In memory only: after a restart there is none. */
export const Job = z.object({
  id: z.string(),
  kind: z.enum(jobKinds),
  /** What it works on, such as the name of a file; may be empty. */
  about: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  done: z.number().nonnegative(),
  /** Null: not known. */
  of: z.number().nonnegative().nullable(),
  unit: z.enum(['sessions', 'messages', 'bytes', 'pages']),
  /** Wall clock. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  problem: ProblemShape.nullable(),
  /** What came of it, by kind: `export`: the file to read. `import`: sessions, first. `check`: findings. */
  result: z
    .object({
      file: z.object({ id: z.string(), name: z.string(), bytes: z.number(), type: z.string() }).optional(),
      sessions: z.number().int().optional(),
      /** One to show. */
      session: z.string().optional(),
      /** What could not be done, one sentence each. */
      notes: z.array(z.string()).optional(),
      /** Bytes that were freed. */
      freed: z.number().optional(),
    })
    .nullable(),
});
export type Job = z.infer<typeof Job>;
