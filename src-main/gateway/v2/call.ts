import type { FastifyReply } from 'fastify';
import type { Target } from '#shared/domain/things.ts';
import type { Guest } from '../../compose.ts';
import type { AreaContext } from '../area.ts';
import { resolveModel } from '../models.ts';
import { streamEvents } from '../sse.ts';
import type { TurnEvents } from './events.ts';
import type { Answered, Asked, OperationName } from './routes.ts';

/** The answer was, or is being, written by the handler itself. */
export const written = Symbol('written');

export type Handlers = {
  [Name in OperationName]: (asked: Asked<Name>, call: Call) => Promise<Answered<Name> | typeof written>;
};

/** One request, as handlers see it. */
export class Call {
  readonly guest: Guest;
  readonly context: AreaContext;
  readonly reply: FastifyReply;

  constructor(guest: Guest, context: AreaContext, reply: FastifyReply) {
    this.guest = guest;
    this.context = context;
    this.reply = reply;
  }

  /** Aborts when nobody waits for the answer any more. */
  get signal(): AbortSignal {
    return this.guest.signal;
  }

  /** Throws NOT_FOUND. */
  target(name: string): Target {
    return resolveModel(name, this.context.choragus.roster());
  }

  /** `prefix` and 96 random bits. */
  newId(prefix: string): string {
    const part = () =>
      Math.floor(this.context.random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    return `${prefix}_${part()}${part()}${part()}`;
  }

  async stream(events: TurnEvents, turn: string): Promise<typeof written> {
    await streamEvents(this.reply, events, {
      clock: this.context.clock,
      signal: this.signal,
      failed: (problem) => events.failed(problem),
      headers: { 'x-choragus-turn': turn },
    });
    return written;
  }
}
