import { Problem, type ProblemCode, problems } from '../domain/problem.ts';
import { isRecord } from '../kit/record.ts';

/**
 * What stands in a batch: JSON-RPC 2.0, and four notifications for streams. A stream is asked for like a call; the
 * answer `{ stream: true }` opens it under the id of the request.
 */

/** Items a peer may send before the client gives credit; the client gives it back by halves, as items are consumed. */
export const INITIAL_CREDIT = 256;
/** Most messages in one batch. */
export const MAX_BATCH = 1000;
/** Default bounds of one connection; the client keeps no more calls waiting than this either. */
export const MAX_CALLS = 1000;
export const MAX_STREAMS = 200;
export const HEARTBEAT_MS = 15_000;

export type Id = number | string;

export interface RpcError {
  code: number;
  message: string;
  data?: { code: ProblemCode; next?: string };
}

/** A message as far as it can be read without knowing any method. */
export type Incoming =
  | { kind: 'request'; id: Id; method: string; params: unknown }
  | { kind: 'notification'; method: string; params: unknown }
  | { kind: 'response'; id: Id | null; result: unknown; error: unknown }
  /** To be answered with this problem, under `id` when it has a usable one. */
  | { kind: 'invalid'; id: Id | null; problem: Problem };

const isId = (value: unknown): value is Id =>
  (typeof value === 'number' && Number.isFinite(value)) || (typeof value === 'string' && value.length <= 100);

export function read(value: unknown): Incoming {
  if (!isRecord(value)) {
    const found = Array.isArray(value) ? 'An array inside a batch' : `A bare ${value === null ? 'null' : typeof value}`;
    return invalid(null, `${found} is no message.`);
  }
  const id = isId(value.id) ? value.id : null;
  if (!('method' in value) && ('result' in value || 'error' in value))
    return { kind: 'response', id, result: value.result, error: value.error };
  if (value.jsonrpc !== '2.0') return invalid(id, 'The message lacks "jsonrpc": "2.0".');
  if (typeof value.method !== 'string') return invalid(id, 'The message has no method.');
  const params = value.params ?? {};
  if (!('id' in value)) return { kind: 'notification', method: value.method, params };
  if (id === null) return invalid(null, 'The id of a request is a number or a string of at most 100 characters.');
  return { kind: 'request', id, method: value.method, params };
}

const invalid = (id: Id | null, message: string): Incoming => ({
  kind: 'invalid',
  id,
  problem: new Problem('INVALID_REQUEST', message, 'Send JSON-RPC 2.0: jsonrpc, id, method and params.'),
});

export const request = (id: Id, method: string, params: unknown) => ({ jsonrpc: '2.0', id, method, params });
export const response = (id: Id, result: unknown) => ({ jsonrpc: '2.0', id, result: result ?? null });
export const failure = (id: Id | null, problem: Problem) => ({ jsonrpc: '2.0', id, error: toError(problem) });

export const items = (id: Id, batch: readonly unknown[]) => notification('stream.items', { id, items: batch });
/** The JSON of the same, of items that are JSON already. */
export const itemsText = (id: Id, texts: readonly string[]): string =>
  `{"jsonrpc":"2.0","method":"stream.items","params":{"id":${JSON.stringify(id)},"items":[${texts.join(',')}]}}`;
export const end = (id: Id, problem?: Problem) =>
  notification('stream.end', problem === undefined ? { id } : { id, error: toError(problem) });
export const credit = (id: Id, n: number) => notification('stream.credit', { id, n });
export const cancel = (id: Id) => notification('stream.cancel', { id });

const notification = (method: string, params: object) => ({ jsonrpc: '2.0', method, params });

export function toError(problem: Problem): RpcError {
  const data = problem.next === undefined ? { code: problem.code } : { code: problem.code, next: problem.next };
  return { code: problems[problem.code].rpc, message: problem.message, data };
}

/** Reads any peer's error, ours or a foreign one with nothing but a number. */
export function fromError(error: unknown): Problem {
  const { code, message, data } = isRecord(error) ? error : {};
  const { code: name, next } = isRecord(data) ? data : {};
  return new Problem(
    isCode(name) ? name : (byNumber.get(code as number) ?? 'INTERNAL'),
    typeof message === 'string' ? message : 'The other end reported an error without saying which.',
    typeof next === 'string' ? next : undefined,
  );
}

const isCode = (value: unknown): value is ProblemCode => typeof value === 'string' && Object.hasOwn(problems, value);
const byNumber = new Map(Object.entries(problems).map(([code, { rpc }]) => [rpc as number, code as ProblemCode]));
