import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { MAX_FRAME } from '#shared/contract/contract.ts';
import { Problem, problems } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import { MAX_PAYLOAD, webSocketPipe } from '#shared/wire/websocket.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Access, Admission } from './access.ts';
import { cookieHeader, Door } from './door.ts';
import { foreign, securityHeaders } from './guard.ts';
import { enterPage, enterScript, enterStyle, problemPage, signInPage } from './pages.ts';

export interface ServerOptions {
  host: string;
  port: number;
  access: Access;
  /** The built renderer. */
  rendererDir: string;
  version: string;
  /** What to type to get a new link. */
  linkCommand: string;
  connect: (pipe: Pipe, who: Admission & { address: string; host: null }) => void;
  clock: Clock;
  logger: Logger;
}

export interface Server {
  readonly port: number;
  /** Without a slash at the end. */
  readonly url: string;
  /** A new link that signs a browser in; it works once. */
  link(): string;
  /** Ends the connections that were made with this access token; what is still on its way from them reaches nobody. */
  disconnect(token: string): void;
  /** Takes no more connections, waits for `drain`, then ends those that are still open. */
  close(drain: () => Promise<void>): Promise<void>;
}

const maxBody = 16 * 1024;
/** How long a WebSocket may take to say goodbye. */
const goodbyeMs = 1000;

const open = { config: { open: true } };
/** The route of all that lies in the renderer's folder. */
const pages = '/*';
const EnterBody = z.strictObject({ code: z.string().max(100) });

/** Serves the renderer, the sign-in and the `/rpc` socket to this machine alone. Resolves when it listens. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { access, logger, linkCommand } = options;
  const hostName = options.host.includes(':') ? `[${options.host}]` : options.host;
  const app = Fastify({
    bodyLimit: maxBody,
    connectionTimeout: 60_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 10_000,
    forceCloseConnections: true,
    http: { maxHeaderSize: 16 * 1024, headersTimeout: 10_000 },
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    // An address that cannot even be read reaches no hook.
    frameworkErrors: (error, _, reply: FastifyReply) => {
      reply.headers(securityHeaders).code(error.statusCode ?? 400);
      reply.send(new Problem('INVALID_REQUEST', `${error.message}.`).toBody());
    },
  });
  const door = new Door(access);

  /** A page for people, JSON for programs. */
  const answer = (request: FastifyRequest, reply: FastifyReply, problem: Problem, status: number) => {
    reply.code(status).header('cache-control', 'no-store');
    if (request.headers.accept?.includes('text/html') !== true) return reply.send(problem.toBody());
    return html(reply, status === 401 ? signInPage(linkCommand) : problemPage(problem));
  };

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const refusal = foreign(request.raw, hostName);
    if (refusal !== null) return answer(request, reply, refusal.problem, refusal.status);
    const { config, url } = request.routeOptions;
    if ((config as { open?: boolean }).open === true) return;
    const admitted = url === pages ? door.mayLook(request.raw) : door.admission(request.raw) !== null;
    if (!admitted) return answer(request, reply, noAccess(linkCommand), 401);
  });

  app.setNotFoundHandler((request, reply) =>
    answer(request, reply, new Problem('NOT_FOUND', 'There is nothing at this address.', 'Open / instead.'), 404),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof Problem) return answer(request, reply, error, problems[error.code].http);
    const status = error.statusCode ?? 500;
    if (status < 500) return answer(request, reply, new Problem('INVALID_REQUEST', `${error.message}.`), status);
    logger.error({ error, path: request.url }, 'a request failed');
    return answer(request, reply, Problem.of(error), 500);
  });

  app.get('/health', open, async () => ({ status: 'ok', version: options.version }));
  app.get('/enter', open, async (_, reply) => html(reply, enterPage(linkCommand)));
  app.get('/enter.js', open, async (_, reply) => reply.type('text/javascript').send(enterScript));
  app.get('/enter.css', open, async (_, reply) => reply.type('text/css').send(enterStyle));
  app.post('/enter', open, async (request, reply) => {
    const body = EnterBody.safeParse(request.body);
    const signIn = body.success ? access.redeem(body.data.code) : null;
    if (signIn === null)
      throw new Problem('UNAUTHORIZED', 'This link was used already, is older than 5 minutes, or is not whole.');
    return reply.header('set-cookie', cookieHeader(request.raw, signIn)).send({ key: signIn.key });
  });
  app.post('/link', async (request) => {
    // What a link opens lasts, and is in no list: it would outlive the token of a program.
    if (door.admission(request.raw)?.token === null) return { link: link() };
    throw new Problem(
      'UNAUTHORIZED',
      'A program with an access token of its own cannot sign a browser in.',
      `Get a link from: ${linkCommand}.`,
    );
  });
  // A page whose socket is refused asks here why.
  app.get('/rpc', async () => {
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

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: false,
    WebSocket: Explaining,
  });
  const admissions = new WeakMap<WebSocket, Admission & { pipe: Pipe }>();
  app.server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = foreign(request, hostName);
    if (refusal !== null) return refuseUpgrade(socket, refusal.status, refusal.problem);
    const admitted = door.admission(request);
    if (admitted === null) return refuseUpgrade(socket, 401, noAccess(linkCommand));
    if (request.url?.split('?')[0] !== '/rpc')
      return refuseUpgrade(socket, 404, new Problem('NOT_FOUND', 'WebSockets are served at /rpc only.'));
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const address = `${request.socket.remoteAddress}:${request.socket.remotePort}`;
      // What went wrong follows as `close`, with its code.
      webSocket.on('error', (error) => logger.warn({ address, error }, 'a socket failed'));
      const pipe = webSocketPipe(webSocket, options.clock);
      admissions.set(webSocket, { ...admitted, pipe });
      options.connect(pipe, { ...admitted, address, host: null });
    });
  });

  await app.listen({ host: options.host, port: options.port }).catch((error: NodeJS.ErrnoException) => {
    throw listenProblem(error, options);
  });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://${hostName}:${port}`;
  const link = () => `${url}/enter#code=${access.issueCode()}`;

  return {
    port,
    url,
    link,
    disconnect(token) {
      const why = 'The access token was removed.';
      for (const socket of sockets.clients) {
        const admission = admissions.get(socket);
        if (admission?.token !== token) continue;
        end(socket, 1008, why);
        admission.pipe.close(why);
      }
    },
    async close(drain) {
      const closed = app.close();
      await drain();
      for (const socket of sockets.clients) end(socket, 1001, 'Choragus ends.');
      await closed;
    },
  };
}

/** Says goodbye, and hangs up on who does not answer. */
function end(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const hangUp = setTimeout(() => socket.terminate(), goodbyeMs);
  socket.on('close', () => clearTimeout(hangUp));
}

/** Says in words what the code 1009 says in figures. */
class Explaining extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, reason ?? (code === 1009 ? `A frame was far over the limit of ${MAX_FRAME} bytes.` : undefined));
  }
}

/** Bodies are checked by zod. Fastify's own compilers for JSON schemas would make each start 25 ms longer. */
const noSchemas = () => {
  throw new Error('Routes of this server have no JSON schemas.');
};

const noAccess = (linkCommand: string) =>
  new Problem(
    'UNAUTHORIZED',
    'This needs access to Choragus.',
    `Sign in with a link from: ${linkCommand}; programs send the access token as Authorization: Bearer.`,
  );

const html = (reply: FastifyReply, text: string) =>
  reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(text);

function refuseUpgrade(socket: Duplex, status: number, problem: Problem): void {
  const body = JSON.stringify(problem.toBody());
  socket.end(
    [
      `HTTP/1.1 ${status} Refused`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}

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
