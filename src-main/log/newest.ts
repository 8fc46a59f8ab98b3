/** Sessions of which the newest nodes are remembered. */
const REMEMBERED = 1024;

/** Where a node stands, and what is asked about it when something is written after it. */
export interface Known {
  readonly id: string;
  readonly seq: number;
  readonly branch: number;
  readonly depth: number;
  readonly turn: boolean;
  /** UTF-16 units of text from the root to here. */
  units: number;
  finished: boolean;
}

/** The node that was written last in a session, which is the head of its line, and its parent. */
interface Newest {
  node: Known;
  parent: Known | undefined;
}

/**
 * The newest node of each session that was written lately: what comes next mostly follows it, or ends it, and needs no
 * look into the tables. Says what the tables say; whoever rolls back calls `forget`.
 */
export class NewestNodes {
  readonly #sessions = new Map<number, Newest>();

  /** A node was added: it is the head of its line. */
  added(session: number, node: Known, parent: Known | undefined): void {
    if (this.#sessions.size >= REMEMBERED) this.#sessions.clear();
    this.#sessions.set(session, { node, parent });
  }

  /** Undefined: it is not known here. */
  node(session: number, id: string): Known | undefined {
    const newest = this.#sessions.get(session);
    if (newest?.node.id === id) return newest.node;
    return newest?.parent?.id === id ? newest.parent : undefined;
  }

  /** The parent of the newest node; undefined: it is not known here. */
  parentOf(session: number, node: Known): Known | undefined {
    const newest = this.#sessions.get(session);
    return newest?.node === node ? newest.parent : undefined;
  }

  isNewest(session: number, node: Known): boolean {
    return this.#sessions.get(session)?.node === node;
  }

  forget(): void {
    this.#sessions.clear();
  }

  /** After a session was deleted. */
  forgetSession(session: number): void {
    this.#sessions.delete(session);
  }
}
