import { carriesSecret } from '../contract/secret.ts';
import { Problem, type ProblemCode } from '../domain/problem.ts';
import type { Clock } from '../kit/clock.ts';
import type { CommandStore, Keep, KeptCommand } from './kept.ts';
import { type Id, MAX_CALLS } from './messages.ts';

export interface Call {
  readonly id: Id;
  readonly method: string;
  readonly params: object;
  /** Safe to ask twice. */
  readonly again: boolean;
  /** On the connection of now. */
  sent: boolean;
  /** On any connection, or perhaps by an earlier program. */
  wasSent: boolean;
  kept?: KeptCommand | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (problem: Problem) => void;
}

export interface CallsOptions {
  clock: Clock;
  newId: () => Id;
  store: CommandStore | undefined;
  /** What an earlier program left, and what becomes of it. */
  found: ((command: KeptCommand, outcome: Promise<unknown>) => void) | undefined;
  /** The store failed: commands go on, and would not survive. */
  unkept: ((error: unknown) => void) | undefined;
}

/** Says nothing about the command: the same id makes asking again harmless. */
const UNDECIDED: readonly ProblemCode[] = ['DISCONNECTED', 'TIMEOUT', 'RATE_LIMITED'];
/** After which what was not decided is asked again, commands and follows alike. */
export const AGAIN_MS = 2000;

/**
 * What waits for a connection or an answer, in the order of asking. With a store, a command stays until the server has
 * decided on it, whether somebody still waits for the answer or not, and those that an earlier program left go first.
 */
export class Calls {
  readonly #options: CallsOptions;
  #all = new Map<Id, Call>();
  #send: ((call: Call) => void) | undefined;
  #loading = false;
  #closed = false;
  #lastAt = 0;

  constructor(options: CallsOptions) {
    this.#options = options;
    if (options.store === undefined) return;
    this.#loading = true;
    options.store.load().then(
      (left) => this.#loaded(left),
      (error) => {
        options.unkept?.(error);
        this.#loaded([]);
      },
    );
  }

  get size(): number {
    return this.#all.size;
  }

  get(id: Id): Call | undefined {
    return this.#all.get(id);
  }

  /** What is kept of a call that is about to be made; undefined for what is no command or carries a secret. */
  keptOf(method: string, params: object, keep: Keep | undefined): KeptCommand | undefined {
    if (this.#options.store === undefined || !('command' in params) || carriesSecret(method, params)) return undefined;
    return { id: String(params.command), method, params, at: this.#options.clock.now(), ...(keep && { keep }) };
  }

  /**
   * It is handed to the store and then sent, without a wait in between: a command whose keeping was cut off would not
   * have been sent at all if it had waited.
   */
  add(call: Call): void {
    this.#all.set(call.id, call);
    if (call.kept !== undefined) this.#put(call, call.kept);
    if (this.#send !== undefined && this.#all.size <= MAX_CALLS) this.#ask(call);
  }

  /** Nobody waits for the answer any more; a command that is kept goes on by itself. */
  leave(id: Id): void {
    if (this.#all.get(id)?.kept === undefined) this.#all.delete(id);
  }

  /** There is a connection. */
  attach(send: (call: Call) => void): void {
    this.#send = send;
    this.#askAll();
  }

  /** There is none any more. */
  detach(unanswered: (call: Call) => Problem): void {
    this.#send = undefined;
    for (const call of this.#all.values()) {
      if (call.sent && !call.again) call.reject(unanswered(call));
      call.sent = false;
    }
  }

  answered(call: Call, result: unknown): void {
    call.resolve(result);
    this.#decided(call);
  }

  refused(call: Call, problem: Problem): void {
    if (call.kept !== undefined && UNDECIDED.includes(problem.code)) {
      call.sent = false;
      this.#options.clock.after(AGAIN_MS, () => this.#askAll());
      return;
    }
    call.reject(problem);
    this.#decided(call, problem);
  }

  /** True when it was not sent, or was refused and kept: nothing is left of it. */
  forget(command: string): boolean {
    const call = [...this.#all.values()].find(({ kept }) => kept?.id === command);
    if (call?.wasSent) return false;
    if (call !== undefined) {
      this.#all.delete(call.id);
      call.reject(new Problem('STOPPED', `${call.method} was taken back before it was sent.`));
    }
    this.#store((store) => store.remove(command));
    return true;
  }

  /** No connection can be had for now. Whoever keeps a command waits on; others are told. */
  rejectAll(problem: Problem): void {
    for (const call of this.#all.values()) if (call.kept?.keep === undefined) call.reject(problem);
  }

  close(problem: Problem): void {
    this.#closed = true;
    this.#send = undefined;
    for (const call of this.#all.values()) call.reject(problem);
    this.#all.clear();
    this.#options.store?.close?.();
  }

  #loaded(left: KeptCommand[]): void {
    this.#loading = false;
    if (this.#closed) return;
    const given = this.#all;
    const ours = new Set([...given.values()].map(({ kept }) => kept?.id));
    this.#all = new Map();
    for (const command of left) {
      if (ours.has(command.id)) continue;
      this.#lastAt = Math.max(this.#lastAt, command.at);
      this.#find(command);
    }
    for (const [id, call] of given) {
      this.#all.set(id, call);
      // Given after all that was left, though a clock may say otherwise.
      if (call.kept !== undefined) this.#put(call, call.kept);
    }
    this.#askAll();
  }

  #find(command: KeptCommand): void {
    const outcome = new Promise((resolve, reject) => {
      const { method, params, refused } = command;
      if (refused !== undefined) {
        reject(new Problem(refused.code, refused.message, refused.next));
        return;
      }
      const id = this.#options.newId();
      const asked = { again: true, sent: false, wasSent: true };
      this.#all.set(id, { id, method, params, ...asked, kept: command, resolve, reject });
    });
    outcome.catch(() => {});
    this.#options.found?.(command, outcome);
  }

  #put(call: Call, kept: KeptCommand): void {
    const at = Math.max(kept.at, this.#lastAt + 1);
    const stamped = { ...kept, at };
    this.#lastAt = at;
    call.kept = stamped;
    this.#store((store) => store.put(stamped));
  }

  #ask(call: Call): void {
    if (call.sent || (this.#loading && call.kept !== undefined)) return;
    call.sent = true;
    call.wasSent = true;
    this.#send!(call);
  }

  #askAll(): void {
    if (this.#send === undefined) return;
    let asked = 0;
    for (const call of this.#all.values()) {
      if (asked === MAX_CALLS) return;
      this.#ask(call);
      if (call.sent) asked += 1;
    }
  }

  #decided(call: Call, refusal?: Problem): void {
    const crowded = this.#all.size > MAX_CALLS;
    this.#all.delete(call.id);
    if (crowded) this.#askAll();
    const { kept } = call;
    if (kept === undefined) return;
    if (refusal !== undefined && kept.keep?.refusals === true)
      this.#store((store) => store.put({ ...kept, refused: refusal.toBody() }));
    else this.#store((store) => store.remove(kept.id));
  }

  #store(work: (store: CommandStore) => Promise<void>): void {
    const { store, unkept } = this.#options;
    if (store === undefined) return;
    try {
      work(store).catch((error) => unkept?.(error));
    } catch (error) {
      unkept?.(error);
    }
  }
}
