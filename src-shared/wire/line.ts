import { type CallResult, calls, PROTOCOL } from '../contract/contract.ts';
import { Problem } from '../domain/problem.ts';
import type { Clock } from '../kit/clock.ts';
import { isRecord } from '../kit/record.ts';
import { Heartbeat } from './heartbeat.ts';
import * as messages from './messages.ts';
import { Outbox } from './outbox.ts';
import type { Pipe } from './pipe.ts';

export type Hello = CallResult<'server.hello'>;

export interface LineOptions {
  client: { name: string; version: string };
  clock: Clock;
  /** Ids are never used twice, not even on another line. */
  newId: () => messages.Id;
  /** Both ends know each other; messages come from now on. */
  ready: (hello: Hello) => void;
  message: (value: unknown) => void;
  /** Called once, whether it was ever ready or not. */
  lost: (problem: Problem) => void;
}

/** The client's end of one connection, from the hello to its loss. */
export class Line {
  readonly #pipe: Pipe;
  readonly #options: LineOptions;
  readonly #outbox: Outbox;
  readonly #greeting: messages.Id;
  #heartbeat: Heartbeat | undefined;
  #refusal: Problem | undefined;

  constructor(pipe: Pipe, options: LineOptions) {
    this.#pipe = pipe;
    this.#options = options;
    this.#outbox = new Outbox(pipe);
    this.#greeting = options.newId();
    pipe.listen({
      message: (batch) => {
        this.#heartbeat?.heard();
        for (const value of batch) this.#receive(value);
      },
      // Something is missing now, and a pipe replays nothing: follows resume by their cursors on a new connection.
      garbled: (_code, message) => pipe.close(`What came could not be read: ${message}`),
      drained: () => {},
      closed: (reason) => {
        this.#heartbeat?.stop();
        options.lost(this.#refusal ?? lost(reason));
      },
    });
    this.send(messages.request(this.#greeting, 'server.hello', { protocol: PROTOCOL, client: options.client }));
  }

  send(message: unknown): void {
    this.#heartbeat?.said();
    this.#outbox.push(message);
  }

  close(reason: string): void {
    this.#pipe.close(reason);
  }

  #receive(value: unknown): void {
    if (this.#heartbeat !== undefined) this.#options.message(value);
    else if (isRecord(value) && value.id === this.#greeting) this.#greeted(value);
  }

  #greeted(answer: Record<string, unknown>): void {
    const hello = calls['server.hello'].result.safeParse(answer.result);
    if ('error' in answer) this.#refuse(messages.fromError(answer.error));
    else if (!hello.success || hello.data.protocol !== PROTOCOL) this.#refuse(otherProtocol());
    else {
      this.#watch(hello.data.heartbeatMs);
      this.#options.ready(hello.data);
    }
  }

  #refuse(problem: Problem): void {
    this.#refusal = problem;
    this.close('The hello failed.');
  }

  #watch(ms: number): void {
    this.#heartbeat = new Heartbeat({
      clock: this.#options.clock,
      ms,
      quiet: () => this.send(messages.request(this.#options.newId(), 'server.ping', {})),
      dead: () => this.close(`Nothing was heard for ${2 * ms} ms.`),
    });
  }
}

const lost = (reason: string) =>
  new Problem('DISCONNECTED', `The connection was lost: ${reason}`, 'It is made again by itself.');
const otherProtocol = () =>
  new Problem(
    'UNSUPPORTED',
    'This program and the Choragus that answers do not speak the same protocol.',
    'Reload the page, or update the older of the two.',
  );
