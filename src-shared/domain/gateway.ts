import { z } from 'zod';

/** How other programs reach Choragus on this computer. */
export const GatewayInfo = z.object({
  /** Null: it does not listen. */
  url: z.string().nullable(),
  enabled: z.boolean(),
  /** 0: a free one is picked at each start. */
  port: z.number().int(),
  /** Why it cannot be changed here just now, as a sentence; null when it can. */
  fixed: z.string().nullable(),
  /** Why it does not listen where it should; at `url` it goes on meanwhile. */
  problem: z.object({ message: z.string(), next: z.string().optional() }).nullable(),
  /** Newest first. `lastUsedAt` is null until one is used since the start. */
  tokens: z.array(
    z.object({ id: z.string(), name: z.string(), createdAt: z.number(), lastUsedAt: z.number().nullable() }),
  ),
});
export type GatewayInfo = z.infer<typeof GatewayInfo>;
