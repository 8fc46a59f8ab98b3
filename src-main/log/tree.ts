import type { Database, Statement } from 'better-sqlite3';
import type { Event, EventData, EventOf, EventType } from '#shared/domain/events.ts';
import { packed } from './ids.ts';
import type { Keys } from './keys.ts';
import type { Lines } from './lines.ts';
import { Nodes } from './nodes.ts';
import { sortable, stateCode } from './tree-tables.ts';

/** What tells of a turn on its way, or is kept to be referred to: no decision depends on it, so it changes no version. */
const onTheWay: ReadonlySet<EventType> = new Set([
  'turn.connecting',
  'turn.waiting',
  'turn.part',
  'turn.timed',
  'turn.sent',
  'system.told',
  'history.summarized',
]);

/** Values that sessions have in common of which the keys are remembered. */
const REMEMBERED = 256;

interface TreeParts {
  keys: Keys;
  lines: Lines;
  /** Sequence of the newest event of a session. */
  newest: (session: string) => number;
}

/** Writes what events mean for the tables of the tree, in the transaction in which they are committed. */
export class Tree {
  readonly #parts: TreeParts;
  readonly #nodes: Nodes;
  readonly #version: Statement<[number], number>;
  readonly #create: Statement<unknown[]>;
  readonly #change: Statement<unknown[]>;
  readonly #rename: Statement<unknown[]>;
  readonly #arrange: Statement<unknown[]>;
  readonly #enqueue: Statement<unknown[]>;
  readonly #edit: Statement<unknown[]>;
  readonly #dequeue: Statement<unknown[]>;
  readonly #move: Statement<unknown[]>;
  readonly #pin: Statement<unknown[]>;
  readonly #unpin: Statement<unknown[]>;
  readonly #name: Statement<unknown[]>;
  readonly #unname: Statement<unknown[]>;
  readonly #told: Statement<unknown[]>;
  readonly #summary: Statement<unknown[]>;
  readonly #answered: Statement<unknown[]>;
  readonly #job: Statement<unknown[], { key: number; finished: number }>;
  readonly #jobFinished: Statement<unknown[]>;
  readonly #shared: Statement<[string], number>;
  readonly #share: Statement<[string]>;
  readonly #erase: Statement<[number]>[];
  readonly #known = new Map<string, number>();

  constructor(db: Database, parts: TreeParts) {
    this.#parts = parts;
    this.#nodes = new Nodes(db, parts.lines);
    this.#version = db.prepare<[number], number>('SELECT version FROM sessions WHERE key = ?').pluck();
    this.#create = db.prepare(
      `INSERT INTO sessions (key, id, version, title, sort_title, created_at, updated_at, made_by, forked, job, filling,
         target, created_seq, title_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#change = db.prepare(
      `UPDATE sessions SET version = ?, head = coalesce(?, head), head_seq = coalesce(?, head_seq),
         window_seq = coalesce(?, window_seq), target = coalesce(?, target), speaker = coalesce(?, speaker),
         last_turn = coalesce(?, last_turn), messages = messages + ?, units = units + ?,
         updated_at = max(coalesce(?, updated_at), created_at) WHERE key = ?`,
    );
    this.#rename = db.prepare('UPDATE sessions SET title = ?, sort_title = ?, title_seq = ? WHERE key = ?');
    this.#arrange = db.prepare(
      `UPDATE sessions SET pinned = coalesce(?, pinned), archived = coalesce(?, archived),
         folder = iif(?, ?, folder), tags = iif(?, ?, tags),
         trashed_at = CASE ? WHEN 1 THEN coalesce(trashed_at, ?) WHEN 0 THEN NULL ELSE trashed_at END WHERE key = ?`,
    );
    this.#enqueue = db.prepare('INSERT INTO queue (session, message, place, seq) VALUES (?, ?, ?, ?)');
    this.#edit = db.prepare('UPDATE queue SET seq = ? WHERE session = ? AND message = ?');
    this.#dequeue = db.prepare('DELETE FROM queue WHERE session = ? AND message = ?');
    this.#move = db.prepare('INSERT INTO moves (session, seq) VALUES (?, ?)');
    this.#pin = db.prepare('INSERT OR REPLACE INTO pins (session, node, seq) VALUES (?, ?, ?)');
    this.#unpin = db.prepare('DELETE FROM pins WHERE session = ? AND node = ?');
    this.#name = db.prepare('INSERT OR REPLACE INTO branch_names (session, node, seq) VALUES (?, ?, ?)');
    this.#unname = db.prepare('DELETE FROM branch_names WHERE session = ? AND node = ?');
    this.#told = db.prepare('INSERT OR IGNORE INTO system_texts (session, hash, seq) VALUES (?, ?, ?)');
    this.#summary = db.prepare('INSERT INTO summaries (session, seq, id, branch, depth) VALUES (?, ?, ?, ?, ?)');
    this.#answered = db.prepare('INSERT OR IGNORE INTO answered (session, specialist) VALUES (?, ?)');
    this.#job = db.prepare(
      'INSERT INTO jobs (id, finished) VALUES (?, 0) ON CONFLICT (id) DO UPDATE SET id = id RETURNING key, finished',
    );
    this.#jobFinished = db.prepare('UPDATE jobs SET finished = 1, at = ? WHERE id = ? AND finished = 0');
    this.#shared = db.prepare<[string], number>('SELECT key FROM shared WHERE json = ?').pluck();
    this.#share = db.prepare('INSERT INTO shared (json) VALUES (?)');
    const tables = [
      'nodes',
      'branches',
      'queue',
      'moves',
      'pins',
      'branch_names',
      'system_texts',
      'summaries',
      'answered',
    ];
    this.#erase = ['sessions WHERE key', ...tables.map((table) => `${table} WHERE session`)].map((which) =>
      db.prepare(`DELETE FROM ${which} = ?`),
    );
  }

  version(session: string): number {
    const key = this.#parts.keys.of(session);
    if (key === undefined) return 0;
    return this.#version.get(key) ?? this.#parts.newest(session);
  }

  /** After a transaction that was rolled back. */
  forget(): void {
    this.#nodes.forget();
    this.#known.clear();
  }

  /** Events of one session, in order. */
  write(events: readonly Event[]): void {
    const [first] = events;
    if (first === undefined || events.every(({ type }) => type === 'turn.part')) return;
    const key = this.#parts.keys.make(first.session);
    const change: Change = { version: 0, messages: 0, units: 0 };
    for (const event of events) {
      if (onTheWay.has(event.type)) this.#onTheWay(event, key);
      else {
        change.version = event.seq;
        this.#write(event, key, change);
      }
    }
    if (change.version === 0) return;
    this.#change.run(
      change.version,
      change.head === undefined ? null : packed(change.head),
      change.headSeq ?? null,
      change.windowSeq ?? null,
      change.target ?? null,
      change.speaker ?? null,
      change.turn ?? null,
      change.messages,
      change.units,
      change.updatedAt ?? null,
      key,
    );
  }

  #onTheWay(event: Event, key: number): void {
    const { lines } = this.#parts;
    const { seq } = event;
    switch (event.type) {
      case 'turn.connecting':
        this.#nodes.connecting(key, event.data.turn, seq, event.data.attempt);
        break;
      case 'turn.sent':
        this.#nodes.sent(key, event.data.turn, seq);
        break;
      case 'system.told':
        this.#told.run(key, event.data.hash, seq);
        break;
      case 'history.summarized': {
        const place = lines.known(key, event.data.upTo);
        this.#summary.run(key, seq, packed(event.data.summary), place?.branch ?? null, place?.depth ?? null);
        break;
      }
    }
  }

  #write(event: Event, key: number, change: Change): void {
    const { seq, at } = event;
    switch (event.type) {
      case 'session.created':
        this.#created(event, key);
        break;
      case 'session.deleted':
        for (const erase of this.#erase) erase.run(key);
        this.#nodes.forgetSession(key);
        break;
      case 'session.renamed':
        this.#rename.run(event.data.title, sortable(event.data.title), seq, key);
        break;
      case 'session.arranged':
        this.#arranged(event.data, at, key);
        break;
      case 'window.set':
        change.windowSeq = seq;
        break;
      case 'node.pinned':
        if (event.data.pinned) this.#pin.run(key, packed(event.data.node), seq);
        else this.#unpin.run(key, packed(event.data.node));
        break;
      case 'branch.named':
        if (event.data.name === null) this.#unname.run(key, packed(event.data.branch));
        else this.#name.run(key, packed(event.data.branch), seq);
        break;
      case 'head.moved':
        this.#move.run(key, seq);
        change.head = event.data.head;
        change.headSeq = seq;
        break;
      case 'message.added': {
        const { message, parent, text, to } = event.data;
        this.#nodes.add(key, { id: message, parent, seq, at, units: text.length });
        change.messages++;
        change.units += text.length;
        moveTo(change, message, event);
        change.target = this.#common(to);
        break;
      }
      case 'turn.requested': {
        const { turn, parent, to, speaker } = event.data;
        this.#nodes.add(key, { id: turn, parent, seq, at, units: 0, state: stateCode('queued') });
        if (speaker.specialist !== undefined) this.#answered.run(key, speaker.specialist);
        change.turn = seq;
        moveTo(change, turn, event);
        change.target = this.#common(to);
        change.speaker = this.#common(speaker);
        break;
      }
      case 'turn.finished':
        change.units += this.#nodes.finished(event, key);
        change.updatedAt = at;
        break;
      case 'queue.added':
        this.#enqueue.run(key, packed(event.data.message), seq, seq);
        break;
      case 'queue.edited':
        this.#edit.run(seq, key, packed(event.data.message));
        break;
      case 'queue.removed':
        this.#dequeue.run(key, packed(event.data.message));
        break;
      case 'job.finished':
        this.#jobFinished.run(at, packed(event.data.job));
        break;
    }
  }

  #created({ seq, session, at, data }: EventOf<'session.created'>, key: number): void {
    const { title, to, made, forked } = data;
    const job = data.job === undefined ? undefined : this.#job.get(packed(data.job))!;
    this.#create.run(
      key,
      packed(session),
      seq,
      title,
      sortable(title),
      at,
      at,
      made?.by ?? null,
      forked === undefined ? null : packed(forked.session),
      job?.key ?? null,
      job?.finished === 0 ? 1 : 0,
      to === undefined ? null : this.#common(to),
      seq,
      seq,
    );
  }

  #arranged(change: EventData<'session.arranged'>, at: number, key: number): void {
    const { pinned, archived, trashed, folder, tags } = change;
    this.#arrange.run(
      flag(pinned),
      flag(archived),
      flag(folder !== undefined),
      folder ?? null,
      flag(tags !== undefined),
      tags === undefined || tags.length === 0 ? null : JSON.stringify(tags),
      flag(trashed),
      at,
      key,
    );
  }

  /** What many sessions have in common is kept once. */
  #common(value: object): number {
    const json = JSON.stringify(value);
    let key = this.#known.get(json);
    if (key === undefined) {
      key = this.#shared.get(json) ?? Number(this.#share.run(json).lastInsertRowid);
      if (this.#known.size >= REMEMBERED) this.#known.clear();
      this.#known.set(json, key);
    }
    return key;
  }
}

/** What a run of events does to the row of their session. */
interface Change {
  version: number;
  messages: number;
  units: number;
  head?: string;
  headSeq?: number;
  windowSeq?: number;
  target?: number;
  speaker?: number;
  turn?: number;
  updatedAt?: number;
}

const flag = (value: boolean | undefined): number | null => (value === undefined ? null : Number(value));

function moveTo(change: Change, head: string, { seq, at }: Event): void {
  change.head = head;
  change.headSeq = seq;
  change.updatedAt = at;
}
