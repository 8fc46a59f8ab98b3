import type { AddressInfo, Socket } from 'node:net';
import fastifyStatic from '@fastify/static';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayInfo } from '#shared/domain/gateway.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { type Random, uuidv7 } from '#shared/kit/ids.ts';
import type { Caller, Choragus } from '../compose.ts';
import type { Logger } from '../observability/logger.ts';
import type { Access } from './access.ts';
import { addresses, isLoopback } from './addresses.ts';
import type { Area, AreaContext } from './area.ts';
import { Door } from './door.ts';
import { type Place, securityHeaders } from './guard.ts';
import { httpServer, misread } from './http.ts';
import { Methods } from './methods.ts';
import { Rates } from './rate.ts';
import { anybody, Reception, type Visit } from './reception.ts';
import { signInRoutes } from './sign-in.ts';
import { type Exactly, pathOf, Teller } from './teller.ts';
import { Upgrades } from './upgrades.ts';
import { isPreflight, preflightHeaders } from './visitors.ts';

export interface ServerOptions {
  /** Address or name to listen at. */
  host: string;
  port: number;
  /** Other names for this computer; with a port where that is not this server's. */
  names?: readonly string[];
  /** PEM; without it HTTP is spoken in plain. */
  tls?: { cert: string; key: string } | undefined;
  access: Access;
  /** The built renderer. */
  rendererDir: string;
  version: string;
  /** What to type to get a new link. */
  linkCommand: string;
  choragus: AreaContext['choragus'] & Pick<Choragus, 'connect'>;
  /** The dialects that it speaks. */
  areas: readonly Area[];
  /** Origins of web pages elsewhere that may ask the dialects, with an access token. Looked at for each request. */
  origins?: () => readonly string[];
  limits: { connections: number; requestsPerMinute: number };
  /** How long a client may take to send the head of a request; three times as long for all of it. */
  slowMs?: number;
  clock: Clock;
  random: Random;
  logger: Logger;
}

export interface Server {
  readonly port: number;
  /** Without a slash at the end. */
  readonly url: string;
  /** Where this computer itself reaches it. */
  readonly local: string;
  /** How others than this computer can reach it; null: they cannot. */
  readonly open: GatewayInfo['open'];
  /** A new link that signs a browser in; it works once. */
  link(): string;
  /** Takes no more connections, waits for `drain`, then ends those that are still open. */
  close(drain: () => Promise<void>): Promise<void>;
}

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit | null;
  }
}

/** Of our own routes, and of those of the areas, which may carry pictures. */
const maxBody = 16 * 1024;
const maxAreaBody = 32 * 1024 * 1024;
/** How long an answer may lie without anything of it being taken. */
const untakenMs = 60_000;
/** Connections that do not count as such may come on top: requests, and who is about to be told that it is full. */
const spareConnections = 1000;

const open = { config: { open: true } };
/** The route of all that lies in the renderer's folder. */
const pages = '/*';

/** Serves the renderer, the sign-in, the `/rpc` socket and the areas. Resolves when it listens. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { access, areas, choragus, clock, random, logger, linkCommand } = options;
  const place: Place = {
    host: options.host.includes(':') ? `[${options.host}]` : options.host,
    names: options.names ?? [],
    secure: options.tls !== undefined,
  };
  const door = new Door(access);
  const teller = new Teller(areas, linkCommand);
  const rates = new Rates(options.limits.requestsPerMinute, clock);
  const reception = new Reception({ ...options, origins: options.origins ?? (() => []), place, door, teller, rates });
  const methods = new Methods();
  let closing = false;

  const { tls, slowMs = 10_000 } = options;
  const app = httpServer({ tls, maxBody, slowMs, teller });
  const answer = (request: FastifyRequest, reply: FastifyReply, problem: Problem, exactly?: Exactly) => {
    const { status, headers, body } = teller.tell(request.raw, problem, exactly);
    return reply
      .code(status)
      .headers(headers ?? {})
      .send(body);
  };
  app.decorateRequest('visit', null);
  app.removeContentTypeParser('text/plain');

  app.addHook('onRoute', ({ url, method }) => {
    if (url !== pages) methods.add(url, method);
  });
  app.addHook('onRequest', async (request, reply) => {
    const { config, url } = request.routeOptions;
    const preflight = isPreflight(request.raw);
    const needs = url === undefined ? anybody : url === pages ? { ...anybody, look: true } : config;
    const visit = reception.receive(request.raw, needs, preflight);
    request.visit = visit;
    // An answer of ours that nobody takes is given up. A dialect's may be quiet for as long as a model thinks.
    if (visit.area === undefined) request.raw.socket.setTimeout(untakenMs);
    reply.headers(securityHeaders).headers(visit.headers);
    if (closing) return answer(request, reply, ending());
    if (visit.refusal !== null) return answer(request, reply, visit.refusal.problem, visit.refusal);
    if (preflight && visit.origin !== null) return reply.code(204).headers(preflightHeaders(request.raw)).send();
  });
  app.addHook('preHandler', async (request) => {
    if (request.body !== undefined && request.visit !== null) reception.mustStillKnow(request.raw, request.visit);
  });
  app.addHook('onResponse', async (request, reply) => {
    const by = request.visit?.admission?.token?.name ?? null;
    const told = { path: pathOf(request.raw), status: reply.statusCode, ms: Math.round(reply.elapsedTime), by };
    logger.debug(told, 'answered');
  });

  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.at(pathOf(request.raw));
    if (allowed.length === 0) {
      const next = request.visit?.area === undefined ? 'Open / instead.' : undefined;
      return answer(request, reply, new Problem('NOT_FOUND', 'There is nothing at this address.', next));
    }
    const what = `${request.method} is not possible at this address.`;
    reply.header('allow', allowed.join(', '));
    return answer(request, reply, new Problem('INVALID_REQUEST', what, `Use ${allowed.join(' or ')}.`), {
      status: 405,
    });
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof Problem) return answer(request, reply, error);
    const { problem, status } = misread(error, request.routeOptions.bodyLimit ?? maxBody) ?? {
      problem: Problem.of(error),
      status: 500,
    };
    if (status === 500) logger.error({ error, path: pathOf(request.raw) }, 'a request failed');
    return answer(request, reply, problem, { status });
  });

  app.get('/health', open, async () => ({ status: 'ok', version: options.version }));
  signInRoutes(app, { access, linkCommand, secure: place.secure, link: () => link() });
  // A page whose socket is refused asks here why.
  app.get('/rpc', { config: anybody }, async () => {
    throw new Problem('NOT_FOUND', 'There is nothing at this address but a WebSocket.');
  });
  await app.register(fastifyStatic, {
    root: options.rendererDir,
    cacheControl: false,
    setHeaders(reply, path) {
      const hashed = /[\\/]assets[\\/]/.test(path);
      reply.header('cache-control', hashed ? 'private, max-age=31536000, immutable' : 'no-store');
    },
  });

  const context: AreaContext = {
    choragus,
    version: options.version,
    clock,
    random,
    newId: () => uuidv7(clock.now(), random),
    logger,
    caller: callerOf,
  };
  for (const area of areas) await app.register(async (scope) => install(area, scope, context));

  const upgrades = new Upgrades({ areas, context, choragus, reception, teller, rates, clock, logger });
  app.server.on('upgrade', (request, socket, head) => upgrades.take(request, socket as Socket, head));
  app.server.maxConnections = options.limits.connections + spareConnections;

  await app.listen({ host: options.host, port: options.port }).catch((error: NodeJS.ErrnoException) => {
    throw listenProblem(error, options);
  });
  const { port } = app.server.address() as AddressInfo;
  const { url, local } = addresses(place, port);
  const link = () => `${url}/enter#code=${access.issueCode()}`;

  return {
    port,
    url,
    local,
    open: isLoopback(options.host) ? null : place.secure ? 'tls' : 'plain',
    link,
    async close(drain) {
      closing = true;
      app.server.close();
      await drain();
      upgrades.close();
      await app.close();
    },
  };
}

/** An area's own plugin. */
function install(area: Area, app: FastifyInstance, context: AreaContext): void {
  app.addHook('onRoute', (route) => {
    route.bodyLimit ??= maxAreaBody;
  });
  area.install(app, context);
}

function callerOf({ visit, raw }: FastifyRequest): Caller {
  const admission = visit?.admission ?? null;
  if (admission === null) throw new Problem('UNAUTHORIZED', 'It is not known who sent this request.');
  const { token, scopes } = admission;
  const address = `${raw.socket.remoteAddress}:${raw.socket.remotePort}`;
  return { kind: 'request', address, token, scopes, host: null };
}

const ending = () => new Problem('DISCONNECTED', 'Choragus ends.', 'Ask again when it runs.');

function listenProblem(error: NodeJS.ErrnoException, { host, port }: ServerOptions): Problem {
  const reason =
    {
      EADDRINUSE: 'another program uses it',
      EACCES: 'it needs more rights',
      EADDRNOTAVAIL: 'this machine has no such address',
    }[error.code ?? ''] ?? error.message;
  return new Problem(
    'UNSUPPORTED',
    `Choragus cannot listen on port ${port} of ${host}: ${reason}.`,
    'Choose another port, with --port or in Settings; 0 picks a free one.',
    { cause: error },
  );
}
