/**
 * Everything that can go wrong and be told to somebody. The code is stable, the message says what happened and
 * where, `next` what to do about it. `rpc` is the JSON-RPC error number, `http` the status a gateway answers.
 */
export const problems = {
  PARSE: { rpc: -32700, http: 400 },
  INVALID_REQUEST: { rpc: -32600, http: 400 },
  UNKNOWN_METHOD: { rpc: -32601, http: 404 },
  INVALID_PARAMS: { rpc: -32602, http: 400 },
  INTERNAL: { rpc: -32603, http: 500 },
  FRAME_TOO_LARGE: { rpc: -32001, http: 413 },
  UNAUTHORIZED: { rpc: -32002, http: 401 },
  NOT_FOUND: { rpc: -32003, http: 404 },
  CONFLICT: { rpc: -32004, http: 409 },
  EXPIRED: { rpc: -32005, http: 410 },
  BUSY: { rpc: -32006, http: 409 },
  NEEDS_MODEL: { rpc: -32007, http: 409 },
  LIMIT: { rpc: -32008, http: 429 },
  DISCONNECTED: { rpc: -32009, http: 503 },
  TIMEOUT: { rpc: -32010, http: 504 },
  STORAGE: { rpc: -32011, http: 507 },
  UNSUPPORTED: { rpc: -32012, http: 400 },
  STOPPED: { rpc: -32013, http: 499 },
  /** Known who asks, and not allowed to: the access token lacks a scope. */
  FORBIDDEN: { rpc: -32014, http: 403 },
  /** Asked too often; it may be asked again soon. */
  RATE_LIMITED: { rpc: -32015, http: 429 },
  /** The provider refused before it said anything: key, quota, request, model. */
  PROVIDER_REFUSED: { rpc: -32020, http: 502 },
  /** The provider cannot be reached: name, port, TLS, network. */
  PROVIDER_UNREACHABLE: { rpc: -32021, http: 502 },
  PROVIDER_RATE_LIMITED: { rpc: -32022, http: 429 },
  /** It broke off in mid-stream: reset, or an end without a finish. */
  PROVIDER_BROKE_OFF: { rpc: -32023, http: 502 },
  /** It reported an error of its own, before or in the stream. */
  PROVIDER_FAILED: { rpc: -32024, http: 502 },
  /** It sent what its dialect does not know: HTML, broken JSON, an endless line. */
  PROVIDER_GARBLED: { rpc: -32025, http: 502 },
  PROVIDER_STALLED: { rpc: -32026, http: 504 },
  PROVIDER_CANNOT_STREAM: { rpc: -32027, http: 502 },
  /** It answered with nothing at all. */
  PROVIDER_EMPTY: { rpc: -32028, http: 502 },
} as const;

export type ProblemCode = keyof typeof problems;

export interface ProblemBody {
  code: ProblemCode;
  /** One sentence: what happened, where. Never a key, an access token or message content. */
  message: string;
  /** One sentence: what to do next. */
  next?: string | undefined;
}

/** The one error class that crosses rooms. What is not a Problem is a bug and is told as INTERNAL. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly next: string | undefined;

  constructor(code: ProblemCode, message: string, next?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Problem';
    this.code = code;
    this.next = next;
  }

  toBody(): ProblemBody {
    return this.next === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, next: this.next };
  }

  static of(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return new Problem('INTERNAL', 'Choragus made an error here.', 'Try again; the log file has the details.', {
      cause: error,
    });
  }
}
