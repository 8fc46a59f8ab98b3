import type { StreamItem } from '#shared/contract/contract.ts';
import type { Presence } from '#shared/domain/connections.ts';
import { readEvent } from '#shared/domain/events.ts';
import { emptySession, foldSession, path, type SessionView } from '#shared/domain/session.ts';
import type { Target } from '#shared/domain/things.ts';
import type { Client, ClientState } from '#shared/wire/client.ts';
import { type ClientOptions, newId, openClient } from '../../src-main/client/client.ts';

/** A program at the gateway, as somebody writes one with the client that Choragus has for Node. */
export class Program {
  readonly client: Client;
  /** How its connection went, in order. */
  readonly states: ClientState['kind'][] = [];

  constructor(options: Pick<ClientOptions, 'url' | 'token' | 'name'>) {
    this.client = openClient({ version: '1.0', onState: ({ kind }) => this.states.push(kind), ...options });
  }

  /** The session with this title. */
  async open(title: string): Promise<OpenSession> {
    const { sessions } = await this.client.call('sessions.list', {});
    const found = sessions.find((each) => each.title === title);
    if (found === undefined) throw new Error(`No session is called ${title}.`);
    return new OpenSession(this.client, found.id);
  }

  close(): void {
    this.client.close();
  }
}

/** A session that a program follows. */
export class OpenSession {
  view: SessionView;
  /** Who else has it open, and this program itself. */
  here: readonly Presence[] = [];
  readonly #client: Client;
  readonly #id: string;

  constructor(client: Client, id: string) {
    this.#client = client;
    this.#id = id;
    this.view = emptySession(id);
    let cursor: string | undefined;
    client.follow(
      'session.follow',
      () => ({ session: id, ...(cursor !== undefined && { cursor }) }),
      (items) => {
        this.view = items.reduce(taken, this.view);
        cursor = items.at(-1)?.cursor ?? cursor;
      },
    );
    client.follow(
      'session.presence',
      () => ({ session: id }),
      (items) => {
        this.here = items.at(-1)?.here ?? this.here;
      },
    );
  }

  /** The branch that is shown, as `You: …` and `Apollo: …`. */
  get said(): string[] {
    return path(this.view).map((node) => `${node.kind === 'message' ? 'You' : node.speaker.name}: ${node.text}`);
  }

  /** The names of those who have it open; one's own is marked. */
  get names(): string[] {
    return this.here.map(({ name, you }) => (you ? `${name} (you)` : name));
  }

  send(text: string, to: Target): Promise<unknown> {
    const ids = { command: newId(), message: newId() };
    return this.#client.call('messages.send', { ...ids, session: this.#id, text, to });
  }
}

function taken(view: SessionView, item: StreamItem<'session.follow'>): SessionView {
  if (item.kind === 'snapshot') return item.view;
  const event = readEvent(item.event);
  return event === undefined || event.seq <= view.seq ? view : foldSession(view, event);
}
