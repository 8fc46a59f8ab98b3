import type { Database, Statement } from 'better-sqlite3';
import type { Event } from '#shared/domain/events.ts';
import { emptySession, foldNode, foldSession, type SessionView } from '#shared/domain/session.ts';
import type { SessionSummary } from '#shared/domain/summary.ts';
import type { TurnState } from '#shared/domain/things.ts';
import type { SessionShape } from './log.ts';
import type { Rows } from './rows.ts';

interface NodeRow {
  id: string;
  parent: string | null;
  kind: 'message' | 'turn';
  seq: number;
  state: TurnState | null;
  connecting: number | null;
  finished: number | null;
}
interface SessionRow {
  version: number;
  title: string;
  renamed: number;
  head: string | null;
  created_seq: number;
  title_seq: number;
  head_seq: number | null;
}
interface SummaryRow {
  id: string;
  title: string;
  created_at: number;
  updated_at: number;
  messages: number;
  target: string | null;
  state: TurnState | null;
  speaker: string | null;
}

const NODE = 'id, parent, kind, seq, state, connecting, finished';
const SUMMARY = `
  SELECT s.id, s.title, s.created_at, s.updated_at, s.messages, n.state,
    json_extract(target.data, '$.to') AS target, json_extract(request.data, '$.speaker') AS speaker
  FROM sessions s
  LEFT JOIN events target ON target.seq = s.target_seq
  LEFT JOIN nodes n ON n.session = s.id AND n.id = s.last_turn
  LEFT JOIN events request ON request.seq = n.seq`;

/** Views, folded by the pure functions of the domain from the events that the tables of the tree point at. */
export class Reader {
  readonly #rows: Rows;
  readonly #session: Statement<[string], SessionRow>;
  readonly #nodes: Statement<[string], NodeRow>;
  readonly #before: Statement<[string, number, number], NodeRow>;
  readonly #path: Statement<[string, string, string], NodeRow>;
  readonly #queue: Statement<[string], { id: string; place: number; seq: number }>;
  readonly #unfinished: Statement<[], { session: string; turn: string }>;
  readonly #one: Statement<[string], SummaryRow>;
  readonly #list: Statement<[number, string, number], SummaryRow>;

  constructor(db: Database, rows: Rows) {
    this.#rows = rows;
    this.#session = db.prepare('SELECT * FROM sessions WHERE id = ?');
    this.#nodes = db.prepare(`SELECT ${NODE} FROM nodes WHERE session = ? ORDER BY seq`);
    this.#before = db.prepare(`SELECT ${NODE} FROM nodes WHERE session = ? AND seq < ? ORDER BY seq DESC LIMIT ?`);
    this.#path = db.prepare(
      `WITH RECURSIVE up AS (
         SELECT ${NODE} FROM nodes WHERE session = ? AND id = ?
         UNION ALL
         SELECT n.id, n.parent, n.kind, n.seq, n.state, n.connecting, n.finished
         FROM up JOIN nodes n ON n.session = ? AND n.id = up.parent
       ) SELECT * FROM up`,
    );
    this.#queue = db.prepare('SELECT message AS id, place, seq FROM queue WHERE session = ?');
    this.#unfinished = db.prepare('SELECT session, id AS turn FROM nodes WHERE parts = 1 AND finished IS NULL');
    this.#one = db.prepare(`${SUMMARY} WHERE s.id = ?`);
    this.#list = db.prepare(
      `${SUMMARY} WHERE (s.updated_at, s.id) < (?, ?) ORDER BY s.updated_at DESC, s.id DESC LIMIT ?`,
    );
  }

  shape(id: string): SessionShape | null {
    const session = this.#session.get(id);
    if (session === undefined) return null;
    const { version, title, renamed, head } = session;
    const nodes: SessionShape['nodes'] = new Map();
    for (const { id: node, parent, kind, seq, state } of this.#nodes.all(id))
      nodes.set(node, { parent, kind, seq, state });
    const waiting = this.#queue.all(id).sort((a, b) => a.place - b.place);
    const queue = waiting.flatMap((each) => {
      const event = this.#rows.at(each.seq);
      if (event?.type !== 'queue.added' && event?.type !== 'queue.edited') return [];
      return { id: each.id, seq: each.seq, text: event.data.text, to: event.data.to };
    });
    return { id, version, title, renamed: renamed === 1, head, nodes, queue };
  }

  snapshot(id: string, limit: number): { view: SessionView; seq: number; more: boolean } | null {
    const session = this.#session.get(id);
    if (session === undefined) return null;
    const nodes = this.#before.all(id, Number.MAX_SAFE_INTEGER, limit + 1);
    const more = nodes.length > limit;
    const pointers = [session.created_seq, session.title_seq, session.head_seq];
    for (const { place, seq } of this.#queue.all(id)) pointers.push(place, seq);
    const events = this.#events(id, nodes.slice(0, limit), pointers);
    const seq = this.#rows.newestOf(id);
    return { view: { ...events.reduce(foldSession, emptySession(id)), seq }, seq, more };
  }

  older(id: string, before: number, limit: number): { events: Event[]; more: boolean } {
    const nodes = this.#before.all(id, before, limit + 1);
    return { events: this.#events(id, nodes.slice(0, limit)), more: nodes.length > limit };
  }

  path(id: string, node: string): SessionView['nodes'][string][] {
    const up = this.#path.all(id, node, id);
    const nodes: SessionView['nodes'] = {};
    for (const event of this.#events(id, up)) {
      const changed = foldNode(nodes, event);
      if (changed !== undefined) nodes[changed.id] = changed;
    }
    return up.reverse().flatMap((each) => nodes[each.id] ?? []);
  }

  summaries(page: { before?: { updatedAt: number; id: string }; limit: number; only?: string }) {
    if (page.only !== undefined) return { sessions: this.#one.all(page.only).map(summary), more: false };
    const { updatedAt, id } = page.before ?? { updatedAt: Number.MAX_SAFE_INTEGER, id: '' };
    const rows = this.#list.all(updatedAt, id, page.limit + 1);
    return { sessions: rows.slice(0, page.limit).map(summary), more: rows.length > page.limit };
  }

  unfinished(): { session: string; turn: string }[] {
    return this.#unfinished.all();
  }

  /**
   * Events that fold to these nodes, in order. A turn that has ended needs its request, its last attempt and its end; one
   * that runs needs all there is.
   */
  #events(session: string, nodes: readonly NodeRow[], pointers: (number | null)[] = []): Event[] {
    const wanted = new Set(pointers);
    const events: Event[] = [];
    for (const { id, kind, seq, connecting, finished } of nodes) {
      if (kind === 'turn' && finished === null) events.push(...this.#rows.ofTurn(session, id, seq));
      else for (const each of [seq, connecting, finished]) wanted.add(each);
    }
    const here = new Set(events.map((event) => event.seq));
    for (const seq of wanted) {
      const event = seq === null || here.has(seq) ? undefined : this.#rows.at(seq);
      if (event !== undefined) events.push(event);
    }
    return events.sort((a, b) => a.seq - b.seq);
  }
}

const summary = (row: SummaryRow): SessionSummary => ({
  id: row.id,
  title: row.title,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  messages: row.messages,
  to: row.target === null ? null : JSON.parse(row.target),
  last: row.state === null || row.speaker === null ? null : { speaker: JSON.parse(row.speaker), state: row.state },
});
