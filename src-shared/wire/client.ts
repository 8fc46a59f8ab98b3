import { z } from 'zod';
import { Problem } from '../domain/problem.ts';
import type { Clock } from '../kit/clock.ts';
import type { Random } from '../kit/ids.ts';
import { isRecord } from '../kit/record.ts';
import { AGAIN_MS, Calls } from './calls.ts';
import { Follow } from './follow.ts';
import { fits, tooLarge } from './frame.ts';
import type { CommandStore, Keep, KeptCommand } from './kept.ts';
import { type Hello, Line } from './line.ts';
import type { Id } from './messages.ts';
import * as messages from './messages.ts';
import type { Pipe } from './pipe.ts';
import { type ClientState, Reconnect, type Schedule, type Try } from './reconnect.ts';
import type { CallsOf, Contract, ItemOut, ParamsIn, ProductContract, ResultOut, StreamsOf } from './table.ts';

export type { ClientState } from './reconnect.ts';

export interface ConnectOptions<C extends Contract> {
  /** Makes a pipe that is open. Rejecting with UNAUTHORIZED ends the tries. */
  open: (signal: AbortSignal) => Promise<Pipe>;
  contract: C;
  client: { name: string; version: string };
  clock: Clock;
  random: Random;
  onState?: (state: ClientState) => void;
  /** When to try again; gently when absent. */
  retry?: Schedule;
  /**
   * Where commands outlive this program: each is put there before it is sent, and stays until the server has decided on
   * it. What an earlier program left is sent again with the same ids, in order, before what is asked now. Commands that
   * carry a secret are never put there.
   */
  kept?: CommandStore;
  /** What an earlier program left, and what becomes of it: its result, or the Problem with which it was refused. */
  onKept?: (command: KeptCommand, outcome: Promise<unknown>) => void;
  /** The store failed. Commands go on, and those under way would not survive. */
  onUnkept?: (error: unknown) => void;
}

export interface CallOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Safe to ask twice, and therefore asked again after a lost connection. A call with a `command` always is. */
  retry?: boolean;
  /**
   * Of a command that is kept. Without it, whoever waits is told that the connection was refused, and the command is
   * sent once there is one; with it, only what becomes of the command is told.
   */
  keep?: Keep;
}

interface FollowListeners {
  /** The server ended or refused it, or an item could not be read; nothing comes after. */
  onProblem?: (problem: Problem) => void;
  /** The stream came to its end. */
  onEnd?: () => void;
}

export interface Client<C extends Contract = ProductContract> {
  readonly state: ClientState;
  /** What the server said about itself at the last connection. */
  readonly hello: Hello | null;
  /** Rejects with a Problem. Made while not connected, it waits. */
  call<M extends CallsOf<C>>(
    method: M,
    params: ParamsIn<C['calls'][M]>,
    options?: CallOptions,
  ): Promise<ResultOut<C['calls'][M]>>;
  /**
   * Items from now until `close` or the end of the stream, through lost connections: `params` is asked at each
   * connect, for the cursor to go on from. The next batch waits until `onItems` has resolved.
   */
  follow<S extends StreamsOf<C>>(
    method: S,
    params: () => ParamsIn<C['streams'][S]>,
    onItems: (items: ItemOut<C['streams'][S]>[]) => void | Promise<void>,
    listeners?: FollowListeners,
  ): { close(): void };
  /** Drops a command that was refused and kept, or was never sent. False: it is under way and can only be awaited. */
  forget(command: string): boolean;
  retryNow(): void;
  /** Whoever waits for an answer is told; what is kept stays kept. */
  close(): void;
}

export function connect<C extends Contract>(options: ConnectOptions<C>): Client<C> {
  return new RpcClient(options) as unknown as Client<C>;
}

class RpcClient {
  readonly #options: ConnectOptions<Contract>;
  readonly #reconnect: Reconnect;
  readonly #calls: Calls;
  readonly #follows = new Set<Follow>();
  readonly #streams = new Map<Id, Follow>();
  readonly #schemas = new Map<string, z.ZodType<unknown[]>>();
  #line: Line | undefined;
  #lastId = 0;
  hello: Hello | null = null;

  constructor(options: ConnectOptions<Contract>) {
    this.#options = options;
    this.#calls = new Calls({
      clock: options.clock,
      newId: () => this.#newId(),
      store: options.kept,
      found: options.onKept,
      unkept: options.onUnkept,
    });
    this.#reconnect = new Reconnect({
      dial: (attempt) => void this.#dial(attempt),
      clock: options.clock,
      random: options.random,
      ...(options.retry && { schedule: options.retry }),
      changed: (state) => {
        if (state.kind === 'refused') this.#calls.rejectAll(state.problem!);
        options.onState?.(state);
      },
    });
    this.#reconnect.start();
  }

  get state(): ClientState {
    return this.#reconnect.state;
  }

  retryNow(): void {
    this.#reconnect.retryNow();
  }

  close(): void {
    if (this.state.kind === 'closed') return;
    this.#reconnect.close();
    for (const follow of this.#follows) follow.close();
    this.#calls.close(closedProblem());
    this.#line?.close('The client was closed.');
    this.#line = undefined;
  }

  forget(command: string): boolean {
    return this.#calls.forget(command);
  }

  async call(method: string, params: object, options: CallOptions = {}): Promise<unknown> {
    if (options.signal?.aborted) throw givenUp(method);
    const kept = this.#calls.keptOf(method, params, options.keep);
    this.#mayCall(method, params, kept?.keep !== undefined);
    const { signal, timeoutMs } = options;
    const id = this.#newId();
    const cleanups: (() => void)[] = [];
    const again = options.retry === true || 'command' in params;
    try {
      return await new Promise((resolve, reject) => {
        if (timeoutMs !== undefined)
          cleanups.push(this.#options.clock.after(timeoutMs, () => reject(timedOut(method, timeoutMs))));
        if (signal !== undefined) {
          const abort = () => reject(givenUp(method));
          signal.addEventListener('abort', abort, { once: true });
          cleanups.push(() => signal.removeEventListener('abort', abort));
        }
        this.#calls.add({ id, method, params, again, sent: false, wasSent: false, kept, resolve, reject });
      });
    } finally {
      this.#calls.leave(id);
      for (const clean of cleanups) clean();
    }
  }

  follow(
    method: string,
    params: () => unknown,
    onItems: (items: never) => void | Promise<void>,
    { onProblem, onEnd }: FollowListeners = {},
  ): { close(): void } {
    const follow = new Follow({
      method,
      params,
      schema: this.#schema(method),
      onItems,
      onProblem,
      onEnd,
      request: (follow, params) => {
        const id = this.#newId();
        this.#streams.set(id, follow);
        this.#line!.send(messages.request(id, method, params));
        return id;
      },
      send: (message) => this.#line?.send(message),
      later: (run) => void this.#options.clock.after(AGAIN_MS, run),
      forget: (follow, id) => {
        this.#follows.delete(follow);
        if (id !== null) this.#streams.delete(id);
      },
    });
    if (this.state.kind === 'closed') return follow;
    this.#follows.add(follow);
    if (this.#line !== undefined) follow.attach();
    return follow;
  }

  async #dial(attempt: Try): Promise<void> {
    try {
      const pipe = await this.#options.open(attempt.signal);
      const giveUp = () => pipe.close('The try to connect was given up.');
      if (attempt.signal.aborted) giveUp();
      else attempt.signal.addEventListener('abort', giveUp, { once: true });
      const line = new Line(pipe, {
        client: this.#options.client,
        clock: this.#options.clock,
        newId: () => this.#newId(),
        ready: (hello) => this.#ready(line, hello, attempt),
        message: (value) => this.#receive(value),
        lost: (problem) => (this.#line === line ? this.#lost(problem) : attempt.failed(problem)),
      });
    } catch (error) {
      attempt.failed(Problem.of(error));
    }
  }

  #ready(line: Line, hello: Hello, attempt: Try): void {
    this.hello = hello;
    this.#line = line;
    this.#calls.attach(({ id, method, params }) => line.send(messages.request(id, method, params)));
    for (const follow of [...this.#follows]) follow.attach();
    attempt.connected();
  }

  #lost(problem: Problem): void {
    this.#line = undefined;
    this.#streams.clear();
    for (const follow of this.#follows) follow.detach();
    this.#calls.detach(({ method }) => unanswered(method));
    this.#reconnect.lost(problem);
  }

  /** What cannot be understood here is skipped: answering it could begin an endless exchange. */
  #receive(value: unknown): void {
    if (!isRecord(value)) return;
    if (typeof value.method === 'string') {
      const { id, items, error } = isRecord(value.params) ? value.params : {};
      const follow = this.#streams.get(id as Id);
      if (value.method === 'stream.items') follow?.items(items);
      else if (value.method === 'stream.end') {
        this.#streams.delete(id as Id);
        follow?.ended(error);
      }
    } else if ('result' in value || 'error' in value) this.#answered(value);
  }

  #answered(message: Record<string, unknown>): void {
    const id = message.id as Id;
    const follow = this.#streams.get(id);
    if ('error' in message) this.#streams.delete(id);
    follow?.answered(message);
    const call = this.#calls.get(id);
    if (call === undefined) return;
    const result = this.#options.contract.calls[call.method]!.result.safeParse(message.result);
    if ('error' in message) this.#calls.refused(call, messages.fromError(message.error));
    else if (result.success) this.#calls.answered(call, result.data);
    else this.#calls.refused(call, misread(call.method, result.error.issues[0]?.path ?? []));
  }

  /** `patient`: it is kept and waits as long as it takes. */
  #mayCall(method: string, params: object, patient: boolean): void {
    const { kind, problem } = this.state;
    if (kind === 'closed') throw closedProblem();
    if (kind === 'refused' && !patient) throw problem!;
    if (this.#calls.size >= messages.MAX_CALLS && !patient)
      throw new Problem('LIMIT', `${messages.MAX_CALLS} calls are waiting already.`, 'Wait for answers first.');
    if (!fits(params)) throw tooLarge(`What ${method} was to send`);
  }

  #schema(method: string): z.ZodType<unknown[]> {
    let schema = this.#schemas.get(method);
    if (schema === undefined) {
      schema = z.array(this.#options.contract.streams[method]!.item);
      this.#schemas.set(method, schema);
    }
    return schema;
  }

  #newId(): Id {
    this.#lastId += 1;
    return this.#lastId;
  }
}

const closedProblem = () => new Problem('DISCONNECTED', 'This client was closed.', 'Connect anew.');
const givenUp = (method: string) => new Problem('STOPPED', `Nobody waits for ${method} any more.`);
const timedOut = (method: string, ms: number) =>
  new Problem('TIMEOUT', `No answer to ${method} within ${ms} ms.`, 'It may still take effect: look, then try again.');
const unanswered = (method: string) =>
  new Problem(
    'DISCONNECTED',
    `The connection was lost before ${method} was answered.`,
    'The connection is made again by itself; then try again.',
  );
const misread = (method: string, path: PropertyKey[]) =>
  new Problem(
    'UNSUPPORTED',
    `The answer to ${method} is not what this version expects (${['result', ...path].join('.')}).`,
    'Reload the page, or update the older of the two programs.',
  );
