import type { Database, Statement } from 'better-sqlite3';
import type { Bodies } from './bodies.ts';
import { type Packed, tailOf } from './ids.ts';
import { isStorage } from './storage.ts';

/** A node as the tables know it; its id stands in its first event, at `seq`. */
export interface PathRow {
  seq: number;
  branch: number;
  depth: number;
  units: number;
  state: number | null;
  connecting: number | null;
  sent: number | null;
  finished: number | null;
}

export interface BranchRow {
  branch: number;
  id: Packed;
  depth: number;
  parent: number | null;
  level: number;
  jump: number;
  head: number;
  end: number;
  updated_at: number;
}

/** Where a node stands. */
export interface Place {
  branch: number;
  depth: number;
}

/** A piece of a path: nodes of one branch, from one depth to another. */
export interface Stretch {
  branch: number;
  from: number;
  to: number;
}

/** Columns of a `PathRow`. */
export const PATH = 'seq, branch, depth, units, state, connecting, sent, finished';
/** A message or a request as it is mostly written: its id comes first. */
const BEGINS = /^\{"(?:message|turn)":"([^"\\]*)"/;
const BRANCH = 'branch, id, depth, parent, level, jump, head, "end", updated_at';

/**
 * Finds one's way in a session's tree without walking it: a path from the root is a few stretches of branches, found
 * through the tree of branches, in which each has a pointer far up beside that to its parent (a skew-binary list: the
 * way up takes steps as the logarithm of how many branches there are).
 */
export class Lines {
  readonly #bodies: Bodies;
  readonly #tail: Statement<[number, number], PathRow>;
  readonly #turns: Statement<[number], { session: number; seq: number }>;
  readonly #seq: Statement<[number, number], PathRow>;
  readonly #standing: Statement<[number, number, number], PathRow>;
  readonly #up: Statement<[number, number, number, number], PathRow>;
  readonly #branch: Statement<[number, number], BranchRow>;
  readonly #newest: Statement<[number], number>;
  readonly #down: Statement<[number, number, number, number], number>;
  readonly #beside: Statement<[number, number | null, number, number], PathRow>;

  constructor(db: Database, bodies: Bodies) {
    this.#bodies = bodies;
    // Without being told, SQLite goes through all of the session.
    this.#tail = db.prepare(`SELECT ${PATH} FROM nodes INDEXED BY nodes_by_tail WHERE session = ? AND tail = ?`);
    this.#turns = db.prepare(
      'SELECT session, seq FROM nodes INDEXED BY nodes_by_tail WHERE tail = ? AND state IS NOT NULL',
    );
    this.#seq = db.prepare(`SELECT ${PATH} FROM nodes WHERE session = ? AND seq = ?`);
    this.#standing = db.prepare(`SELECT ${PATH} FROM nodes WHERE session = ? AND branch = ? AND depth = ?`);
    this.#up = db.prepare(
      `SELECT ${PATH} FROM nodes WHERE session = ? AND branch = ? AND depth BETWEEN ? AND ? ORDER BY depth DESC`,
    );
    this.#branch = db.prepare(`SELECT ${BRANCH} FROM branches WHERE session = ? AND branch = ?`);
    this.#newest = db
      .prepare<[number], number>('SELECT branch FROM branches WHERE session = ? ORDER BY branch DESC LIMIT 1')
      .pluck();
    this.#down = db
      .prepare<[number, number, number, number], number>(
        `WITH RECURSIVE down (branch, depth) AS (
           SELECT ?, ?
           UNION ALL
           SELECT b.branch, b.depth FROM down CROSS JOIN branches b ON b.session = ? AND b.branch =
             (SELECT n.branch FROM branches n INDEXED BY branches_of_branch
              WHERE n.session = ? AND n.parent = down.branch AND n.depth > down.depth ORDER BY n.depth, n.branch DESC LIMIT 1)
         ) SELECT branch FROM down`,
      )
      .pluck();
    const node = PATH.split(', ').map((column) => `n.${column}`);
    this.#beside = db.prepare(
      `SELECT ${node.join(', ')} FROM branches b
       CROSS JOIN nodes n ON n.session = b.session AND n.branch = b.branch AND n.depth = b.depth
       WHERE b.session = ? AND b.parent IS ? AND b.depth BETWEEN ? AND ?`,
    );
  }

  /** Looks into its event, since ids may end alike; one that cannot be read is taken for it. */
  node(session: number, id: string): PathRow | undefined {
    let unread: PathRow | undefined;
    for (const row of this.#tail.all(session, tailOf(id))) {
      const found = this.idAt(session, row.seq);
      if (found === id) return row;
      if (found === undefined) unread ??= row;
    }
    return unread;
  }

  /** The same for an id that is known to be a node's: where no other one ends alike, nothing needs to be read. */
  known(session: number, id: string): PathRow | undefined {
    const found = this.#tail.all(session, tailOf(id));
    return found.length > 1 ? this.node(session, id) : found[0];
  }

  /** Key of the session of a turn. */
  sessionOf(turn: string): number | undefined {
    return this.#turns.all(tailOf(turn)).find(({ session, seq }) => this.idAt(session, seq) === turn)?.session;
  }

  /** The id of the node that begins with this event. Undefined when that cannot be read. */
  idAt(session: number, seq: number): string | undefined {
    try {
      const data = this.#bodies.data(session, seq);
      if (data === undefined) return undefined;
      const begins = BEGINS.exec(data)?.[1];
      if (begins !== undefined) return begins;
      const { message, turn } = JSON.parse(data) as { message?: string; turn?: string };
      return message ?? turn;
    } catch (error) {
      if (isStorage(error)) throw error;
      return undefined;
    }
  }

  nodeAt(session: number, seq: number): PathRow | undefined {
    return this.#seq.get(session, seq);
  }

  branch(session: number, branch: number): BranchRow {
    return this.#branch.get(session, branch)!;
  }

  /** Branches that the session has. */
  count(session: number): number {
    return (this.#newest.get(session) ?? -1) + 1;
  }

  parent(session: number, { branch, depth }: Place): PathRow | undefined {
    if (depth === 0) return undefined;
    const line = this.branch(session, branch);
    if (depth > line.depth) return this.#standing.get(session, branch, depth - 1);
    return line.parent === null ? undefined : this.#standing.get(session, line.parent, depth - 1);
  }

  /** The path to a node between two depths, the deepest stretch first. */
  *stretches(session: number, end: Place, from = 0, to = end.depth): Generator<Stretch> {
    if (to < from) return;
    let line = this.#lineOver(session, end.branch, to);
    for (let bottom = to; ; ) {
      yield { branch: line.branch, from: Math.max(line.depth, from), to: bottom };
      bottom = line.depth - 1;
      if (bottom < from || line.parent === null) return;
      line = this.branch(session, line.parent);
    }
  }

  /** Nodes of the path to a node between two depths, from the root on. */
  path(session: number, end: Place, from = 0, to = end.depth): PathRow[] {
    const found: PathRow[] = [];
    for (const { branch, from: top, to: bottom } of this.stretches(session, end, from, to))
      found.push(...this.#up.all(session, branch, top, bottom));
    return found.reverse();
  }

  isOnPath(session: number, node: Place, end: Place): boolean {
    return node.depth <= end.depth && this.#lineOver(session, end.branch, node.depth).branch === node.branch;
  }

  /** Of nodes that follow each other on a path, for each that has siblings of its kind: these and itself, oldest first. */
  families(session: number, path: readonly PathRow[]): Record<string, string[]> {
    if (this.count(session) <= 1) return {};
    const found: [string, string[]][] = [];
    let [line, beside, branch]: [BranchRow | undefined, PathRow[], number | undefined] = [undefined, [], undefined];
    for (const node of path) {
      if (node.branch !== branch) {
        branch = node.branch;
        line = this.branch(session, branch);
        const last = path.findLast((each) => each.branch === branch)!;
        beside = this.#beside.all(session, branch, node.depth, last.depth);
      }
      const others = node.depth === line!.depth ? this.#elders(session, line!) : beside;
      const siblings = others.filter(
        ({ seq, depth, state }) =>
          depth === node.depth && seq !== node.seq && (state === null) === (node.state === null),
      );
      if (siblings.length === 0) continue;
      const itself = this.idAt(session, node.seq);
      const family = [...siblings, node].sort((a, b) => a.seq - b.seq);
      if (itself !== undefined) found.push([itself, family.flatMap(({ seq }) => this.idAt(session, seq) ?? [])]);
    }
    return Object.fromEntries(found);
  }

  /** All that stand where a branch begins: the first child, in the line that it leaves, and the beginnings of branches. */
  #elders(session: number, { parent, depth }: BranchRow): PathRow[] {
    const first = parent === null ? undefined : this.#standing.get(session, parent, depth);
    return [...(first === undefined ? [] : [first]), ...this.#beside.all(session, parent, depth, depth)];
  }

  /**
   * The newest child, its newest child, and so on. Where other branches leave a line, the newest of them has the newest
   * child, since a first child is older than the others.
   */
  leaf(session: number, { branch, depth }: PathRow): PathRow {
    const { head } = this.branch(session, this.#down.all(branch, depth, session, session).at(-1)!);
    return this.nodeAt(session, head)!;
  }

  /** Where the pointer up of a new branch goes. */
  jump(session: number, parent: BranchRow): number {
    const next = this.branch(session, parent.jump);
    const afterNext = this.branch(session, next.jump);
    return parent.level - next.level === next.level - afterNext.level ? afterNext.branch : parent.branch;
  }

  /** The branch to which the node at `depth` on the way up from `branch` belongs. */
  #lineOver(session: number, branch: number, depth: number): BranchRow {
    let line = this.branch(session, branch);
    while (line.depth > depth) {
      const far = this.branch(session, line.jump);
      line = far.depth > depth ? far : this.branch(session, line.parent!);
    }
    return line;
  }
}
