import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { MAX_FRAME } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import { isRecord } from '#shared/kit/record.ts';
import type { Area, AreaContext } from '../area.ts';
import { asGuest } from '../guest.ts';
import { about } from './about.ts';
import { Call, type Handlers, written } from './call.ts';
import { tell } from './errors.ts';
import { type Asked, type Operation, type OperationName, operationList } from './routes.ts';
import { sessionHandlers } from './sessions.ts';
import { transferHandlers } from './transfer.ts';
import { turnHandlers } from './turns.ts';

/** REST and server-sent events under `/api/`. */
export const v2: Area = {
  name: 'v2',
  owns: (path) => path === '/api' || path.startsWith('/api/'),
  tell,
  install(app, context) {
    const handlers: Handlers = { ...turnHandlers, ...sessionHandlers, ...transferHandlers, ...about };
    for (const [name, operation] of operationList)
      for (const url of [operation.path, operation.alias])
        if (url !== undefined) route(app, context, url, operation, handlers[name] as Handler);
    app.get('/api/docs', { config: { open: true }, exposeHeadRoute: false }, (_, reply) => reply.redirect('/api.html'));
  },
};

type Handler = (asked: Asked<OperationName>, call: Call) => Promise<unknown>;

function route(app: FastifyInstance, context: AreaContext, url: string, operation: Operation, handler: Handler): void {
  const { method, scope, status } = operation;
  app.route({
    method,
    url,
    bodyLimit: MAX_FRAME,
    // A question about the head of a stream would be a question to an AI.
    exposeHeadRoute: false,
    config: { scope },
    handler: async (request, reply) => {
      const asked = read(operation, request) as unknown as Asked<OperationName>;
      return asGuest(request, reply, context, async (guest) => {
        const body = await handler(asked, new Call(guest, context, reply));
        return body === written ? reply : reply.code(status).send(body);
      });
    },
  });
}

function read({ params, query, headers, body, aliases = {} }: Operation, request: FastifyRequest) {
  return {
    params: check('path', params, request.params),
    query: check('query', query, named(request.query, aliases)),
    headers: check('headers', headers, request.headers),
    body: check('body', body, named(request.body, aliases)),
  };
}

/** With fields under the names that the schema has for them. */
function named(value: unknown, aliases: Readonly<Record<string, string>>): unknown {
  if (!isRecord(value)) return value;
  const renamed = Object.entries(aliases).flatMap(([other, name]) =>
    value[name] === undefined && value[other] !== undefined ? [[name, value[other]]] : [],
  );
  return renamed.length === 0 ? value : { ...value, ...Object.fromEntries(renamed) };
}

/** Names the places that are wrong, never what stood there. */
function check(place: string, schema: z.ZodType | undefined, value: unknown): unknown {
  const checked = schema?.safeParse(value);
  if (checked === undefined || checked.success) return checked?.data;
  const places = checked.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${[place, ...path].join('.')}: ${message}`);
  throw new Problem('INVALID_PARAMS', `${places.join('; ')}.`, 'Correct the request; /api/docs says what it may hold.');
}
