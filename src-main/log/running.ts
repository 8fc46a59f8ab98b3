import type { Database, Statement } from 'better-sqlite3';
import type { Event } from '#shared/domain/events.ts';
import { type Keys, typeId } from './keys.ts';

/** Rows of one slice of the search after opening. */
const SLICE = 4096;

interface Turn {
  session: string;
  turn: string;
  /** Sequence of its request. */
  requested: number;
  /** Sequences of its parts, in order. */
  parts: number[];
  /** A part came since its newest attempt. */
  streams: boolean;
}

/**
 * Turns that run, each with the sequences of its committed parts. Parts are in no index and change no table, so that
 * writing one touches one page; whoever reads a running turn finds them here. Bounded by what runs.
 */
export class Running {
  readonly #sessions = new Map<string, Map<string, Turn>>();
  readonly #requests = new Map<number, Turn>();
  readonly #keys: Keys;
  readonly #unfinished: Statement<[], { session: number; turn: string | null; seq: number }>;
  readonly #page: Statement<[number, number], { seq: number; turn: number | null; type: number }>;
  /** Where the search goes on; null when there is nothing to look for. */
  #next: number | null = null;

  constructor(db: Database, keys: Keys) {
    this.#keys = keys;
    // What runs is never in a block.
    this.#unfinished = db.prepare(
      `SELECT n.session, iif(json_valid(e.data), e.data ->> 'turn', NULL) AS turn, n.seq
       FROM nodes n CROSS JOIN events e ON e.seq = n.seq WHERE n.parts = 1 AND n.finished IS NULL`,
    );
    this.#page = db.prepare('SELECT seq, turn, type FROM events WHERE seq > ? ORDER BY seq LIMIT ?');
  }

  /** Once after opening, when the tables are whole: turns without an end are there, their parts must be searched. */
  begin(): void {
    for (const { session, turn, seq } of this.#unfinished.all()) {
      if (turn === null) continue;
      this.#start(this.#keys.id(session), turn, seq);
      this.#next = Math.min(this.#next ?? seq, seq);
    }
  }

  get complete(): boolean {
    return this.#next === null;
  }

  /** One slice of the search, from the oldest request on. */
  search(): void {
    const rows = this.#page.all(this.#next ?? 0, SLICE);
    for (const { type, turn: requested, seq } of rows) {
      const turn = requested === null ? undefined : this.#requests.get(requested);
      if (turn !== undefined) note(turn, type, seq);
    }
    this.#next = rows.length < SLICE ? null : rows.at(-1)!.seq;
  }

  committed(events: readonly Event[]): void {
    for (const { type, session, data, seq } of events)
      if (type === 'session.deleted') this.#forget(session);
      else if (type === 'turn.requested') this.#start(session, data.turn, seq);
      else if (type === 'turn.finished') this.#end(session, data.turn);
      else if ('turn' in data) {
        const turn = this.#sessions.get(session)?.get(data.turn);
        if (turn !== undefined) note(turn, typeId[type], seq);
      }
  }

  all(): { session: string; turn: string }[] {
    const turns = [...this.#sessions.values()].flatMap((each) => [...each.values()]);
    return turns.map(({ session, turn }) => ({ session, turn }));
  }

  streams(session: string, turn: string): boolean {
    return this.#sessions.get(session)?.get(turn)?.streams ?? false;
  }

  /** The turn that was requested in this event. */
  streamsAt(requested: number): boolean {
    return this.#requests.get(requested)?.streams ?? false;
  }

  /** Sequence of the request of a turn that runs. */
  requested(session: string, turn: string): number | undefined {
    return this.#sessions.get(session)?.get(turn)?.requested;
  }

  parts(session: string, turn: string): readonly number[] {
    return this.#sessions.get(session)?.get(turn)?.parts ?? [];
  }

  /** Parts of all turns of a session between two sequences, in order: the first `limit`, or the last. */
  between(session: string, after: number, before: number, limit: number, end: 'first' | 'last' = 'first'): number[] {
    const found: number[] = [];
    for (const { parts } of this.#sessions.get(session)?.values() ?? []) {
      const [from, to] = [firstFrom(parts, after + 1), firstFrom(parts, before)];
      if (end === 'first') found.push(...parts.slice(from, Math.min(to, from + limit)));
      else found.push(...parts.slice(Math.max(from, to - limit), to));
    }
    found.sort((a, b) => a - b);
    return end === 'first' ? found.slice(0, limit) : found.slice(-limit);
  }

  newestOf(session: string): number {
    let newest = 0;
    for (const { parts } of this.#sessions.get(session)?.values() ?? []) newest = Math.max(newest, parts.at(-1) ?? 0);
    return newest;
  }

  #start(session: string, turn: string, requested: number): void {
    let turns = this.#sessions.get(session);
    if (turns === undefined) {
      turns = new Map();
      this.#sessions.set(session, turns);
    }
    if (turns.has(turn)) return;
    const begun = { session, turn, requested, parts: [], streams: false };
    turns.set(turn, begun);
    this.#requests.set(requested, begun);
  }

  #end(session: string, turn: string): void {
    const turns = this.#sessions.get(session);
    const ended = turns?.get(turn);
    if (turns === undefined || ended === undefined) return;
    this.#requests.delete(ended.requested);
    turns.delete(turn);
    if (turns.size === 0) this.#sessions.delete(session);
  }

  #forget(session: string): void {
    for (const { turn } of this.#sessions.get(session)?.values() ?? []) this.#end(session, turn);
  }
}

function note(turn: Turn, type: number, seq: number): void {
  if (type !== typeId['turn.part'] && type !== typeId['turn.connecting']) return;
  turn.streams = type === typeId['turn.part'];
  if (turn.streams) turn.parts.push(seq);
}

/** Index of the first of these ascending numbers that is not below `bound`. */
function firstFrom(numbers: readonly number[], bound: number): number {
  let low = 0;
  for (let high = numbers.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
