import { z } from 'zod';

/** How somebody is connected: a window, a program at `/rpc`, one at `/ws/ai`, or one HTTP request that streams. */
export const ConnectionKind = z.enum(['window', 'rpc', 'ws', 'request']);
export type ConnectionKind = z.infer<typeof ConnectionKind>;

/** Somebody who is connected now. */
export const ConnectionInfo = z.object({
  id: z.string(),
  kind: ConnectionKind,
  /** As it introduced itself, such as `window`; the product of its User-Agent where it did not; else `unknown`. */
  name: z.string(),
  version: z.string(),
  /** Address and port it comes from; null for a window of the desktop. */
  address: z.string().nullable(),
  /** The access token of its own by which it came in; null for the user. */
  token: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Wall clock. */
  since: z.number(),
  /** Between a ping and its answer, the last time, in ms; null where none was exchanged. */
  roundTripMs: z.number().nonnegative().nullable(),
  /** Bytes that wait for it to read them. */
  waiting: z.number().nonnegative(),
  /** Streams that it follows. */
  follows: z.number().int().nonnegative(),
});
export type ConnectionInfo = z.infer<typeof ConnectionInfo>;

/** Somebody who has a session open. */
export const Presence = z.object({
  connection: z.string(),
  kind: ConnectionKind,
  name: z.string(),
  since: z.number(),
  /** It is the one who asks. */
  you: z.boolean(),
});
export type Presence = z.infer<typeof Presence>;
