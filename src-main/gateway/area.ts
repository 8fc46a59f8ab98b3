import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { Scope } from '#shared/domain/gateway.ts';
import type { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Random } from '#shared/kit/ids.ts';
import type { Caller, Choragus } from '../compose.ts';
import type { Logger } from '../observability/logger.ts';

/** What the dialects of the gateway work with. */
export interface AreaContext {
  choragus: Pick<Choragus, 'admit' | 'completions' | 'connections' | 'roster' | 'notices'>;
  version: string;
  clock: Clock;
  random: Random;
  /** A new UUID of version 7. */
  newId: () => string;
  logger: Logger;
  /**
   * Who sent this request; the server has found that out, and checked the route's scope, before a handler runs. A handler
   * that hijacks its reply writes `reply.getHeaders()` along: security, rate limits and CORS stand there.
   */
  caller(request: FastifyRequest): Caller;
}

/** In the `config` of a route: the scope that an access token needs for it. A route without one is the user's alone. */
export interface RouteConfig {
  /** One of several is enough. */
  scope?: Scope | readonly Scope[];
  /** Needs no access at all. */
  open?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig extends RouteConfig {}
}

/** What stands for a socket in the list of connections; the server tells it how long the way there and back takes. */
export interface Measured {
  roundTripMs: number | null;
}

/** A path of an area at which a WebSocket may be had. */
export interface AreaSocket {
  /** What an access token needs for it. */
  scope: Scope | readonly Scope[];
  /**
   * The socket is open: the server pings it, ends it when it is dead, and bounds its frames. Returns what stands for it
   * in the list of connections, such as the `connection` of its Guest.
   */
  serve(socket: WebSocket, caller: Caller, context: AreaContext): Measured | undefined;
}

/** How an area says that something went wrong. */
export interface Told {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}

/**
 * One dialect that the gateway speaks: a few routes, maybe sockets, and its own way to tell problems, which the server
 * uses also for what goes wrong before a route is reached (no access, too many requests, a body too large).
 */
export interface Area {
  readonly name: string;
  /** Whether this request is spoken in its dialect; the first area that says so has it. `path` is without the query. */
  owns(path: string, headers: IncomingMessage['headers']): boolean;
  /** `retryAfter`: in so many seconds it may be asked again; told with RATE_LIMITED. */
  tell(problem: Problem, retryAfter?: number): Told;
  /**
   * Adds its routes, in a plugin of their own. Thrown Problems are told by `tell`; bodies may have 32 MiB where a route
   * does not say otherwise.
   */
  install(app: FastifyInstance, context: AreaContext): void;
  /** What is served to a WebSocket that asked for this path; undefined: nothing. */
  socket?(path: string): AreaSocket | undefined;
}
