import type { RawData, WebSocket } from 'ws';
import { Problem } from '#shared/domain/problem.ts';
import type { Caller, Guest } from '../../compose.ts';
import type { AreaContext } from '../area.ts';
import { canonicalId } from '../models.ts';
import { Detailed, type Failure, failureOf } from './failure.ts';
import { Flow } from './flow.ts';
import { type Message, MOST_REQUESTS, methodOf, paramsOf, type Request, read } from './protocol.ts';
import { Followed } from './topics.ts';
import { type Carried, Turns } from './turns.ts';

/** The answer to one message, if anybody waits for it, and what begins once it is sent. */
interface Answer {
  frame: object | null;
  after?: (() => void) | undefined;
}

/** As usual: somebody wanted it. */
const CLOSED = 1000;

/** One socket of one specialist: requests in, answers and notifications out. */
export class Conversation {
  readonly #context: AreaContext;
  readonly #caller: Caller;
  readonly #guest: Guest;
  readonly #flow: Flow;
  readonly #turns: Turns;
  readonly #followed: Followed;
  /** The specialist as other programs know it. */
  readonly #name: string;
  /** Requests that are being answered by a turn. */
  #busy = 0;

  /** Throws LIMIT. */
  constructor(socket: WebSocket, specialist: string, caller: Caller, context: AreaContext) {
    this.#context = context;
    this.#caller = caller;
    this.#name = canonicalId(specialist);
    // Messages are counted here, not what they are translated to.
    const { budget: _, ...who } = caller;
    const guest = context.choragus.admit(who, { name: 'unknown', version: '' }, () => socket.bufferedAmount);
    const flow = new Flow(socket, context.clock);
    const notify = (method: string, params: object) => flow.send({ jsonrpc: '2.0', method, params });
    const failure = (error: unknown) => this.#failure(error);
    this.#guest = guest;
    this.#flow = flow;
    this.#turns = new Turns({ guest, flow, newId: context.newId, specialist, name: this.#name, notify, failure });
    this.#followed = new Followed({
      guest,
      scopes: caller.scopes,
      flow,
      tell: (item) => notify('event', item),
      failed: (error, topics, cursor) => notify('subscribe.error', { topics, cursor, ...failure(error) }),
    });
    guest.signal.addEventListener('abort', () => socket.close(CLOSED, guest.signal.reason.message.slice(0, 40)));
    socket.on('error', () => {});
    socket.on('close', () => guest.leave());
    socket.on('message', (data, binary) => void this.#hear(data, binary));
  }

  /** How it stands in the list of connections. */
  get connection(): Guest['connection'] {
    return this.#guest.connection;
  }

  async #hear(data: RawData, binary: boolean): Promise<void> {
    const { batch, messages } = read(data, binary);
    const answers = await Promise.all(messages.map((message) => this.#answer(message)));
    const frames = answers.map(({ frame }) => frame).filter((frame) => frame !== null);
    if (frames.length > 0) this.#flow.send(batch ? frames : frames[0]!);
    for (const { after } of answers) after?.();
  }

  async #answer(message: Message): Promise<Answer> {
    const { id } = message;
    try {
      this.#caller.budget?.spend();
      if ('problem' in message) throw message.problem;
      const { result, after } = await this.#carryOut(message);
      return { frame: id === undefined ? null : { jsonrpc: '2.0', id, result }, after };
    } catch (error) {
      return { frame: id === undefined ? null : { jsonrpc: '2.0', id, error: this.#failure(error) } };
    }
  }

  /** What takes long, or goes on. */
  async #counted<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy + this.#turns.streams >= MOST_REQUESTS)
      throw new Problem('RATE_LIMITED', `${MOST_REQUESTS} requests of this socket are under way.`, 'Wait for one.');
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
    }
  }

  async #carryOut({ id, method: name, params }: Request): Promise<Carried> {
    const method = methodOf(name);
    switch (method) {
      case 'ping':
        return { result: 'pong' };
      case 'chat':
        return this.#counted(async () => ({ result: await this.#turns.chat(paramsOf(method, params)) }));
      case 'stream':
        return this.#counted(() => this.#turns.stream(paramsOf(method, params), id));
      case 'resume':
        return this.#counted(() => this.#turns.resume(paramsOf(method, params), id));
      case 'stop':
        return { result: await this.#turns.stop(paramsOf(method, params)) };
      case 'subscribe': {
        const { topics, cursor } = paramsOf(method, params);
        const after = await this.#followed.add(topics, cursor);
        return { result: { subscribed: this.#followed.topics }, after };
      }
      case 'unsubscribe': {
        this.#followed.remove(paramsOf(method, params)?.topics ?? ['*']);
        return { result: { subscribed: this.#followed.topics } };
      }
    }
  }

  #failure(error: unknown): Failure {
    const { cause, details } = error instanceof Detailed ? error : { cause: error, details: {} };
    const problem = Problem.of(cause);
    if (problem.code === 'INTERNAL') this.#context.logger.error({ error: cause }, 'a request of a socket failed');
    return failureOf(problem, this.#name, details);
  }
}
