import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { Problem } from '#shared/domain/problem.ts';
import type { SessionView } from '#shared/domain/session.ts';
import { ProblemShape, Target } from '#shared/domain/things.ts';
import type { KeyValue } from './storage.ts';

/** A person's message on its way: shown at once, kept until the server has it, sent again with the same command id. */
const Outgoing = z.object({
  command: z.string(),
  session: z.string(),
  message: z.string(),
  text: z.string(),
  to: Target,
  at: z.number(),
  /** The message that this one rewords. */
  replaces: z.string().optional(),
  whileRunning: z.enum(['queue', 'steer']),
  /** First message of a session that the server does not know yet. */
  begins: z.boolean(),
  /** `kept`: waits for a connection. `sent`: the server has it, its event has not come yet. */
  state: z.enum(['kept', 'sending', 'sent', 'refused']),
  problem: ProblemShape.optional(),
});
export type Outgoing = z.infer<typeof Outgoing>;

export interface OutboxDependencies {
  /** Delivers one message; rejects with a Problem. */
  deliver(message: Outgoing): Promise<unknown>;
  connected(): boolean;
  newId(): string;
  storage: KeyValue;
  after(ms: number, run: () => void): () => void;
}

const PREFIX = 'choragus.outbox.';
const AGAIN_MS = 2_000;
/** Nobody knows whether the server has it: the same command id makes asking again harmless. */
const UNDECIDED: readonly string[] = ['DISCONNECTED', 'TIMEOUT'];

export class Outbox {
  readonly store: StoreApi<readonly Outgoing[]>;
  readonly #deps: OutboxDependencies;
  readonly #busy = new Set<string>();

  constructor(deps: OutboxDependencies) {
    this.#deps = deps;
    this.store = createStore(() => this.#read());
  }

  add(message: Omit<Outgoing, 'state' | 'command'>): void {
    this.#put({ ...message, command: this.#deps.newId(), state: 'kept' });
    this.flush();
  }

  /** Sends what waits, in order within each session. Called after each connection. */
  flush(): void {
    if (!this.#deps.connected()) return;
    for (const session of new Set(this.store.getState().map((each) => each.session))) void this.#drain(session);
  }

  /** Tries a refused message once more, as a new command. */
  again(message: string): void {
    const found = this.#find(message);
    if (found?.state !== 'refused') return;
    const { problem: _, ...rest } = found;
    this.#remove(message);
    this.#put({ ...rest, command: this.#deps.newId(), state: 'kept' });
    this.flush();
  }

  /** Takes a message out that is refused or was never sent, so that its text can be edited or dropped. */
  take(message: string): Outgoing | undefined {
    const found = this.#find(message);
    if (found === undefined || found.state === 'sending' || found.state === 'sent') return undefined;
    this.#remove(message);
    return found;
  }

  /** The events of these messages have come. */
  arrived(isHere: (message: Outgoing) => boolean): void {
    const here = this.store.getState().filter(isHere);
    for (const { command } of here) this.#deps.storage.remove(PREFIX + command);
    if (here.length > 0) this.store.setState((all) => all.filter((each) => !here.includes(each)), true);
  }

  async #drain(session: string): Promise<void> {
    if (this.#busy.has(session)) return;
    this.#busy.add(session);
    try {
      for (;;) {
        const next = this.store.getState().find((each) => each.session === session && each.state === 'kept');
        if (next === undefined || !this.#deps.connected() || !(await this.#deliver(next))) return;
      }
    } finally {
      this.#busy.delete(session);
    }
  }

  /** False when it stays undecided and the rest has to wait. */
  async #deliver(message: Outgoing): Promise<boolean> {
    this.#put({ ...message, state: 'sending' });
    try {
      await this.#deps.deliver(message);
    } catch (error) {
      if (this.#find(message.message) === undefined) return true;
      const problem = Problem.of(error);
      const undecided = UNDECIDED.includes(problem.code);
      this.#put(
        undecided ? { ...message, state: 'kept' } : { ...message, state: 'refused', problem: problem.toBody() },
      );
      if (undecided) this.#deps.after(AGAIN_MS, () => this.flush());
      return !undecided;
    }
    this.#deps.storage.remove(PREFIX + message.command);
    if (this.#find(message.message) !== undefined) this.#show({ ...message, state: 'sent' });
    return true;
  }

  #find(message: string): Outgoing | undefined {
    return this.store.getState().find((each) => each.message === message);
  }

  #put(message: Outgoing): void {
    this.#deps.storage.set(PREFIX + message.command, JSON.stringify(message));
    this.#show(message);
  }

  #show(message: Outgoing): void {
    this.store.setState((all) => {
      const known = all.some((each) => each.message === message.message);
      return known ? all.map((each) => (each.message === message.message ? message : each)) : [...all, message];
    }, true);
  }

  #remove(message: string): void {
    const found = this.#find(message);
    if (found === undefined) return;
    this.#deps.storage.remove(PREFIX + found.command);
    this.store.setState((all) => all.filter((each) => each !== found), true);
  }

  /** What an earlier page left behind: whether it was sent is not known, so it is sent again. */
  #read(): Outgoing[] {
    const { storage } = this.#deps;
    return storage
      .keys(PREFIX)
      .flatMap((key) => parse(storage.get(key)) ?? [])
      .map((each) => (each.state === 'sending' ? { ...each, state: 'kept' as const } : each))
      .sort((a, b) => a.at - b.at || (a.command < b.command ? -1 : 1));
  }
}

/** Its event has come: it is in the conversation, or in the queue. */
export const hasArrived = (view: SessionView, { message }: Outgoing): boolean =>
  message in view.nodes || view.queue.some((each) => each.id === message);

function parse(json: string | null): Outgoing | undefined {
  try {
    return Outgoing.safeParse(JSON.parse(json ?? 'null')).data;
  } catch {
    return undefined;
  }
}
