import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { Problem } from '#shared/domain/problem.ts';
import { isDeeper } from '#shared/kit/depth.ts';
import { securityHeaders } from './guard.ts';
import { refuse, type Teller } from './teller.ts';

export interface HttpOptions {
  /** PEM; without it HTTP is spoken in plain. */
  tls: { cert: string; key: string } | undefined;
  /** Bytes of a body, where a route says nothing else. */
  maxBody: number;
  /** How long a client may take to send the head of a request; three times as long for all of it. */
  slowMs: number;
  teller: Teller;
}

/** Lists and objects of a body may lie in one another so deep: what goes through them takes stack for each. */
const deepest = 100;

/** Fastify within the limits of this server: heads, bodies, and how slowly they may come. */
export function httpServer({ tls, maxBody, slowMs, teller }: HttpOptions): FastifyInstance {
  const node = {
    maxHeaderSize: 16 * 1024,
    headersTimeout: slowMs,
    connectionsCheckingInterval: slowMs / 4,
    // Some clients offer HTTP/2 with each request (h2c); where that is not taken up, they go on as usual.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
  };
  const app = Fastify({
    ...(tls === undefined ? { http: node } : { https: { ...node, ...tls, handshakeTimeout: slowMs } }),
    bodyLimit: maxBody,
    requestTimeout: 3 * slowMs,
    // Node's timer for quiet connections is set by request: a WebSocket would carry one for ever.
    connectionTimeout: 0,
    keepAliveTimeout: 10_000,
    forceCloseConnections: true,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    clientErrorHandler: unreadable,
    // How long a part of an address may be is said by its schema: a head has an end of its own.
    routerOptions: { maxParamLength: node.maxHeaderSize },
    // An address that cannot even be read reaches no hook. What stands in it is not repeated: it may be what was said.
    frameworkErrors: (error, request, reply: FastifyReply) => {
      const next = 'Write what is special in it as %XX, by its bytes in UTF-8.';
      const problem = new Problem('INVALID_REQUEST', 'The address cannot be read.', next);
      const { status, headers, body } = teller.tell(request.raw, problem, { status: error.statusCode });
      reply
        .headers(securityHeaders)
        .code(status)
        .headers(headers ?? {})
        .send(body);
    },
  }) as unknown as FastifyInstance;
  // Nothing that could be expected is promised, nor refused before anybody looked at the request, as Node would do.
  app.server.on('checkExpectation', (request, response) => void app.server.emit('request', request, response));
  app.addHook('preValidation', (request, _, done) => {
    if (!isDeeper(request.body, deepest)) return done();
    const what = `In the body lists and objects lie in one another more than ${deepest} deep.`;
    done(new Problem('INVALID_REQUEST', what, 'Send less deep JSON.'));
  });
  return app;
}

/** Bodies are checked by zod. Fastify's own compilers for JSON schemas would make each start 25 ms longer. */
const noSchemas = () => {
  throw new Error('Routes of this server have no JSON schemas.');
};

/** What Node's parser refuses, before there is a request. */
function unreadable(error: Error & { code?: string }, socket: Socket): void {
  // Node's own handler looks there as well: an answer that is under way is no place for another one.
  const { _httpMessage: answer } = socket as Socket & { _httpMessage?: { headersSent: boolean } | null };
  if (error.code === 'ECONNRESET' || !socket.writable || answer?.headersSent === true) return void socket.destroy();
  const [status, what] = refusals[error.code ?? ''] ?? [400, 'This is no HTTP request.'];
  const body = new Problem(status === 408 ? 'TIMEOUT' : 'INVALID_REQUEST', what).toBody();
  refuse(socket, { status, headers: { ...securityHeaders }, body });
}

const refusals: Record<string, [status: number, what: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'The head of the request is larger than 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request came too slowly.'],
};

/**
 * What Fastify could not read, as a Problem with the status that HTTP has for it; null when the mistake is ours. The
 * message never quotes the body.
 */
export function misread({ code, statusCode = 500, message }: FastifyError, most: number) {
  if (statusCode >= 500) return null;
  const problem = () => {
    if (statusCode === 413)
      return new Problem('FRAME_TOO_LARGE', `The body is larger than ${most} bytes.`, 'Send less at once.');
    if (statusCode === 415)
      return new Problem('UNSUPPORTED', 'The body is of a type that is not read here.', 'Send application/json.');
    if (code?.startsWith('FST_') === true && !code.includes('JSON_BODY'))
      return new Problem('INVALID_REQUEST', `${message.replace(/\.$/, '')}.`);
    return new Problem('PARSE', 'The body is no JSON that can be read.', 'Send one JSON text.');
  };
  return { problem: problem(), status: statusCode };
}
