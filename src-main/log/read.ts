import type { Database, Statement } from 'better-sqlite3';
import type { Event, EventData } from '#shared/domain/events.ts';
import { joinParts } from '#shared/domain/parts.ts';
import { emptySession, foldNode, foldSession, type SessionView, type TurnNode } from '#shared/domain/session.ts';
import type { SessionSummary } from '#shared/domain/summary.ts';
import type { Made, TurnState } from '#shared/domain/things.ts';
import { readable } from './json.ts';
import type { SessionShape } from './log.ts';
import type { Rows } from './rows.ts';
import type { Running } from './running.ts';

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
  head: string | null;
  updated_at: number;
  made_by: string | null;
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
  last_turn: string | null;
  target: string | null;
  state: TurnState | null;
  speaker: string | null;
}

const NODE = 'id, parent, kind, seq, state, connecting, finished';
const SUMMARY = `
  SELECT s.id, s.title, s.created_at, s.updated_at, s.messages, s.last_turn, n.state,
    ${readable('target.data')} -> '$.to' AS target, ${readable('request.data')} -> '$.speaker' AS speaker
  FROM sessions s
  LEFT JOIN events target ON target.seq = s.target_seq
  LEFT JOIN nodes n ON n.session = s.id AND n.id = s.last_turn
  LEFT JOIN events request ON request.seq = n.seq`;
/** What was made for one answer is in no list; the condition of the index, literally. */
const LISTED = `s.made_by IS NOT 'completion'`;

/** Views, folded by the pure functions of the domain from the events that the tables of the tree point at. */
export class Reader {
  readonly #rows: Rows;
  readonly #running: Running;
  readonly #session: Statement<[string], SessionRow>;
  readonly #nodes: Statement<[string], NodeRow>;
  readonly #before: Statement<[string, number, number], NodeRow>;
  readonly #node: Statement<[string, string], NodeRow>;
  readonly #sessionOf: Statement<[string], string>;
  readonly #path: Statement<[string, string | null, string, number], NodeRow>;
  readonly #queue: Statement<[string], { id: string; place: number; seq: number }>;
  readonly #one: Statement<[string], SummaryRow>;
  readonly #list: Statement<[number, string, number], SummaryRow>;
  readonly #oldCompletions: Statement<[number], string>;

  constructor(db: Database, rows: Rows, running: Running) {
    this.#rows = rows;
    this.#running = running;
    this.#session = db.prepare('SELECT * FROM sessions WHERE id = ?');
    this.#nodes = db.prepare(`SELECT ${NODE} FROM nodes WHERE session = ? ORDER BY seq`);
    this.#before = db.prepare(`SELECT ${NODE} FROM nodes WHERE session = ? AND seq < ? ORDER BY seq DESC LIMIT ?`);
    this.#node = db.prepare(`SELECT ${NODE} FROM nodes WHERE session = ? AND id = ?`);
    this.#sessionOf = db
      .prepare<[string], string>(`SELECT session FROM nodes WHERE id = ? AND kind = 'turn' LIMIT 1`)
      .pluck();
    this.#path = db.prepare(
      `WITH RECURSIVE up AS (
         SELECT ${NODE} FROM nodes WHERE session = ? AND id = ?
         UNION ALL
         SELECT n.id, n.parent, n.kind, n.seq, n.state, n.connecting, n.finished
         FROM up JOIN nodes n ON n.session = ? AND n.id = up.parent
       ) SELECT * FROM up LIMIT ?`,
    );
    this.#queue = db.prepare('SELECT message AS id, place, seq FROM queue WHERE session = ?');
    this.#one = db.prepare(`${SUMMARY} WHERE s.id = ? AND ${LISTED}`);
    this.#list = db.prepare(
      `${SUMMARY} WHERE ${LISTED} AND (s.updated_at, s.id) < (?, ?) ORDER BY s.updated_at DESC, s.id DESC LIMIT ?`,
    );
    this.#oldCompletions = db
      .prepare<[number], string>(
        `SELECT id FROM sessions WHERE made_by = 'completion' AND updated_at < ? ORDER BY updated_at LIMIT 100`,
      )
      .pluck();
  }

  shape(id: string): SessionShape | null {
    const session = this.#session.get(id);
    if (session === undefined) return null;
    const { version, title, head, updated_at: updatedAt } = session;
    const made = this.#made(session);
    const nodes: SessionShape['nodes'] = new Map();
    for (const { id: node, parent, kind, seq, state } of this.#nodes.all(id))
      nodes.set(node, { parent, kind, seq, state: this.#running.streams(id, node) ? 'streaming' : state });
    const waiting = this.#queue.all(id).sort((a, b) => a.place - b.place);
    const queue = waiting.flatMap((each) => {
      const event = this.#rows.at(each.seq);
      if (event?.type !== 'queue.added' && event?.type !== 'queue.edited') return [];
      return { id: each.id, seq: each.seq, text: event.data.text, to: event.data.to };
    });
    return { id, version, title, made, updatedAt, head, nodes, queue };
  }

  snapshot(id: string, limit: number): { view: SessionView; seq: number; more: boolean } | null {
    const session = this.#session.get(id);
    if (session === undefined) return null;
    const newest = this.#before.all(id, Number.MAX_SAFE_INTEGER, limit + 1);
    const more = newest.length > limit;
    // When an older branch is selected, its end may be older than those.
    const shown = more ? this.#path.all(id, session.head, id, limit) : [];
    const nodes = new Map([...newest.slice(0, limit), ...shown].map((node) => [node.id, node]));
    const pointers = [session.created_seq, session.title_seq, session.head_seq];
    for (const { place, seq } of this.#queue.all(id)) pointers.push(place, seq);
    const events = this.#events(id, nodes.values(), pointers);
    const seq = this.#rows.newestOf(id);
    return { view: { ...events.reduce(foldSession, emptySession(id)), seq }, seq, more };
  }

  older(id: string, before: number, limit: number): { events: Event[]; more: boolean } {
    const nodes = this.#before.all(id, before, limit + 1);
    return { events: this.#events(id, nodes.slice(0, limit)), more: nodes.length > limit };
  }

  path(id: string, node: string): SessionView['nodes'][string][] {
    // Which attempt it was does not matter here.
    const up = this.#path.all(id, node, id, -1).map((each) => ({ ...each, connecting: null }));
    const nodes = folded(this.#events(id, up));
    return up.reverse().flatMap((each) => nodes[each.id] ?? []);
  }

  turn(session: string, id: string): TurnNode | null {
    const row = this.#node.get(session, id);
    const node = row && folded(this.#events(session, [row]))[id];
    return node?.kind === 'turn' ? node : null;
  }

  request(session: string, turn: string): EventData<'turn.requested'> | null {
    const row = this.#node.get(session, turn);
    const event = row && this.#rows.at(row.seq);
    return event?.type === 'turn.requested' ? event.data : null;
  }

  sessionOfTurn(turn: string): string | null {
    return this.#sessionOf.get(turn) ?? null;
  }

  summaries(page: { before?: { updatedAt: number; id: string }; limit: number; only?: string }) {
    if (page.only !== undefined)
      return { sessions: this.#one.all(page.only).map((row) => this.#summary(row)), more: false };
    const { updatedAt, id } = page.before ?? { updatedAt: Number.MAX_SAFE_INTEGER, id: '' };
    const rows = this.#list.all(updatedAt, id, page.limit + 1);
    return { sessions: rows.slice(0, page.limit).map((row) => this.#summary(row)), more: rows.length > page.limit };
  }

  oldCompletions(before: number): string[] {
    return this.#oldCompletions.all(before);
  }

  unfinished(): { session: string; turn: string }[] {
    return this.#running.all();
  }

  /**
   * Events that fold to these nodes, in order. A turn that has ended needs its request, its last attempt and its end; one
   * that runs needs all there is.
   */
  #events(session: string, nodes: Iterable<NodeRow>, pointers: (number | null)[] = []): Event[] {
    const events = new Map<number, Event>();
    const add = (event: Event | undefined) => {
      if (event !== undefined && !events.has(event.seq)) events.set(event.seq, event);
      return event !== undefined;
    };
    const at = (seq: number | null) => (seq === null ? undefined : this.#rows.at(seq));
    for (const { id, kind, seq, connecting, finished } of nodes) {
      if (kind === 'turn' && finished === null)
        for (const event of joinParts(this.#rows.ofTurn(session, id, seq))) add(event);
      else {
        const ended = add(at(finished));
        add(at(connecting));
        const first = at(seq);
        add(ended && first !== undefined ? withoutText(first) : first);
      }
    }
    for (const seq of pointers) if (seq !== null && !events.has(seq)) add(at(seq));
    return [...events.values()].sort((a, b) => a.seq - b.seq);
  }

  #made({ made_by: by, created_seq: seq }: SessionRow): Made | null {
    const event = by === null ? undefined : this.#rows.at(seq);
    return (event?.type === 'session.created' && event.data.made) || null;
  }

  #summary(row: SummaryRow): SessionSummary {
    const { id, title, created_at: createdAt, updated_at: updatedAt, messages, target, speaker, last_turn: turn } = row;
    const state = turn !== null && this.#running.streams(id, turn) ? 'streaming' : row.state;
    return {
      id,
      title,
      createdAt,
      updatedAt,
      messages,
      to: target === null ? null : JSON.parse(target),
      last: state === null || speaker === null ? null : { speaker: JSON.parse(speaker), state },
    };
  }
}

function folded(events: readonly Event[]): SessionView['nodes'] {
  const nodes: SessionView['nodes'] = {};
  for (const event of events) {
    const changed = foldNode(nodes, event);
    if (changed !== undefined) nodes[changed.id] = changed;
  }
  return nodes;
}

/** The end of a turn has the text that it began with. */
function withoutText(event: Event): Event {
  if (event.type !== 'turn.requested' || event.data.from === undefined) return event;
  return { ...event, data: { ...event.data, from: { ...event.data.from, text: '', reasoning: '' } } };
}
