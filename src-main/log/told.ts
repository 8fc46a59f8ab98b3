import type { Database, Statement } from 'better-sqlite3';
import type { EventData } from '#shared/domain/events.ts';
import type { Branch } from '#shared/domain/summary.ts';
import { type Packed, packed, unpacked } from './ids.ts';
import type { Keys } from './keys.ts';
import type { BranchRow, Lines, PathRow } from './lines.ts';
import type { PathSummary } from './log.ts';
import type { Rows } from './rows.ts';

/** Summaries looked at in one go: mostly the newest is the one. */
const PAGE = 32;

interface SummaryRow {
  seq: number;
  branch: number | null;
  depth: number | null;
}

/** What hangs on a session's tree: branches, pinned nodes, summaries of paths, system texts. */
export class Told {
  readonly #rows: Rows;
  readonly #keys: Keys;
  readonly #lines: Lines;
  readonly #branches: Statement<[number, number], BranchRow>;
  readonly #head: Statement<[number], Packed | null>;
  readonly #name: Statement<[number, Packed], number>;
  readonly #pins: Statement<[number], Packed>;
  readonly #summaries: Statement<[number, number], SummaryRow>;
  readonly #summary: Statement<[number, Packed], number>;
  readonly #system: Statement<[number, string], number>;

  constructor(db: Database, { rows, keys, lines }: { rows: Rows; keys: Keys; lines: Lines }) {
    this.#rows = rows;
    this.#keys = keys;
    this.#lines = lines;
    this.#branches = db.prepare(
      `SELECT branch, id, depth, parent, level, jump, head, "end", updated_at FROM branches
       WHERE session = ? ORDER BY head DESC LIMIT ?`,
    );
    this.#head = db.prepare<[number], Packed | null>('SELECT head FROM sessions WHERE key = ?').pluck();
    this.#name = db
      .prepare<[number, Packed], number>('SELECT seq FROM branch_names WHERE session = ? AND node = ?')
      .pluck();
    this.#pins = db.prepare<[number], Packed>('SELECT node FROM pins WHERE session = ?').pluck();
    this.#summaries = db.prepare(
      `SELECT seq, branch, depth FROM summaries WHERE session = ? AND seq < ? ORDER BY seq DESC LIMIT ${PAGE}`,
    );
    this.#summary = db
      .prepare<[number, Packed], number>(
        'SELECT seq FROM summaries WHERE session = ? AND id = ? ORDER BY seq DESC LIMIT 1',
      )
      .pluck();
    this.#system = db
      .prepare<[number, string], number>('SELECT seq FROM system_texts WHERE session = ? AND hash = ?')
      .pluck();
  }

  branches(session: string, limit: number): { branches: Branch[]; total: number } {
    const key = this.#keys.of(session);
    if (key === undefined) return { branches: [], total: 0 };
    const head = this.#head.get(key);
    const shown = head == null ? undefined : this.#lines.known(key, unpacked(head))?.branch;
    const rows = this.#branches.all(key, limit);
    return {
      branches: rows.flatMap((row) => this.#branch(session, key, row, row.branch === shown) ?? []),
      total: this.#lines.count(key),
    };
  }

  /** Those on the path to a node that were pinned, oldest first. */
  pinned(session: string, node: string): string[] {
    const found = this.#find(session, node);
    if (found === undefined) return [];
    const { key, end } = found;
    const pins = this.#pins.all(key).flatMap((each) => {
      const id = unpacked(each);
      const pin = this.#lines.known(key, id);
      return pin !== undefined && this.#lines.isOnPath(key, pin, end) ? [{ id, depth: pin.depth }] : [];
    });
    return pins.sort((a, b) => a.depth - b.depth).map(({ id }) => id);
  }

  summaryOn(session: string, node: string): PathSummary | null {
    const found = this.#find(session, node);
    if (found === undefined) return null;
    const { key, end } = found;
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const page = this.#summaries.all(key, before);
      for (const { seq, branch, depth } of page) {
        if (branch === null || depth === null || !this.#lines.isOnPath(key, { branch, depth }, end)) continue;
        const data = this.#told(session, seq);
        if (data !== null) return { data, depth };
      }
      if (page.length < PAGE) return null;
      before = page.at(-1)!.seq;
    }
  }

  summary(session: string, summary: string): EventData<'history.summarized'> | null {
    const key = this.#keys.of(session);
    const seq = key === undefined ? undefined : this.#summary.get(key, packed(summary));
    return seq === undefined ? null : this.#told(session, seq);
  }

  systemText(session: string, hash: string): string | null {
    const key = this.#keys.of(session);
    const seq = key === undefined ? undefined : this.#system.get(key, hash);
    const event = seq === undefined ? undefined : this.#rows.at(session, seq);
    return event?.type === 'system.told' ? event.data.text : null;
  }

  #find(session: string, node: string): { key: number; end: PathRow } | undefined {
    const key = this.#keys.of(session);
    const end = key === undefined ? undefined : this.#lines.node(key, node);
    return key === undefined || end === undefined ? undefined : { key, end };
  }

  #told(session: string, seq: number): EventData<'history.summarized'> | null {
    const event = this.#rows.at(session, seq);
    return event?.type === 'history.summarized' ? event.data : null;
  }

  /** Undefined: its newest node cannot be read. */
  #branch(session: string, key: number, row: BranchRow, shown: boolean): Branch | undefined {
    const head = this.#lines.idAt(key, row.head);
    if (head === undefined) return undefined;
    const named = this.#name.get(key, row.id);
    const event = named === undefined ? undefined : this.#rows.at(session, named);
    const parent = this.#lines.parent(key, row);
    return {
      branch: unpacked(row.id),
      name: event?.type === 'branch.named' ? event.data.name : null,
      head,
      parent: (parent && this.#lines.idAt(key, parent.seq)) ?? null,
      depth: row.depth,
      nodes: row.end - row.depth + 1,
      updatedAt: row.updated_at,
      shown,
    };
  }
}
