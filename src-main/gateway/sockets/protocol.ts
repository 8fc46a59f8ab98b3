import type { RawData } from 'ws';
import { z } from 'zod';
import { MAX_FRAME, MAX_TEXT } from '#shared/contract/contract.ts';
import { TopicPattern } from '#shared/contract/topics.ts';
import { Problem } from '#shared/domain/problem.ts';
import { Parameters } from '#shared/domain/things.ts';

/** Requests of one socket that are answered at the same time, and requests in one batch. */
export const MOST_REQUESTS = 64;

export type RequestId = string | number | null;

/** `id` undefined: nobody waits for an answer. */
export interface Request {
  id: RequestId | undefined;
  method: string;
  params: unknown;
}

/** What is wrong with one message; `id` as far as it could be read. */
interface Misread {
  id: RequestId;
  problem: Problem;
}

export type Message = Request | Misread;

const { temperature, maxTokens } = Parameters.shape;
const cursor = z.string().regex(/^[\w-]+:\d+$/, 'must be a cursor that was told before');
const turn = z.string().min(1).max(64);
const ask = z.object({
  message: z.string().min(1).max(MAX_TEXT),
  temperature,
  max_tokens: maxTokens,
  session_id: z.string().min(1).max(64).nullish(),
});
export type Ask = z.output<typeof ask>;

/** Every method with its params. */
const methods = {
  chat: ask,
  stream: ask,
  /** Goes on with a stream, also one of another connection; from its beginning without a cursor. */
  resume: z.object({ turn_id: turn, cursor: cursor.optional() }),
  /** Ends a turn that is streamed on this socket. */
  stop: z.object({ turn_id: turn }),
  ping: z.unknown(),
  subscribe: z.object({ topics: z.array(TopicPattern).min(1).max(50), cursor: cursor.optional() }),
  /** All of them when none is named. */
  unsubscribe: z.object({ topics: z.array(TopicPattern).max(50).optional() }).optional(),
} as const;
export type Method = keyof typeof methods;
export type Params<M extends Method> = z.output<(typeof methods)[M]>;

/** One frame: a message, or a batch of them, which is answered as one. */
export function read(data: RawData, binary: boolean): { batch: boolean; messages: Message[] } {
  const one = (problem: Problem) => ({ batch: false, messages: [{ id: null, problem }] });
  if (binary) return one(invalid('A binary frame came.', 'Send JSON as text.'));
  if (!Array.isArray(data) && data.byteLength > MAX_FRAME)
    return one(new Problem('FRAME_TOO_LARGE', `A frame is over ${MAX_FRAME} bytes.`, 'Send less at once.'));
  let frame: unknown;
  try {
    frame = JSON.parse(String(data));
  } catch {
    return one(new Problem('PARSE', 'A frame is no JSON.', 'Send JSON-RPC 2.0.'));
  }
  if (!Array.isArray(frame)) return { batch: false, messages: [readMessage(frame)] };
  if (frame.length === 0) return one(invalid('A batch is empty.', 'Put at least one request into it.'));
  if (frame.length > MOST_REQUESTS)
    return one(invalid(`A batch holds more than ${MOST_REQUESTS} requests.`, 'Send several.'));
  return { batch: true, messages: frame.map(readMessage) };
}

function readMessage(value: unknown): Message {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { id: null, problem: invalid('A request must be an object.', 'Send JSON-RPC 2.0.') };
  const { jsonrpc, id, method, params } = value as Record<string, unknown>;
  const known = id === undefined || id === null || typeof id === 'string' || typeof id === 'number';
  if (known && jsonrpc === '2.0' && typeof method === 'string') return { id, method, params };
  const what = !known
    ? 'id must be a string or a number'
    : jsonrpc === '2.0'
      ? 'method is missing'
      : 'jsonrpc is not 2.0';
  return { id: known ? (id ?? null) : null, problem: invalid(`In a request ${what}.`, 'Send JSON-RPC 2.0.') };
}

/** Throws UNKNOWN_METHOD. */
export function methodOf(name: string): Method {
  if (Object.hasOwn(methods, name)) return name as Method;
  const known = Object.keys(methods).join(', ');
  throw new Problem('UNKNOWN_METHOD', `There is no method ${name.slice(0, 100)}.`, `There are ${known}.`);
}

/** Throws INVALID_PARAMS. */
export function paramsOf<M extends Method>(method: M, params: unknown): Params<M> {
  const result = methods[method].safeParse(params);
  if (result.success) return result.data as Params<M>;
  const [issue] = result.error.issues;
  const where = ['params', ...issue!.path].join('.');
  throw new Problem('INVALID_PARAMS', `${method}: ${where}: ${issue!.message}.`, 'Correct the request.');
}

const invalid = (message: string, next: string) => new Problem('INVALID_REQUEST', message, next);
