import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { calls } from '#shared/contract/contract.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { SessionView } from '#shared/domain/session.ts';
import type { Target } from '#shared/domain/things.ts';
import type { Client } from '#shared/wire/client.ts';
import type { KeptCommand } from '#shared/wire/kept.ts';

/** A person's message on its way: shown at once, and kept by the client until the server has decided on it. */
export interface Outgoing {
  command: string;
  session: string;
  message: string;
  text: string;
  to: Target;
  at: number;
  /** The message that this one rewords. */
  replaces?: string;
  whileRunning: 'queue' | 'steer';
  /** First message of a session that the server does not know yet. */
  begins: boolean;
  /** `kept`: nobody knows yet whether the server has it. `sent`: it has, and its event has not come yet. */
  state: 'kept' | 'sent' | 'refused';
  problem?: ProblemBody;
}

export interface OutboxDependencies {
  client: Pick<Client, 'call' | 'forget'>;
  newId(): string;
}

/** What is kept with the command of a message. */
const About = z.object({ begins: z.boolean() });

/** What a person has sent and does not see in its conversation yet, and what was refused, with its text. */
export class Outbox {
  readonly store: StoreApi<readonly Outgoing[]> = createStore(() => []);
  readonly #deps: OutboxDependencies;

  constructor(deps: OutboxDependencies) {
    this.#deps = deps;
  }

  add(message: Omit<Outgoing, 'state' | 'command' | 'problem'>): void {
    const outgoing: Outgoing = { ...message, command: this.#deps.newId(), state: 'kept' };
    void this.#await(outgoing, deliver(this.#deps.client, outgoing));
  }

  /** Takes up what an earlier page left; false when it is no message. */
  found(command: KeptCommand, outcome: Promise<unknown>): boolean {
    const outgoing = outgoingOf(command);
    if (outgoing === undefined) return false;
    void this.#await(outgoing, outcome);
    return true;
  }

  /** Tries a refused message once more, as a new command. */
  again(message: string): void {
    const found = this.#find(message);
    if (found?.state !== 'refused') return;
    const { problem: _, ...rest } = found;
    this.add(rest);
    this.#deps.client.forget(found.command);
  }

  /** Takes a message out that was refused or never sent, so that its text can be edited or dropped. */
  take(message: string): Outgoing | undefined {
    const found = this.#find(message);
    if (found === undefined || found.state === 'sent' || !this.#deps.client.forget(found.command)) return undefined;
    this.#drop([found]);
    return found;
  }

  /** The events of these messages have come. */
  arrived(isHere: (message: Outgoing) => boolean): void {
    const here = this.store.getState().filter(isHere);
    for (const { state, command } of here) if (state === 'refused') this.#deps.client.forget(command);
    if (here.length > 0) this.#drop(here);
  }

  async #await(outgoing: Outgoing, outcome: Promise<unknown>): Promise<void> {
    this.#show(outgoing);
    let decided: Outgoing;
    try {
      await outcome;
      decided = { ...outgoing, state: 'sent' };
    } catch (error) {
      const problem = Problem.of(error);
      // The page goes, or the message was taken back.
      if (problem.code === 'DISCONNECTED' || problem.code === 'STOPPED') return;
      decided = { ...outgoing, state: 'refused', problem: problem.toBody() };
    }
    if (this.#find(outgoing.message)?.command === outgoing.command) this.#show(decided);
  }

  #find(message: string): Outgoing | undefined {
    return this.store.getState().find((each) => each.message === message);
  }

  /** A message that is tried again stands where the newest stands. */
  #show(message: Outgoing): void {
    this.store.setState((all) => {
      const known = all.some((each) => each.command === message.command);
      if (known) return all.map((each) => (each.command === message.command ? message : each));
      return [...all.filter((each) => each.message !== message.message), message];
    }, true);
  }

  #drop(messages: readonly Outgoing[]): void {
    this.store.setState((all) => all.filter((each) => !messages.includes(each)), true);
  }
}

/** Its event has come: it is in the conversation, or in the queue. */
export const hasArrived = (view: SessionView, { message }: Outgoing): boolean =>
  message in view.nodes || view.queue.some((each) => each.id === message);

function deliver(client: OutboxDependencies['client'], outgoing: Outgoing): Promise<unknown> {
  const { command, session, message, text, to, replaces, whileRunning, begins } = outgoing;
  const asked = { command, session, message, text, to };
  const keep = { about: { begins } satisfies z.infer<typeof About>, refusals: true };
  return replaces === undefined
    ? client.call('messages.send', { ...asked, whileRunning }, { keep })
    : client.call('messages.edit', { ...asked, replaces }, { keep });
}

function outgoingOf({ id, method, params, at, keep }: KeptCommand): Outgoing | undefined {
  const about = About.safeParse(keep?.about);
  if (!about.success) return undefined;
  const shown = { command: id, at, ...about.data, state: 'kept' as const };
  if (method === 'messages.send') {
    const sent = calls['messages.send'].params.safeParse(params).data;
    return sent && { ...shown, ...pick(sent), whileRunning: sent.whileRunning === 'steer' ? 'steer' : 'queue' };
  }
  if (method !== 'messages.edit') return undefined;
  const edited = calls['messages.edit'].params.safeParse(params).data;
  return edited && { ...shown, ...pick(edited), replaces: edited.replaces, whileRunning: 'steer' };
}

const pick = ({ session, message, text, to }: Pick<Outgoing, 'session' | 'message' | 'text' | 'to'>) => ({
  session,
  message,
  text,
  to,
});
