import { z } from 'zod';
import { Look } from './things.ts';

/** What is looked for. */
export const Query = z.object({
  /** Words that must all be there; the last may be unfinished, as may each that ends with `*`; "in quotes" is a phrase. */
  text: z.string().trim().min(1).max(500),
  order: z.enum(['best', 'newest']).default('best'),
  session: z.string().optional(),
  /** Answers of this specialist only, by its id in the roster. */
  specialist: z.string().optional(),
  /** What a person wrote, or what was answered. */
  role: z.enum(['message', 'answer']).optional(),
  /** Wall clock: not earlier, not later. */
  from: z.number().optional(),
  to: z.number().optional(),
  /** Also in sessions in the trash. */
  trashed: z.boolean().default(false),
});
export type Query = z.output<typeof Query>;

export const Hit = z.object({
  session: z.string(),
  title: z.string(),
  node: z.string(),
  seq: z.number().int(),
  at: z.number(),
  role: z.enum(['message', 'answer']),
  /** Who answered; null for a person's message. */
  by: z.object({ name: z.string(), specialist: z.string().nullable(), look: Look.nullable() }).nullable(),
  /** Text around what was found, in pieces; `hit`: this is what was looked for. */
  snippet: z.array(z.object({ text: z.string(), hit: z.boolean() })),
  /** It stands on the branch that the session shows. */
  shown: z.boolean(),
  archived: z.boolean(),
  trashed: z.boolean(),
});
export type Hit = z.infer<typeof Hit>;
