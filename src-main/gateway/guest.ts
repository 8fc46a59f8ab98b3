import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Guest } from '../compose.ts';
import type { AreaContext } from './area.ts';
import { STUCK_MS } from './sse.ts';
import { clientOf } from './user-agent.ts';

/**
 * Works for one request while it stands in the list of connections. The guest's signal aborts in the moment in which the
 * other side hangs up, and nobody is told anything then. `token`: the id of the access token by which it came in.
 */
export async function asGuest(
  request: FastifyRequest,
  reply: FastifyReply,
  context: AreaContext,
  work: (guest: Guest, token: string | null) => Promise<unknown>,
): Promise<unknown> {
  const { raw } = reply;
  const caller = context.caller(request);
  const client = clientOf(request.headers['user-agent']);
  const guest = context.choragus.admit({ ...caller, kind: 'request' }, client, () => raw.writableLength);
  const leave = () => guest.leave();
  raw.once('close', leave);
  // It may take long before there is anything to say; what has been said must be read.
  raw.setTimeout(0);
  try {
    return await work(guest, caller.token?.id ?? null);
  } catch (error) {
    if (raw.destroyed) return reply.hijack();
    throw error;
  } finally {
    raw.off('close', leave);
    leave();
    raw.setTimeout(STUCK_MS);
  }
}
