import type { z } from 'zod';
import { Problem } from '../domain/problem.ts';
import { cancel, credit, fromError, type Id, INITIAL_CREDIT } from './messages.ts';

export interface FollowOptions {
  method: string;
  /** Asked at each (re)connect: the cursor from which to go on. */
  params: () => unknown;
  /** An array of items. */
  schema: z.ZodType<unknown[]>;
  onItems: (items: never) => void | Promise<void>;
  onProblem: ((problem: Problem) => void) | undefined;
  onEnd: (() => void) | undefined;
  /** Asks for the stream on the connection of now and says under which id. */
  request: (follow: Follow, params: unknown) => Id;
  send: (message: unknown) => void;
  /** Runs it after a while. */
  later: (run: () => void) => void;
  /** It is over. */
  forget: (follow: Follow, id: Id | null) => void;
}

/**
 * The client's side of one stream, through all reconnections. Items are consumed one batch at a time; what came
 * meanwhile waits, at most INITIAL_CREDIT items. On a new connection it first consumes what it has, so that the
 * cursor that it then asks from is true.
 */
export class Follow {
  readonly #options: FollowOptions;
  #connected = false;
  #id: Id | null = null;
  #waiting: unknown[] = [];
  /** Items being consumed. */
  #inHand = 0;
  /** Consumed and not given back as credit yet. */
  #consumed = 0;
  /** It was asked for too soon. */
  #paused = false;
  #ending: { problem?: Problem } | undefined;
  #over = false;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  attach(): void {
    this.#connected = true;
    this.#goOn();
  }

  detach(): void {
    this.#connected = false;
    this.#id = null;
  }

  /** The answer to the request. */
  answered(message: Record<string, unknown>): void {
    if (!('error' in message)) return;
    if (fromError(message.error).code === 'RATE_LIMITED') this.#pause();
    else this.ended(message.error);
  }

  items(items: unknown): void {
    if (Array.isArray(items)) this.#waiting = this.#waiting.length === 0 ? items : this.#waiting.concat(items);
    else this.#fail(this.#misread('items that are no list'));
    if (this.#waiting.length + this.#inHand > INITIAL_CREDIT)
      this.#fail(this.#misread(`more than ${INITIAL_CREDIT} items at once`));
    this.#goOn();
  }

  ended(error: unknown): void {
    const problem = error === undefined ? undefined : fromError(error);
    // It took nothing for too long; it goes on from where it is.
    if (problem?.code === 'TIMEOUT') this.#id = null;
    else this.#ending = problem === undefined ? {} : { problem };
    this.#goOn();
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#waiting = [];
    if (this.#id !== null && this.#ending === undefined) this.#options.send(cancel(this.#id));
    this.#options.forget(this, this.#id);
  }

  #pause(): void {
    this.#id = null;
    this.#paused = true;
    this.#options.later(() => {
      this.#paused = false;
      this.#goOn();
    });
  }

  #goOn(): void {
    while (this.#inHand === 0 && !this.#over) {
      if (this.#waiting.length > 0) this.#consume();
      else if (this.#ending !== undefined) this.#finish(this.#ending.problem);
      else if (this.#connected && this.#id === null && !this.#paused) this.#request();
      else return;
    }
  }

  #consume(): void {
    const items = this.#waiting;
    this.#waiting = [];
    const read = this.#options.schema.safeParse(items);
    if (!read.success) {
      const place = read.error.issues[0]?.path.join('.');
      this.#fail(this.#misread(`an item that this version cannot read (${place})`));
      return;
    }
    const done = () => {
      this.#inHand = 0;
      this.#giveBack(items.length);
    };
    this.#inHand = items.length;
    try {
      const consumed = this.#options.onItems(read.data as never);
      if (typeof consumed?.then !== 'function') done();
      else
        consumed.then(done).then(
          () => this.#goOn(),
          (error) => this.#fail(error),
        );
    } catch (error) {
      this.#fail(error);
    }
  }

  #giveBack(count: number): void {
    this.#consumed += count;
    if (this.#consumed < INITIAL_CREDIT / 2 || this.#id === null || this.#ending !== undefined || this.#over) return;
    this.#options.send(credit(this.#id, this.#consumed));
    this.#consumed = 0;
  }

  #request(): void {
    this.#consumed = 0;
    try {
      this.#id = this.#options.request(this, this.#options.params());
    } catch (error) {
      this.#fail(error);
    }
  }

  #misread(what: string): Problem {
    const message = `The stream ${this.#options.method} brought ${what}.`;
    return new Problem('UNSUPPORTED', message, 'Reload the page, or update the older of the two programs.');
  }

  #fail(error: unknown): void {
    this.#finish(Problem.of(error));
  }

  /** Tells in a microtask of its own: whatever the listener throws is seen, and harms no other message. */
  #finish(problem?: Problem): void {
    if (this.#over) return;
    this.close();
    const { onProblem, onEnd } = this.#options;
    queueMicrotask(() => (problem === undefined ? onEnd?.() : onProblem?.(problem)));
  }
}
