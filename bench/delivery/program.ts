import type { StreamItem } from '#shared/contract/contract.ts';
import type { Client } from '#shared/wire/client.ts';
import { type ClientOptions, openClient } from '../../src-main/client/client.ts';
import { newId } from '../streaming/conversation.ts';
import { Heard } from './heard.ts';

/**
 * A program that follows some sessions, gives one command after the other to one of its own, and keeps what is not
 * acknowledged in a file. It can be ended without a word and begun again.
 */
export class Program {
  readonly name: string;
  readonly session: string;
  /** Titles given to its own session, in order. */
  readonly given: string[] = [];
  readonly heard = new Map<string, Heard>();
  readonly #options: ClientOptions;
  readonly #follows: readonly string[];
  client: Client;

  /** Its own session and those that it follows exist already. */
  constructor(name: string, session: string, options: ClientOptions, follows: readonly string[]) {
    this.name = name;
    this.session = session;
    this.#options = options;
    this.#follows = [this.session, ...follows];
    for (const session of this.#follows) this.heard.set(session, new Heard());
    this.client = this.#begin();
  }

  /** Nobody waits for the answers; what is not acknowledged is sent again, by this client or by the next. */
  give(): void {
    const title = `${this.name} ${this.given.length}`;
    this.given.push(title);
    this.client.call('sessions.rename', { command: newId(), session: this.session, title }).catch(() => {});
  }

  /** As if its process had been killed. */
  restart(): void {
    this.client.close();
    this.client = this.#begin();
  }

  #begin(): Client {
    const client = openClient(this.#options);
    for (const session of this.#follows) {
      const heard = this.heard.get(session)!;
      client.follow(
        'session.follow',
        () => (heard.cursor === undefined ? { session } : { session, cursor: heard.cursor }),
        (items: StreamItem<'session.follow'>[]) => {
          for (const item of items) heard.take(item);
        },
      );
    }
    return client;
  }
}
