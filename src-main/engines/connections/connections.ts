import type { ConnectionInfo, ConnectionKind, Presence } from '#shared/domain/connections.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { Signal } from '#shared/kit/signal.ts';

/** Somebody who connects. The functions are asked whenever somebody looks. */
export interface Newcomer {
  kind: ConnectionKind;
  address: string | null;
  token: { id: string; name: string } | null;
  client: () => { name: string; version: string };
  /** Bytes that wait for it to read them. */
  waiting: () => number;
  follows: () => number;
  /** Hangs up. */
  close: (reason: string) => void;
}

export interface ConnectionsOptions {
  clock: Clock;
  newId: () => string;
  /** Connections at the same time, windows of the desktop not counted. */
  most: number;
}

/** One connection, as whoever serves it holds it. */
export class Connection {
  readonly id: string;
  readonly since: number;
  readonly newcomer: Newcomer;
  /** Between a ping and its answer, the last time. */
  roundTripMs: number | null = null;
  readonly #leave: (connection: Connection) => void;
  readonly #presenceChanged: (session: string) => void;
  /** Session to how often it is open here. */
  readonly #open = new Map<string, number>();

  constructor(
    id: string,
    since: number,
    newcomer: Newcomer,
    told: { left: (connection: Connection) => void; presence: (session: string) => void },
  ) {
    this.id = id;
    this.since = since;
    this.newcomer = newcomer;
    this.#leave = told.left;
    this.#presenceChanged = told.presence;
  }

  /** It opens a session. Returns the function that closes it again. */
  enter(session: string): () => void {
    const step = (by: number) => {
      const times = (this.#open.get(session) ?? 0) + by;
      if (times === 0) this.#open.delete(session);
      else this.#open.set(session, times);
      if (times === 0 || (times === 1 && by === 1)) this.#presenceChanged(session);
    };
    step(1);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      step(-1);
    };
  }

  has(session: string): boolean {
    return this.#open.has(session);
  }

  /** It is gone. */
  left(): void {
    const sessions = [...this.#open.keys()];
    this.#open.clear();
    this.#leave(this);
    for (const session of sessions) this.#presenceChanged(session);
  }

  info(): ConnectionInfo {
    const { kind, address, token, client, waiting, follows } = this.newcomer;
    return {
      id: this.id,
      kind,
      ...client(),
      address,
      token,
      since: this.since,
      roundTripMs: this.roundTripMs,
      waiting: waiting(),
      follows: follows(),
    };
  }
}

/** Everybody who is connected, by whichever pipe or dialect, and who has which session open. */
export class Connections {
  readonly opened = new Signal<Connection>();
  readonly closed = new Signal<{ id: string }>();
  /** Who has this session open has changed. */
  readonly presenceChanged = new Signal<string>();
  readonly #options: ConnectionsOptions;
  readonly #all = new Map<string, Connection>();
  #counted = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** Why nobody more may connect; null: there is room. */
  get full(): Problem | null {
    const { most } = this.#options;
    if (this.#counted < most) return null;
    return new Problem(
      'LIMIT',
      `Choragus has its limit of ${most} connections.`,
      'Close one that nobody needs, in Settings under Connections, or raise limits.connections in the configuration.',
    );
  }

  /** Throws LIMIT. */
  open(newcomer: Newcomer): Connection {
    const { clock, newId } = this.#options;
    const full = newcomer.address === null ? null : this.full;
    if (full !== null) throw full;
    const connection = new Connection(newId(), clock.now(), newcomer, {
      left: (gone) => {
        if (!this.#all.delete(gone.id)) return;
        if (newcomer.address !== null) this.#counted--;
        this.closed.emit({ id: gone.id });
      },
      presence: (session) => this.presenceChanged.emit(session),
    });
    this.#all.set(connection.id, connection);
    if (newcomer.address !== null) this.#counted++;
    this.opened.emit(connection);
    return connection;
  }

  /** Oldest first. */
  list(): ConnectionInfo[] {
    return [...this.#all.values()].map((each) => each.info());
  }

  /** Who has a session open, oldest first; `self` is the connection that asks. */
  presence(session: string, self: string): Presence[] {
    return [...this.#all.values()]
      .filter((each) => each.has(session))
      .map(({ id, since, newcomer }) => ({
        connection: id,
        kind: newcomer.kind,
        name: newcomer.client().name,
        since,
        you: id === self,
      }));
  }

  /** Throws NOT_FOUND. */
  close(id: string): void {
    const found = this.#all.get(id);
    if (found === undefined)
      throw new Problem('NOT_FOUND', 'There is no such connection.', 'It may have ended by itself.');
    found.newcomer.close('It was closed in Settings.');
  }

  closeAll(reason: string): void {
    for (const { newcomer } of [...this.#all.values()]) newcomer.close(reason);
  }

  /** Those that came in by this access token. */
  closeToken(token: string, reason: string): void {
    for (const { newcomer } of [...this.#all.values()]) if (newcomer.token?.id === token) newcomer.close(reason);
  }
}
