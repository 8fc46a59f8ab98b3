import type { Database, Statement } from 'better-sqlite3';
import type { Event, EventData, EventOf, EventType } from '#shared/domain/events.ts';
import { joinParts } from '#shared/domain/parts.ts';
import {
  emptySession,
  foldNode,
  foldSession,
  type Node,
  type SessionView,
  type TurnNode,
} from '#shared/domain/session.ts';
import { type Arrangement, type Made, type TurnState, usualWindow, windowOf } from '#shared/domain/things.ts';
import { type Packed, unpacked } from './ids.ts';
import type { Keys } from './keys.ts';
import { type Lines, PATH, type PathRow } from './lines.ts';
import type { PathPage, PathPiece, SessionShape } from './log.ts';
import type { Rows } from './rows.ts';
import type { Running } from './running.ts';
import { stateOf } from './tree-tables.ts';

interface SessionRow {
  key: number;
  version: number;
  title: string;
  head: Packed | null;
  updated_at: number;
  made_by: string | null;
  job: Packed | null;
  pinned: number;
  folder: string | null;
  tags: string | null;
  archived: number;
  trashed_at: number | null;
  created_seq: number;
  title_seq: number;
  head_seq: number | null;
  window_seq: number | null;
}

export interface ReaderParts {
  rows: Rows;
  running: Running;
  keys: Keys;
  lines: Lines;
}

/** Views, folded by the pure functions of the domain from the events that the tables of the tree point at. */
export class Reader {
  readonly #parts: ReaderParts;
  readonly #session: Statement<[number], SessionRow>;
  readonly #before: Statement<[number, number, number], PathRow>;
  readonly #queue: Statement<[number], { id: Packed; place: number; seq: number }>;
  readonly #marks: Statement<[number, number], number>;
  readonly #moved: Statement<[number, number], number>;

  constructor(db: Database, parts: ReaderParts) {
    this.#parts = parts;
    this.#session = db.prepare(
      `SELECT s.key, version, title, head, updated_at, made_by, pinned, folder, tags, archived, trashed_at, created_seq,
         title_seq, head_seq, window_seq, (SELECT j.id FROM jobs j WHERE j.key = s.job AND j.finished = 0) AS job
       FROM sessions s WHERE s.key = ?`,
    );
    this.#before = db.prepare(`SELECT ${PATH} FROM nodes WHERE session = ? AND seq < ? ORDER BY seq DESC LIMIT ?`);
    this.#queue = db.prepare('SELECT message AS id, place, seq FROM queue WHERE session = ?');
    this.#marks = db
      .prepare<[number, number], number>(
        'SELECT seq FROM pins WHERE session = ? UNION ALL SELECT seq FROM branch_names WHERE session = ?',
      )
      .pluck();
    this.#moved = db
      .prepare<[number, number], number>(
        'SELECT seq FROM moves WHERE session = ? AND seq <= ? ORDER BY seq DESC LIMIT 1',
      )
      .pluck();
  }

  shape(id: string, wanted: readonly (string | null)[] = []): SessionShape | null {
    const session = this.#row(id);
    if (session === undefined) return null;
    const { key, version, title, head, updated_at: updatedAt } = session;
    const { rows, running } = this.#parts;
    const made = this.#made(id, session);
    const turns = running.all().flatMap((each) => (each.session === id ? [each.turn] : []));
    const nodes: SessionShape['nodes'] = new Map();
    for (const node of new Set([...wanted, ...turns])) {
      const row = node === null ? undefined : this.#parts.lines.node(key, node);
      if (node !== null && row !== undefined) nodes.set(node, this.#shapeOf(id, key, node, row));
    }
    const waiting = this.#queue.all(key).sort((a, b) => a.place - b.place);
    const queue = waiting.flatMap((each) => {
      const event = rows.at(id, each.seq);
      if (event?.type !== 'queue.added' && event?.type !== 'queue.edited') return [];
      return { id: unpacked(each.id), seq: each.seq, text: event.data.text, to: event.data.to };
    });
    return {
      id,
      version,
      title,
      made,
      updatedAt,
      head: head === null ? null : unpacked(head),
      arrangement: arrangementOf(session),
      window:
        this.#event(id, session.window_seq, 'window.set')?.data.window ??
        (made === null ? usualWindow : windowOf(made)),
      job: session.job === null ? null : unpacked(session.job),
      nodes,
      queue,
    };
  }

  snapshot(id: string, limit: number): { view: SessionView; seq: number; more: boolean } | null {
    const session = this.#row(id);
    if (session === undefined) return null;
    const { key } = session;
    const { rows, lines } = this.#parts;
    const newest = this.#before.all(key, Number.MAX_SAFE_INTEGER, limit + 1);
    const more = newest.length > limit;
    // When an older branch is selected, its end may be older than those.
    const head = more && session.head !== null ? lines.known(key, unpacked(session.head)) : undefined;
    const shown = head === undefined ? [] : lines.path(key, head, Math.max(0, head.depth - limit + 1));
    const nodes = new Map([...newest.slice(0, limit), ...shown].map((node) => [node.seq, node]));
    const pointers = [session.created_seq, session.title_seq, session.head_seq, session.window_seq];
    for (const { place, seq } of this.#queue.all(key)) pointers.push(place, seq);
    pointers.push(...this.#marks.all(key, key));
    // The newest node tells for whom the last message was. Nodes are folded by themselves: a view is copied each time.
    if (newest[0] !== undefined) pointers.push(newest[0].seq);
    const told = rows.some(id, [...new Set(pointers.filter((pointer) => pointer !== null))]);
    const view = inOrder(told).reduce(foldSession, emptySession(id));
    const inTime = [...nodes.values()].sort((a, b) => a.seq - b.seq);
    const found = Object.fromEntries(this.#folded(id, key, inTime).map((node) => [node.id, node]));
    const seq = rows.newestOf(id);
    return { view: { ...view, nodes: found, arrangement: arrangementOf(session), seq }, seq, more };
  }

  older(id: string, before: number, limit: number): { events: Event[]; more: boolean } {
    const key = this.#parts.keys.of(id);
    if (key === undefined) return { events: [], more: false };
    const nodes = this.#before.all(key, before, limit + 1);
    return { events: this.#events(id, key, nodes.slice(0, limit)), more: nodes.length > limit };
  }

  up(id: string, node: string, limit: number): PathPiece {
    const end = this.#find(id, node);
    if (end === undefined) return { nodes: [], depth: 0, before: 0 };
    const { key } = end;
    const depth = Math.max(0, end.row.depth - limit + 1);
    const rows = this.#parts.lines.path(key, end.row, depth);
    const [first] = rows;
    const before = first === undefined ? undefined : this.#parts.lines.parent(key, first);
    return { nodes: this.#folded(id, key, rows, 'uncounted'), depth, before: before?.units ?? 0 };
  }

  path(
    id: string,
    { to, around, from, limit }: { to?: string; around?: string; from?: number; limit: number },
  ): PathPage | null {
    const session = this.#row(id);
    if (session === undefined) return null;
    const { key, head: shown } = session;
    const { lines } = this.#parts;
    let end = to ?? (shown === null ? undefined : unpacked(shown));
    let head = to === undefined ? end && lines.known(key, end) : lines.node(key, to);
    const middle = around === undefined ? undefined : lines.node(key, around);
    if ((to !== undefined && !head) || (around !== undefined && middle === undefined)) return null;
    if (middle !== undefined && !(head && lines.isOnPath(key, middle, head))) {
      head = lines.leaf(key, middle);
      end = lines.idAt(key, head.seq) ?? around;
    }
    if (!head || end === undefined) return null;
    const length = head.depth + 1;
    const last = Math.max(0, length - limit);
    const first = middle === undefined ? Math.min(from ?? last, length) : clamp(middle.depth - (limit >> 1), last);
    const rows = lines.path(key, head, first, Math.min(first + limit, length) - 1);
    const seq = this.#parts.rows.newestOf(id);
    const families = lines.families(key, rows);
    return { head: end, length, from: first, nodes: this.#folded(id, key, rows), families, seq };
  }

  nodes(id: string, wanted: readonly string[]): { nodes: Node[]; seq: number } {
    const key = this.#parts.keys.of(id);
    if (key === undefined) return { nodes: [], seq: 0 };
    const rows = [...new Set(wanted)].flatMap((node) => this.#parts.lines.node(key, node) ?? []);
    return { nodes: this.#folded(id, key, rows), seq: this.#parts.rows.newestOf(id) };
  }

  leaf(id: string, node: string): string | null {
    const found = this.#find(id, node);
    if (found === undefined) return null;
    const { lines } = this.#parts;
    return lines.idAt(found.key, lines.leaf(found.key, found.row).seq) ?? node;
  }

  headAt(id: string, seq: number): string | null {
    const key = this.#parts.keys.of(id);
    if (key === undefined) return null;
    const [newest] = this.#before.all(key, seq + 1, 1);
    const moved = this.#moved.get(key, seq);
    if (moved !== undefined && moved > (newest?.seq ?? 0))
      return this.#event(id, moved, 'head.moved')?.data.head ?? null;
    return newest === undefined ? null : (this.#parts.lines.idAt(key, newest.seq) ?? null);
  }

  turn(id: string, turn: string): TurnNode | null {
    const found = this.#find(id, turn);
    const [node] = found === undefined ? [] : this.#folded(id, found.key, [found.row]);
    return node?.kind === 'turn' ? node : null;
  }

  request(id: string, turn: string): EventData<'turn.requested'> | null {
    return this.#event(id, this.#find(id, turn)?.row.seq, 'turn.requested')?.data ?? null;
  }

  sent(id: string, turn: string): EventData<'turn.sent'> | null {
    const row = this.#find(id, turn)?.row;
    return this.#event(id, row?.sent == null ? null : row.seq + row.sent, 'turn.sent')?.data ?? null;
  }

  event(id: string, seq: number): Event | null {
    return this.#parts.rows.at(id, seq) ?? null;
  }

  sessionOfTurn(turn: string): string | null {
    const key = this.#parts.lines.sessionOf(turn);
    return key === undefined ? null : this.#parts.keys.id(key);
  }

  unfinished(): { session: string; turn: string }[] {
    return this.#parts.running.all();
  }

  /** These nodes, in this order, each with its depth; those whose events cannot be read are left out. */
  #folded(
    session: string,
    key: number,
    nodes: readonly PathRow[],
    attempts: 'counted' | 'uncounted' = 'counted',
  ): Node[] {
    const events = this.#parts.rows.some(session, sequencesOf(nodes, attempts));
    const found: Node[] = [];
    for (const row of nodes) {
      const node = folded(runs(row) ? this.#ofRunning(session, key, row) : eventsOf(row, events));
      if (node === undefined) continue;
      // The fold of a page cannot know these.
      node.depth = row.depth;
      if (node.kind === 'turn' && attempts === 'counted' && isFirst(row)) node.attempt = 1;
      found.push(node);
    }
    return found;
  }

  #find(id: string, node: string): { key: number; row: PathRow } | undefined {
    const key = this.#parts.keys.of(id);
    const row = key === undefined ? undefined : this.#parts.lines.node(key, node);
    return key === undefined || row === undefined ? undefined : { key, row };
  }

  #row(id: string): SessionRow | undefined {
    const key = this.#parts.keys.of(id);
    return key === undefined ? undefined : this.#session.get(key);
  }

  #shapeOf(
    session: string,
    key: number,
    id: string,
    row: PathRow,
  ): NonNullable<ReturnType<SessionShape['nodes']['get']>> {
    const { lines, running } = this.#parts;
    const before = lines.parent(key, row);
    const parent = before === undefined ? null : (lines.idAt(key, before.seq) ?? null);
    const streams = running.streams(session, id);
    const state: TurnState | null = streams ? 'streaming' : stateOf(row.state);
    const kind = row.state === null ? 'message' : 'turn';
    return { parent, kind, seq: row.seq, state };
  }

  /** Events that fold to these nodes, in order. */
  #events(session: string, key: number, nodes: readonly PathRow[]): Event[] {
    const events = this.#parts.rows.some(session, sequencesOf(nodes, 'all'));
    return nodes
      .flatMap((row) => (runs(row) ? this.#ofRunning(session, key, row) : eventsOf(row, events)))
      .sort((a, b) => a.seq - b.seq);
  }

  /** All there is of a turn that runs. */
  #ofRunning(session: string, key: number, { seq }: PathRow): Event[] {
    const id = this.#parts.lines.idAt(key, seq);
    return id === undefined ? [] : joinParts(this.#parts.rows.ofTurn(session, id, seq));
  }

  #event<T extends EventType>(session: string, seq: number | null | undefined, type: T): EventOf<T> | undefined {
    const event = seq == null ? undefined : this.#parts.rows.at(session, seq);
    return event?.type === type ? (event as EventOf<T>) : undefined;
  }

  #made(id: string, { made_by: by, created_seq: seq }: SessionRow): Made | null {
    return (by === null ? undefined : this.#event(id, seq, 'session.created')?.data.made) ?? null;
  }
}

export const arrangementOf = (
  row: Pick<SessionRow, 'pinned' | 'folder' | 'tags' | 'archived' | 'trashed_at'>,
): Arrangement => ({
  pinned: row.pinned === 1,
  folder: row.folder,
  tags: row.tags === null ? [] : JSON.parse(row.tags),
  archived: row.archived === 1,
  trashed: row.trashed_at !== null,
});

const clamp = (value: number, most: number) => Math.max(0, Math.min(value, most));

const inOrder = (events: ReadonlyMap<number, Event>) => [...events.values()].sort((a, b) => a.seq - b.seq);

/** Its newest attempt is the first one. */
const isFirst = ({ connecting }: PathRow) => connecting !== null && connecting < 0;

const runs = ({ state, finished }: PathRow) => state !== null && finished === null;

/**
 * Sequences of the events to which these nodes fold, as far as they do not run: a message, or a turn's request, its last
 * attempt and its end. What a first attempt tells is in the tables already; it is wanted where the events themselves are.
 */
function sequencesOf(nodes: readonly PathRow[], attempts: 'counted' | 'uncounted' | 'all'): number[] {
  const found: number[] = [];
  for (const row of nodes) {
    if (runs(row)) continue;
    const { seq, connecting, finished } = row;
    found.push(seq);
    if (connecting !== null && (attempts === 'all' || (attempts === 'counted' && connecting > 0)))
      found.push(seq + Math.abs(connecting));
    if (finished !== null) found.push(finished);
  }
  return found;
}

/** Those of them that are a node's that does not run, in order. */
function eventsOf({ seq, connecting, finished }: PathRow, events: ReadonlyMap<number, Event>): Event[] {
  const first = events.get(seq);
  const attempt = connecting === null ? undefined : events.get(seq + Math.abs(connecting));
  const end = finished === null ? undefined : events.get(finished);
  const begin = first !== undefined && end !== undefined ? withoutText(first) : first;
  return [begin, attempt, end].filter((event) => event !== undefined);
}

/** The one node that these events make. */
function folded(events: readonly Event[]): Node | undefined {
  const nodes: Record<string, Node> = {};
  let node: Node | undefined;
  for (const event of events) {
    node = foldNode(nodes, event) ?? node;
    if (node !== undefined) nodes[node.id] = node;
  }
  return node;
}

/** The end of a turn has the text that it began with. */
function withoutText(event: Event): Event {
  if (event.type !== 'turn.requested' || event.data.from === undefined) return event;
  return { ...event, data: { ...event.data, from: { ...event.data.from, text: '', reasoning: '' } } };
}
