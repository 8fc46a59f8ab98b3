import type { Database, Statement } from 'better-sqlite3';
import type { EventOf } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import { packed, tailOf } from './ids.ts';
import type { Lines } from './lines.ts';
import { type Known, NewestNodes } from './newest.ts';
import { stateCode } from './tree-tables.ts';

/** Writes the nodes of sessions' trees and the branches in which they stand. Sessions are keys. */
export class Nodes {
  readonly #lines: Lines;
  readonly #newest = new NewestNodes();
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
      'INSERT INTO nodes (session, seq, tail, branch, depth, units, state, parts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
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
    const parent = node.parent === null ? undefined : this.#known(key, node.parent);
    const depth = parent === undefined ? 0 : parent.depth + 1;
    let branch = parent?.branch ?? 0;
    if (parent !== undefined && this.#endsLine(key, parent)) this.#grow.run(seq, depth, at, key, branch);
    else {
      const line = parent && lines.branch(key, parent.branch);
      branch = lines.count(key);
      const [level, jump] = line === undefined ? [0, branch] : [line.level + 1, lines.jump(key, line)];
      this.#begin.run(key, branch, packed(id), depth, line?.branch ?? null, level, jump, seq, depth, at);
    }
    const units = (parent?.units ?? 0) + node.units;
    const turn = state !== undefined;
    this.#node.run(key, seq, tailOf(id), branch, depth, units, state ?? null, turn ? 1 : null);
    this.#newest.added(key, { id, seq, branch, depth, turn, units, finished: false }, parent);
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
    const before = (this.#newest.parentOf(key, turn) ?? lines.parent(key, turn))?.units ?? 0;
    const units = before + data.text.length;
    this.#finish.run(stateCode(data.state), seq, units, key, turn.seq);
    if (this.#newest.isNewest(key, turn) || lines.branch(key, turn.branch).head === turn.seq)
      this.#touch.run(at, key, turn.branch);
    const grown = units - (turn.finished ? turn.units : before);
    turn.units = units;
    turn.finished = true;
    return grown;
  }

  /** After a transaction that was rolled back. */
  forget(): void {
    this.#newest.forget();
  }

  /** After all of a session was deleted. */
  forgetSession(key: number): void {
    this.#newest.forgetSession(key);
  }

  #turn(key: number, id: string): Known | undefined {
    const node = this.#known(key, id);
    return node?.turn ? node : undefined;
  }

  #known(key: number, id: string): Known | undefined {
    const known = this.#newest.node(key, id);
    if (known !== undefined) return known;
    const row = this.#lines.known(key, id);
    if (row === undefined) return undefined;
    const { seq, branch, depth, units, state, finished } = row;
    return { id, seq, branch, depth, units, turn: state !== null, finished: finished !== null };
  }

  /** Whether it is the last of its line. */
  #endsLine(key: number, node: Known): boolean {
    return this.#newest.isNewest(key, node) || this.#lines.branch(key, node.branch).end === node.depth;
  }
}
