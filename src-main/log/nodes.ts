import type { Database, Statement } from 'better-sqlite3';
import type { EventOf } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import { packed } from './ids.ts';
import type { Lines, NodeRow } from './lines.ts';
import { stateCode } from './tree-tables.ts';

/** Writes the nodes of sessions' trees and the branches in which they stand. Sessions are keys. */
export class Nodes {
  readonly #lines: Lines;
  readonly #node: Statement<unknown[]>;
  readonly #begin: Statement<unknown[]>;
  readonly #grow: Statement<unknown[]>;
  readonly #touch: Statement<unknown[]>;
  readonly #connecting: Statement<unknown[]>;
  readonly #sent: Statement<unknown[]>;
  readonly #finish: Statement<unknown[]>;

  constructor(db: Database, lines: Lines) {
    this.#lines = lines;
    this.#node = db.prepare(
      'INSERT INTO nodes (session, seq, id, branch, depth, units, state, parts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#begin = db.prepare(
      `INSERT INTO branches (session, branch, id, depth, parent, level, jump, head, "end", updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#grow = db.prepare('UPDATE branches SET head = ?, "end" = ?, updated_at = ? WHERE session = ? AND branch = ?');
    this.#touch = db.prepare('UPDATE branches SET updated_at = ? WHERE session = ? AND branch = ?');
    this.#connecting = db.prepare('UPDATE nodes SET state = ?, connecting = ? WHERE session = ? AND seq = ?');
    this.#sent = db.prepare('UPDATE nodes SET sent = ? WHERE session = ? AND seq = ?');
    this.#finish = db.prepare('UPDATE nodes SET state = ?, finished = ?, units = ? WHERE session = ? AND seq = ?');
  }

  /** A node stands in its parent's line when it is the first below it, and begins a line otherwise. */
  add(
    key: number,
    node: { id: string; parent: string | null; seq: number; at: number; units: number; state?: number },
  ): void {
    const lines = this.#lines;
    const { id, seq, at, state } = node;
    if (lines.node(key, id) !== undefined)
      throw new Problem('CONFLICT', 'An id in this step is taken already.', 'Try again with a new id.');
    const parent = node.parent === null ? undefined : lines.node(key, node.parent);
    const depth = parent === undefined ? 0 : parent.depth + 1;
    const line = parent && lines.branch(key, parent.branch);
    let branch = parent?.branch ?? 0;
    if (line !== undefined && line.end === parent?.depth) this.#grow.run(seq, depth, at, key, branch);
    else {
      branch = lines.count(key);
      const [level, jump] = line === undefined ? [0, branch] : [line.level + 1, lines.jump(key, line)];
      this.#begin.run(key, branch, packed(id), depth, line?.branch ?? null, level, jump, seq, depth, at);
    }
    const units = (parent?.units ?? 0) + node.units;
    this.#node.run(key, seq, packed(id), branch, depth, units, state ?? null, state === undefined ? null : 1);
  }

  connecting(key: number, id: string, seq: number, attempt: number): void {
    const turn = this.#turn(key, id);
    if (turn === undefined) return;
    const after = seq - turn.seq;
    this.#connecting.run(stateCode('connecting'), attempt === 1 ? -after : after, key, turn.seq);
  }

  sent(key: number, id: string, seq: number): void {
    const turn = this.#turn(key, id);
    if (turn !== undefined) this.#sent.run(seq - turn.seq, key, turn.seq);
  }

  /** UTF-16 units that came to the session's text by it; an end that follows an end takes its place. */
  finished({ seq, at, data }: EventOf<'turn.finished'>, key: number): number {
    const lines = this.#lines;
    const turn = this.#turn(key, data.turn);
    if (turn === undefined) return 0;
    const before = lines.parent(key, turn)?.units ?? 0;
    const units = before + data.text.length;
    this.#finish.run(stateCode(data.state), seq, units, key, turn.seq);
    if (lines.branch(key, turn.branch).head === turn.seq) this.#touch.run(at, key, turn.branch);
    return units - (turn.finished === null ? before : turn.units);
  }

  #turn(key: number, id: string): NodeRow | undefined {
    const node = this.#lines.node(key, id);
    return node?.state == null ? undefined : node;
  }
}
