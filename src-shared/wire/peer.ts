import type { z } from 'zod';
import { MAX_FRAME, MAX_TEXT, PROTOCOL } from '../contract/contract.ts';
import { Problem } from '../domain/problem.ts';
import type { Clock } from '../kit/clock.ts';
import { isRecord } from '../kit/record.ts';
import { Feed } from './feed.ts';
import { FRAME_REMEDY, fits, tooLarge } from './frame.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Id } from './messages.ts';
import * as messages from './messages.ts';
import { Outbox, type Sender } from './outbox.ts';
import type { Pipe, PipeListener } from './pipe.ts';
import type { Source } from './source.ts';
import type { Context, Contract, Handlers } from './table.ts';

export interface ServeOptions<C extends Contract> {
  contract: C;
  handlers: NoInfer<Handlers<C>>;
  clock: Clock;
  /** The client pings after this much silence; after twice as much the peer closes. */
  heartbeatMs?: number;
  /** Bounds of this connection: streams open, and calls not yet answered. */
  maxStreams?: number;
  maxCalls?: number;
  /** Called once; all sources are closed by then. */
  onClose?: (reason: string) => void;
  /** Throws a Problem for what this client may not ask; asked before its params are looked at. */
  allow?: (name: string) => void;
  /** Hears of errors that are bugs, and of messages that could not be understood; never of their content. */
  log?: (what: string, error?: unknown) => void;
}

export interface Peer {
  readonly context: Context;
  /** Streams open and calls running. */
  readonly streams: number;
  readonly calls: number;
  close(reason?: string): void;
}

/** Answers at one end of a pipe until it closes. Leaving a stream or a connection ends follows, never a turn. */
export function serve<C extends Contract>(pipe: Pipe, options: ServeOptions<C>): Peer {
  return new Connection(pipe, options as unknown as ServeOptions<Contract>);
}

/** The handlers, once the contract has done its part. */
interface Functions {
  calls: Record<string, (params: unknown, context: Context) => Promise<unknown>>;
  streams: Record<string, (params: unknown, context: Context) => Promise<Source<unknown>>>;
}

/** It is its own listener and sender: of ten thousand idle ones each has as little as can be. */
class Connection implements Peer, PipeListener, Sender {
  readonly context: LazyContext;
  readonly #pipe: Pipe;
  readonly #contract: Contract;
  readonly #handlers: Functions;
  readonly #options: ServeOptions<Contract>;
  readonly #outbox: Outbox;
  readonly #heartbeat: Heartbeat;
  readonly #heartbeatMs: number;
  readonly #calls = new Set<Id>();
  readonly #feeds = new Map<Id, Feed>();
  #greeting: 'awaited' | 'running' | 'done' = 'awaited';
  #closed = false;

  constructor(pipe: Pipe, options: ServeOptions<Contract>) {
    this.#pipe = pipe;
    this.#options = options;
    this.#contract = options.contract;
    this.#handlers = options.handlers as unknown as Functions;
    this.#heartbeatMs = options.heartbeatMs ?? messages.HEARTBEAT_MS;
    this.context = new LazyContext();
    this.#outbox = new Outbox(this);
    this.#heartbeat = new Heartbeat({
      clock: options.clock,
      ms: this.#heartbeatMs,
      dead: () => this.close(`Nothing was heard for ${2 * this.#heartbeatMs} ms.`),
    });
    pipe.listen(this);
  }

  message(batch: unknown[]): void {
    this.#heartbeat.heard();
    const most = messages.MAX_BATCH;
    if (batch.length === 0) this.#refuse(null, invalid('A batch is empty.', 'Send at least one message.'));
    else if (batch.length > most) {
      const what = `A batch of ${batch.length} messages is over the limit of ${most}; none was read.`;
      this.#refuse(null, invalid(what, 'Send them in several batches.'));
    } else for (const value of batch) if (!this.#closed) this.#read(messages.read(value));
  }

  garbled(code: 'PARSE' | 'FRAME_TOO_LARGE', message: string): void {
    const next = code === 'PARSE' ? 'Send one JSON text per frame.' : FRAME_REMEDY;
    this.#refuse(null, new Problem(code, message, next));
  }

  drained(): void {
    for (const feed of [...this.#feeds.values()]) feed.step();
  }

  closed(reason: string): void {
    this.#closed = true;
    this.#heartbeat.stop();
    this.context.end();
    for (const feed of [...this.#feeds.values()]) feed.close();
    this.#options.onClose?.(reason);
  }

  send(batch: readonly unknown[]): void {
    this.#pipe.send(batch);
  }

  sent(): void {
    for (const feed of [...this.#feeds.values()]) feed.sent();
  }

  get streams(): number {
    return this.#feeds.size;
  }

  get calls(): number {
    return this.#calls.size;
  }

  close(reason?: string): void {
    this.#pipe.close(reason);
  }

  #read(message: messages.Incoming): void {
    if (message.kind === 'request') {
      try {
        this.#request(message.id, message.method, message.params);
      } catch (error) {
        this.#refuse(message.id, error);
      }
    } else if (message.kind === 'notification') this.#note(message.method, message.params);
    else if (message.kind === 'invalid') this.#refuse(message.id, message.problem);
    else this.#options.log?.('A response came that nobody had asked for.');
  }

  /** Notifications are never answered: unknown ones are skipped, and ids may be of streams that just ended. */
  #note(method: string, params: unknown): void {
    const { id, n } = isRecord(params) ? params : {};
    const feed = this.#feeds.get(id as Id);
    if (method === 'stream.cancel') feed?.close();
    else if (method === 'stream.credit' && Number.isSafeInteger(n) && (n as number) > 0) feed?.give(n as number);
    else this.#options.log?.('A notification came that is not in the contract.');
  }

  #request(id: Id, method: string, params: unknown): void {
    if (this.#calls.has(id) || this.#feeds.has(id))
      throw invalid(`The id ${JSON.stringify(id)} is in use on this connection.`, 'Take a new id for each request.');
    if (this.#greeting !== 'done' && method !== 'server.hello')
      throw invalid(`"${method.slice(0, 100)}" came before the answer to server.hello.`, 'Call server.hello first.');
    if (Object.hasOwn(this.#contract.calls, method)) {
      this.#options.allow?.(method);
      const checked = check(this.#contract.calls[method]!.params, method, params);
      this.#limit(this.#calls.size, this.#options.maxCalls ?? messages.MAX_CALLS, 'calls', 'Wait for an answer');
      this.#call(id, method, checked);
    } else if (Object.hasOwn(this.#contract.streams, method)) {
      this.#options.allow?.(method);
      const checked = check(this.#contract.streams[method]!.params, method, params);
      this.#limit(this.#feeds.size, this.#options.maxStreams ?? messages.MAX_STREAMS, 'streams', 'Cancel one');
      this.#open(id, method, checked);
    } else {
      const what = `There is no call or stream "${method.slice(0, 100)}".`;
      throw new Problem('UNKNOWN_METHOD', what, 'Look at the contract of this version for what there is.');
    }
  }

  #limit(used: number, most: number, what: string, remedy: string): void {
    if (used >= most)
      throw new Problem('LIMIT', `This connection has its limit of ${most} ${what}.`, `${remedy} first.`);
  }

  async #call(id: Id, method: string, params: unknown): Promise<void> {
    this.#calls.add(id);
    try {
      const result = await this.#answer(method, params);
      if (!fits(result)) throw tooLarge(`The result of ${method}`);
      this.#say(messages.response(id, result));
    } catch (error) {
      this.#refuse(id, error);
    } finally {
      this.#calls.delete(id);
    }
  }

  #answer(method: string, params: unknown): unknown {
    if (method === 'server.hello') return this.#hello(params as Greeting);
    if (method === 'server.ping') return {};
    return this.#handlers.calls[method]!(params, this.context);
  }

  async #hello(params: Greeting): Promise<unknown> {
    if (this.#greeting !== 'awaited') throw invalid('server.hello came twice.', 'Say it once, at the beginning.');
    if (params.protocol !== PROTOCOL) {
      const what = `This Choragus speaks protocol ${PROTOCOL}, the program that connected ${params.protocol}.`;
      const newer = params.protocol > PROTOCOL;
      throw new Problem('UNSUPPORTED', what, newer ? 'Update Choragus.' : 'Reload the page, or update that program.');
    }
    this.#greeting = 'running';
    try {
      this.context.client = params.client;
      const result = (await this.#handlers.calls['server.hello']!(params, this.context)) as object;
      this.#greeting = 'done';
      const limits = { frame: MAX_FRAME, text: MAX_TEXT };
      return { ...result, protocol: PROTOCOL, heartbeatMs: this.#heartbeatMs, limits };
    } finally {
      if (this.#greeting === 'running') this.#greeting = 'awaited';
    }
  }

  async #open(id: Id, method: string, params: unknown): Promise<void> {
    const feed = new Feed({
      id,
      clock: this.#options.clock,
      outbox: this.#outbox,
      congested: () => this.#pipe.congested,
      over: () => this.#feeds.delete(id),
      log: (what, error) => this.#options.log?.(what, error),
    });
    this.#feeds.set(id, feed);
    try {
      const source = await this.#handlers.streams[method]!(params, this.context);
      if (this.#feeds.get(id) === feed) this.#say(messages.response(id, { stream: true }));
      feed.open(source);
    } catch (error) {
      if (this.#feeds.get(id) === feed) this.#refuse(id, error);
      feed.close();
    }
  }

  #refuse(id: Id | null, error: unknown): void {
    if (!(error instanceof Problem)) this.#options.log?.('A request failed.', error);
    this.#say(messages.failure(id, Problem.of(error)));
  }

  #say(message: unknown): void {
    if (!this.#closed) this.#outbox.push(message);
  }
}

/** Most connections never need a signal. */
class LazyContext implements Context {
  client = unknown;
  #gone: AbortController | undefined;
  #ended = false;

  get signal(): AbortSignal {
    if (this.#gone === undefined) {
      this.#gone = new AbortController();
      if (this.#ended) this.#gone.abort();
    }
    return this.#gone.signal;
  }

  end(): void {
    this.#ended = true;
    this.#gone?.abort();
  }
}

const unknown: Context['client'] = { name: 'unknown', version: '' };

interface Greeting {
  protocol: number;
  client: Context['client'];
}

const invalid = (message: string, next: string) => new Problem('INVALID_REQUEST', message, next);

/** Names the places that are wrong, never what stood there. */
function check(schema: z.ZodType, method: string, params: unknown): unknown {
  const checked = schema.safeParse(params);
  if (checked.success) return checked.data;
  const issues = checked.error.issues.slice(0, 3);
  const places = issues.map(({ path, message }) => `${['params', ...path].join('.')}: ${message}`);
  throw new Problem('INVALID_PARAMS', `${method}: ${places.join('; ')}.`, 'Correct the parameters and call again.');
}
