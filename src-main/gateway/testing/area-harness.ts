import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { WebSocketServer } from 'ws';
import { Problem } from '#shared/domain/problem.ts';
import { uuidv7 } from '#shared/kit/ids.ts';
import type { Caller } from '../../compose.ts';
import { systemClock } from '../../hosts/clock.ts';
import type { Area, AreaContext } from '../area.ts';

const caller: Caller = { kind: 'request', address: 'test', token: null, scopes: 'user', host: null };

export interface AreaHarness {
  /** Without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

/** Serves areas by real HTTP and WebSocket on a free port, to one caller who may do everything. */
export async function serveAreas(
  areas: readonly Area[],
  context: Partial<AreaContext> & Pick<AreaContext, 'choragus'>,
): Promise<AreaHarness> {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 16 * 1024 });
  const full: AreaContext = {
    version: '0.0.0',
    clock: systemClock,
    random: Math.random,
    newId: () => uuidv7(Date.now(), Math.random),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    caller: () => caller,
    ...context,
  };
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const known = error instanceof Problem || (error.statusCode ?? 500) >= 500;
    const problem = known ? Problem.of(error) : new Problem('INVALID_REQUEST', `${error.message}.`);
    const path = request.url.split('?')[0]!;
    const area = areas.find((each) => each.owns(path, request.headers));
    if (area === undefined) return reply.code(500).send(problem.toBody());
    const { status, headers, body } = area.tell(problem);
    return reply
      .code(status)
      .headers(headers ?? {})
      .send(body);
  });
  for (const area of areas) app.register(async (routes) => area.install(routes, full));
  const sockets = new WebSocketServer({ noServer: true });
  app.server.on('upgrade', (request, socket, head) => {
    const path = request.url!.split('?')[0]!;
    const found = areas.map((area) => area.socket?.(path)).find((each) => each !== undefined);
    if (found === undefined) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (webSocket) => found.serve(webSocket, caller, full));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await app.close();
    },
  };
}
