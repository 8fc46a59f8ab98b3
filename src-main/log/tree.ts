import type { Database, Statement } from 'better-sqlite3';
import type { Event, EventType } from '#shared/domain/events.ts';
import type { Projection } from './rebuild.ts';

/** What a turn tells on its way: no decision depends on it, so it changes no version. */
const onTheWay: readonly EventType[] = ['turn.connecting', 'turn.waiting', 'turn.part', 'turn.timed'];

/**
 * Sessions, nodes of their trees and queues, as pointers into the log: bodies stay in the events. Raise the version
 * when the tables or what is written into them change; they are then filled anew.
 */
export const treeProjection: Projection = {
  name: 'tree',
  version: 2,
  tables: ['sessions', 'nodes', 'queue'],
  create: (db) =>
    db.exec(`
    CREATE TABLE sessions (
      id TEXT PRIMARY KEY,
      -- newest event that a decision may depend on
      version INTEGER NOT NULL,
      title TEXT NOT NULL,
      head TEXT,
      messages INTEGER NOT NULL DEFAULT 0,
      last_turn TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      -- null, 'program', or 'completion': that one is in no list
      made_by TEXT,
      -- the events that say so
      created_seq INTEGER NOT NULL,
      title_seq INTEGER NOT NULL,
      head_seq INTEGER,
      target_seq INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX sessions_by_update ON sessions (updated_at, id) WHERE made_by IS NOT 'completion';
    CREATE INDEX completions_by_update ON sessions (updated_at) WHERE made_by = 'completion';
    CREATE TABLE nodes (
      session TEXT NOT NULL,
      id TEXT NOT NULL,
      parent TEXT,
      kind TEXT NOT NULL,
      seq INTEGER NOT NULL,
      -- of turns: how it stands (that it streams is in memory only: running.ts), its newest attempt, its end, and
      -- whether parts of it may still be in the log
      state TEXT,
      connecting INTEGER,
      finished INTEGER,
      parts INTEGER,
      PRIMARY KEY (session, id)
    ) WITHOUT ROWID;
    CREATE INDEX nodes_in_order ON nodes (session, seq);
    CREATE INDEX turns ON nodes (id) WHERE kind = 'turn';
    CREATE INDEX nodes_with_parts ON nodes (finished) WHERE parts = 1;
    CREATE TABLE queue (
      session TEXT NOT NULL,
      message TEXT NOT NULL,
      -- where it was added, and its newest wording
      place INTEGER NOT NULL,
      seq INTEGER NOT NULL,
      PRIMARY KEY (session, message)
    ) WITHOUT ROWID;
  `),
};

/** Writes what events mean for the tables of the tree, in the transaction in which they are committed. */
export class Tree {
  readonly #version: Statement<[string], number>;
  readonly #newest: Statement<[string], number>;
  readonly #create: Statement<unknown[]>;
  readonly #change: Statement<unknown[]>;
  readonly #node: Statement<unknown[]>;
  readonly #connecting: Statement<unknown[]>;
  readonly #finish: Statement<unknown[]>;
  readonly #enqueue: Statement<unknown[]>;
  readonly #edit: Statement<unknown[]>;
  readonly #dequeue: Statement<[string, string]>;
  readonly #erase: Statement<[string]>[];

  constructor(db: Database) {
    this.#version = db.prepare<[string], number>('SELECT version FROM sessions WHERE id = ?').pluck();
    this.#newest = db
      .prepare<[string], number>(
        `SELECT seq FROM events WHERE session = ? AND type <> 'turn.part'
           AND type NOT IN (${onTheWay.map((type) => `'${type}'`).join(', ')}) ORDER BY seq DESC LIMIT 1`,
      )
      .pluck();
    this.#create = db.prepare(
      `INSERT INTO sessions (id, version, title, created_at, updated_at, made_by, created_seq, title_seq,
         target_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#change = db.prepare(
      `UPDATE sessions SET version = ?, title = coalesce(?, title),
         title_seq = coalesce(?, title_seq), head = coalesce(?, head), head_seq = coalesce(?, head_seq),
         target_seq = coalesce(?, target_seq), last_turn = coalesce(?, last_turn), messages = messages + ?,
         updated_at = coalesce(?, updated_at) WHERE id = ?`,
    );
    this.#node = db.prepare(
      'INSERT INTO nodes (session, id, parent, kind, seq, state, parts) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#connecting = db.prepare(
      `UPDATE nodes SET state = 'connecting', connecting = ? WHERE session = ? AND id = ? AND kind = 'turn'`,
    );
    this.#finish = db.prepare(
      `UPDATE nodes SET state = ?, finished = ? WHERE session = ? AND id = ? AND kind = 'turn'`,
    );
    this.#enqueue = db.prepare('INSERT INTO queue (session, message, place, seq) VALUES (?, ?, ?, ?)');
    this.#edit = db.prepare('UPDATE queue SET seq = ? WHERE session = ? AND message = ?');
    this.#dequeue = db.prepare('DELETE FROM queue WHERE session = ? AND message = ?');
    this.#erase = ['sessions WHERE id', 'nodes WHERE session', 'queue WHERE session'].map((which) =>
      db.prepare(`DELETE FROM ${which} = ?`),
    );
  }

  version(session: string): number {
    return this.#version.get(session) ?? this.#newest.get(session) ?? 0;
  }

  /** Events of one session, in order. */
  write(events: readonly Event[]): void {
    let change: Change | undefined;
    for (const event of events) {
      if (event.type === 'turn.connecting') this.#connecting.run(event.seq, event.session, event.data.turn);
      else if (onTheWay.includes(event.type)) continue;
      else {
        change ??= { session: event.session, version: 0, messages: 0 };
        change.version = event.seq;
        this.#write(event, change);
      }
    }
    if (change === undefined) return;
    this.#change.run(
      change.version,
      change.title ?? null,
      change.titleSeq ?? null,
      change.head ?? null,
      change.headSeq ?? null,
      change.targetSeq ?? null,
      change.turn ?? null,
      change.messages,
      change.updatedAt ?? null,
      change.session,
    );
  }

  #write(event: Event, change: Change): void {
    const { seq, session, at } = event;
    switch (event.type) {
      case 'session.created':
        this.#create.run(session, seq, event.data.title, at, at, event.data.made?.by ?? null, seq, seq, seq);
        break;
      case 'session.deleted':
        for (const erase of this.#erase) erase.run(session);
        break;
      case 'session.renamed':
        change.title = event.data.title;
        change.titleSeq = seq;
        break;
      case 'head.moved':
        change.head = event.data.head;
        change.headSeq = seq;
        break;
      case 'message.added':
        this.#node.run(session, event.data.message, event.data.parent, 'message', seq, null, null);
        change.messages++;
        moveTo(change, event.data.message, event);
        break;
      case 'turn.requested':
        this.#node.run(session, event.data.turn, event.data.parent, 'turn', seq, 'queued', 1);
        change.turn = event.data.turn;
        moveTo(change, event.data.turn, event);
        break;
      case 'turn.finished':
        this.#finish.run(event.data.state, seq, session, event.data.turn);
        change.updatedAt = at;
        break;
      case 'queue.added':
        this.#enqueue.run(session, event.data.message, seq, seq);
        break;
      case 'queue.edited':
        this.#edit.run(seq, session, event.data.message);
        break;
      case 'queue.removed':
        this.#dequeue.run(session, event.data.message);
        break;
    }
  }
}

/** What a run of events does to the row of their session. */
interface Change {
  session: string;
  version: number;
  messages: number;
  title?: string;
  titleSeq?: number;
  head?: string;
  headSeq?: number;
  targetSeq?: number;
  turn?: string;
  updatedAt?: number;
}

function moveTo(change: Change, head: string, { seq, at }: Event): void {
  change.head = head;
  change.headSeq = seq;
  change.targetSeq = seq;
  change.updatedAt = at;
}
