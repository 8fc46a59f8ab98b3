import type { z } from 'zod';
import type { Scope } from '#shared/domain/gateway.ts';
import type { ApiCode } from './errors.ts';
import * as schemas from './schemas.ts';

/** One thing that can be asked of v2. Routes are installed from it, and the OpenAPI document is made from it. */
export interface Operation {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As fastify writes it: `:name` is a part that varies. */
  path: string;
  /** Another path for the same, of earlier plans. */
  alias?: string;
  group: 'Answers' | 'Turns' | 'Sessions' | 'About';
  summary: string;
  description?: string;
  scope: Scope | readonly Scope[];
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: z.ZodObject;
  body?: z.ZodObject;
  /** Fields of body or query by another name that they may come under. */
  aliases?: Readonly<Record<string, string>>;
  status: 200 | 201;
  json?: z.ZodType;
  /** It answers, or can answer, with server-sent events. */
  events?: z.ZodType;
  /** Beside those that every operation has. */
  errors: readonly ApiCode[];
}

/** What can go wrong with any of them. */
export const commonErrors = [
  'BAD_REQUEST',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'LIMIT_EXCEEDED',
  'UNAVAILABLE',
  'INTERNAL',
] as const satisfies ApiCode[];

const stream = {
  group: 'Answers',
  alias: '/api/ai/specialists/:specialist/stream',
  scope: 'chat',
  params: schemas.SpecialistParams,
  aliases: { message: 'content' },
  status: 200,
  events: schemas.StreamEvent,
  errors: ['NOT_FOUND', 'CONFLICT', 'EXPIRED', 'SESSION_EXPIRED', 'AI_UNAVAILABLE', 'STORAGE'],
} as const;
const anybody = ['chat', 'read'] as const;
const oneTurn = { group: 'Turns', params: schemas.TurnParams, status: 200, errors: ['NOT_FOUND'] } as const;
const oneSession = {
  group: 'Sessions',
  scope: 'chat',
  params: schemas.SessionParams,
  status: 200,
  errors: ['NOT_FOUND'],
} as const;

export const operations = {
  streamAnswer: {
    ...stream,
    method: 'POST',
    path: '/api/v2/ai/:specialist/stream',
    summary: 'Ask a specialist',
    description:
      'The answer comes as server-sent events: `start`, `content`, `error` and `done`. Each has an `id`: with it, and with the `turn_id` of `start` (also in the header `X-Choragus-Turn`), the stream goes on at `/api/v2/turns/{turn}/stream` after a lost connection or a restart. To hang up ends the stream, not the answer. An error that is not `recoverable` is the last event.',
    body: schemas.StreamBody,
  },
  streamAnswerByAddress: {
    ...stream,
    method: 'GET',
    path: '/api/v2/ai/:specialist/stream',
    summary: 'Ask by EventSource',
    description:
      'The same, with everything in the address. An EventSource that lost its connection asks again by itself. With a UUID of version 7 as `request_id` it gets the rest of the same answer; without one it is told with status 204 to stop.',
    query: schemas.StreamQuery,
    headers: schemas.ResumeHeaders,
  },
  resumeTurn: {
    ...oneTurn,
    method: 'GET',
    path: '/api/v2/turns/:turn/stream',
    summary: 'Go on with a stream',
    description:
      'From after the event `Last-Event-ID` on, also after a restart and long after the answer ended; from the beginning without it. A turn that ended with Choragus itself ends in the error INTERRUPTED.',
    scope: anybody,
    query: schemas.ResumeQuery,
    headers: schemas.ResumeHeaders,
    events: schemas.StreamEvent,
  },
  getTurn: {
    ...oneTurn,
    method: 'GET',
    path: '/api/v2/turns/:turn',
    summary: 'See how far a turn is',
    scope: anybody,
    json: schemas.Turn,
  },
  stopTurn: {
    ...oneTurn,
    method: 'POST',
    path: '/api/v2/turns/:turn/stop',
    summary: 'Stop a turn',
    description: 'It stops at the provider at once; what has come is kept. To stop one that has ended changes nothing.',
    scope: 'chat',
    json: schemas.Turn,
  },
  createSession: {
    ...oneSession,
    method: 'POST',
    path: '/api/v2/sessions',
    summary: 'Begin a session',
    description: 'It takes messages until nothing has happened in it for 60 minutes; what was said stays.',
    params: undefined,
    body: schemas.CreateSession,
    status: 201,
    json: schemas.Session,
    errors: ['NOT_FOUND', 'CONFLICT', 'STORAGE'],
  },
  listSessions: {
    ...oneSession,
    method: 'GET',
    path: '/api/v2/sessions',
    summary: 'List sessions',
    description: 'Newest first; those in the archive or the trash are lists of their own.',
    scope: 'read',
    params: undefined,
    query: schemas.ListQuery,
    json: schemas.SessionList,
    errors: ['NOT_FOUND'],
  },
  sendMessage: {
    ...oneSession,
    method: 'POST',
    path: '/api/v2/sessions/:session/message',
    summary: 'Send a message',
    description:
      'Answers when the answer is whole, or with `stream` as it comes. While another message of the session is answered it is refused with CONFLICT.',
    body: schemas.SendMessage,
    aliases: { content: 'message' },
    json: schemas.Answer,
    events: schemas.StreamEvent,
    errors: [
      'NOT_FOUND',
      'CONFLICT',
      'EXPIRED',
      'SESSION_EXPIRED',
      'AI_UNAVAILABLE',
      'TIMEOUT',
      'STOPPED',
      'INTERRUPTED',
      'STORAGE',
    ],
  },
  getSession: {
    ...oneSession,
    method: 'GET',
    path: '/api/v2/sessions/:session',
    summary: 'Read a session',
    scope: anybody,
    json: schemas.SessionWithMessages,
  },
  changeSession: {
    ...oneSession,
    method: 'PATCH',
    path: '/api/v2/sessions/:session',
    summary: 'Change a session',
    description: 'What is absent stays as it is.',
    body: schemas.ChangeSession,
    json: schemas.Session,
    errors: ['NOT_FOUND', 'STORAGE'],
  },
  pruneSession: {
    ...oneSession,
    method: 'POST',
    path: '/api/v2/sessions/:session/prune',
    summary: 'Forget what came before',
    description: 'What is older than the newest exchanges is not sent along any more. It stays in the log.',
    body: schemas.PruneSession,
    json: schemas.SessionPruned,
    errors: ['NOT_FOUND', 'STORAGE'],
  },
  exportSession: {
    ...oneSession,
    method: 'POST',
    path: '/api/v2/sessions/:session/export',
    summary: 'Export a session',
    description: 'With its whole tree, as JSON that can be imported here or elsewhere.',
    scope: 'read',
    json: schemas.SessionDocument,
    errors: ['NOT_FOUND', 'STORAGE'],
  },
  importSession: {
    ...oneSession,
    method: 'POST',
    path: '/api/v2/sessions/import',
    summary: 'Import a session',
    description: 'From what an export gave. It gets a new id.',
    params: undefined,
    body: schemas.SessionDocument,
    status: 201,
    json: schemas.SessionImported,
    errors: ['STORAGE'],
  },
  deleteSession: {
    ...oneSession,
    method: 'DELETE',
    path: '/api/v2/sessions/:session',
    summary: 'Delete a session',
    description: 'For good, with all that was said in it.',
    json: schemas.SessionDeleted,
    errors: ['NOT_FOUND', 'STORAGE'],
  },
  getCapabilities: {
    method: 'GET',
    path: '/api/capabilities',
    group: 'About',
    summary: 'Capabilities',
    description: 'What this Choragus can do.',
    scope: anybody,
    status: 200,
    json: schemas.Capabilities,
    errors: [],
  },
  getOpenApi: {
    method: 'GET',
    path: '/api/v2/openapi.json',
    group: 'About',
    summary: 'OpenAPI document',
    description: 'All of this, for programs that make clients.',
    scope: anybody,
    status: 200,
    json: schemas.OpenApi,
    errors: [],
  },
} as const satisfies Record<string, OperationInput>;

/** An operation as it is written down; what is undefined is not there. */
type OperationInput = { [Field in keyof Operation]: Operation[Field] | undefined };

export type OperationName = keyof typeof operations;
export const operationList = Object.entries(operations) as unknown as [OperationName, Operation][];

type Output<Name extends OperationName, Field extends 'params' | 'query' | 'headers' | 'body'> =
  (typeof operations)[Name] extends Record<Field, infer Schema extends z.ZodType> ? z.output<Schema> : undefined;

/** What was asked, checked. */
export interface Asked<Name extends OperationName> {
  params: Output<Name, 'params'>;
  query: Output<Name, 'query'>;
  headers: Output<Name, 'headers'>;
  body: Output<Name, 'body'>;
}
export type Answered<Name extends OperationName> =
  (typeof operations)[Name] extends Record<'json', infer Schema extends z.ZodType> ? z.input<Schema> : never;
