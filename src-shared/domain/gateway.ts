import { z } from 'zod';

/**
 * What an access token lets a program do. `chat`: talk, in sessions whose id it knows, and ask for completions. `read`:
 * see every session and everything that happens. `admin`: change providers and specialists, see and close connections;
 * it includes the other two. None lets it change the gateway, its tokens included: that is the user's.
 */
export const Scope = z.enum(['chat', 'read', 'admin']);
export type Scope = z.infer<typeof Scope>;

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
  /** Origins of web pages elsewhere that may ask, with an access token, such as `https://example.org`. Mostly none. */
  origins: z.array(z.string()),
  /** Others than this computer can reach it: `tls` with a certificate, `plain` by an explicit wish; null: they cannot. */
  open: z.enum(['tls', 'plain']).nullable(),
  /** Newest first. `lastUsedAt` is null until one is used since the start. */
  tokens: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(Scope),
      createdAt: z.number(),
      lastUsedAt: z.number().nullable(),
    }),
  ),
});
export type GatewayInfo = z.infer<typeof GatewayInfo>;
