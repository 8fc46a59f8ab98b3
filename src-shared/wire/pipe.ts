/**
 * A pipe only sends and receives batches of JSON values, in order. It replays nothing and knows no protocol. `closed`
 * happens exactly once, whoever closed; after it nothing arrives and sending does nothing.
 */
export interface Pipe {
  send(batch: readonly unknown[]): void;
  /** True while the far end or the socket is behind: hold what can be held (items of streams), send what cannot. */
  readonly congested: boolean;
  /** Bytes, or characters, that the far end has not taken yet, as far as is known. */
  readonly waiting: number;
  close(reason?: string): void;
  /** Set once, before anything can arrive, by whoever owns the pipe. */
  listen(listener: PipeListener): void;
}

export interface PipeListener {
  /** `batch` is not checked: anything may stand in it. */
  message(batch: unknown[]): void;
  /** Something arrived that is no JSON or too large; the pipe goes on. */
  garbled(code: 'PARSE' | 'FRAME_TOO_LARGE', message: string): void;
  /** No longer congested. */
  drained(): void;
  closed(reason: string): void;
}
