import type { StreamItem } from '#shared/contract/contract.ts';
import type { Clock } from '#shared/kit/clock.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Connection, Connections } from '../engines/connections/connections.ts';
import type { CallHandlers, StreamHandlers } from './handlers.ts';

type List = StreamItem<'connections.follow'>;
type Here = StreamItem<'session.presence'>;

/** While somebody watches, and only then. */
const LOOK_MS = 1000;
/** Changes that come together are told together, and no more often than this. */
const SOON_MS = 100;
const APART_MS = 500;
/** Told of at once: all that may be connected would fill more than a frame. */
const MOST = 200;

/** Who is connected: at once, soon after somebody came or went, and when a look shows other figures. */
class ConnectionsSource implements Source<List> {
  readonly #connections: Connections;
  readonly #clock: Clock;
  readonly #you: string;
  readonly #leave: (() => void)[];
  #told = '';
  #lookedAt = Number.NEGATIVE_INFINITY;
  #hurried = false;
  #cancel: () => void = () => {};
  #ready: () => void = () => {};

  constructor(connections: Connections, clock: Clock, you: string) {
    this.#connections = connections;
    this.#clock = clock;
    this.#you = you;
    this.#leave = [connections.opened, connections.closed].map((signal) => signal.on(() => this.#hurry()));
    this.#look(LOOK_MS);
  }

  onReady(ready: () => void): void {
    this.#ready = ready;
  }

  async pull(): Promise<List[]> {
    const all = this.#connections.list();
    const own = all.findIndex(({ id }) => id === this.#you);
    const connections = own < MOST ? all.slice(0, MOST) : [...all.slice(0, MOST - 1), ...all.slice(own, own + 1)];
    const item = { you: this.#you, total: all.length, connections };
    const now = JSON.stringify(item);
    if (now === this.#told) return [];
    this.#told = now;
    return [item];
  }

  close(): void {
    this.#cancel();
    for (const leave of this.#leave) leave();
  }

  /** Where somebody comes or goes all the time, it still looks. */
  #hurry(): void {
    if (this.#hurried) return;
    this.#hurried = true;
    this.#look(Math.max(SOON_MS, this.#lookedAt + APART_MS - this.#clock.monotonic()));
  }

  #look(ms: number): void {
    this.#cancel();
    this.#cancel = this.#clock.after(ms, () => {
      this.#hurried = false;
      this.#lookedAt = this.#clock.monotonic();
      this.#look(LOOK_MS);
      this.#ready();
    });
  }
}

/** Who has a session open: everybody, at once and after each change. */
class PresenceSource implements Source<Here> {
  readonly #look: () => Here['here'];
  readonly #leave: () => void;
  #dirty = true;
  #ready: () => void = () => {};

  constructor(connections: Connections, session: string, self: string) {
    this.#look = () => connections.presence(session, self);
    this.#leave = connections.presenceChanged.on((changed) => {
      if (changed !== session) return;
      this.#dirty = true;
      this.#ready();
    });
  }

  onReady(ready: () => void): void {
    this.#ready = ready;
  }

  async pull(): Promise<Here[]> {
    if (!this.#dirty) return [];
    this.#dirty = false;
    return [{ here: this.#look() }];
  }

  close(): void {
    this.#leave();
  }
}

export const connectionCalls = (connections: Connections): Pick<CallHandlers, 'connections.close'> => ({
  'connections.close': async ({ connection }) => {
    connections.close(connection);
    return {};
  },
});

/** `self`: the connection that asks. */
export const connectionStreams = (
  connections: Connections,
  clock: Clock,
  self: Connection,
): Pick<StreamHandlers, 'connections.follow' | 'session.presence'> => ({
  'connections.follow': async () => new ConnectionsSource(connections, clock, self.id),
  'session.presence': async ({ session }) => new PresenceSource(connections, session, self.id),
});
