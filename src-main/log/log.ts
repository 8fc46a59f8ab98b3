import type { Event, EventData, EventType, NewEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { SessionView, TurnNode } from '#shared/domain/session.ts';
import type { SessionSummary } from '#shared/domain/summary.ts';
import type { Made, Target, TurnState } from '#shared/domain/things.ts';

/** The session is not in the version for which it was decided: decide again. */
export class StaleVersion extends Problem {
  constructor(session: string) {
    super('CONFLICT', `Session ${session} was changed at the same time.`, 'Try again.');
    this.name = 'StaleVersion';
  }
}

/** What makes a command harmless the second time; stored in the same transaction as its events. */
export interface CommandRow {
  id: string;
  hash: string;
  result: unknown;
}

/** One atomic step: all of it is committed or nothing. */
export interface Batch {
  session: string;
  events: NewEvent[];
  /** Refused with StaleVersion when the session's version (see `SessionShape`) is another one. */
  expected?: number;
  /** Makes the same command harmless the next time. `hash` is of the body, `result` what was answered. */
  command?: CommandRow;
  /** Survives a power cut (synchronous=FULL); otherwise only a kill. */
  durable: boolean;
}

/**
 * Asked for its event at commit time: what came since the last one, as one row. Null: nothing. Each event that it gave
 * is told as committed or failed, before anything else happens.
 */
export interface Deferred {
  readonly session: string;
  drain(): NewEvent | null;
  /** The drained event is on disk. */
  committed(event: Event): void;
  /** It is not (disk full, say); the source keeps its text and may defer again. */
  failed(error: unknown): void;
}

/** A cursor into the log. Hears of an event only after it is committed. */
export interface Follower {
  /** Up to `max` events after the cursor, in order, maybe none; moves the cursor. */
  read(max: number): Promise<Event[]>;
  /** Everything up to and including this sequence has been read. */
  readonly position: number;
  close(): void;
}

/** What deciding needs to know of a session: the tree without bodies. */
export interface SessionShape {
  id: string;
  /**
   * Sequence of the newest event that matters to a decision; 0 when there is none. What a turn tells on its way
   * (connecting, waiting, part, timed) does not.
   */
  version: number;
  title: string;
  /** By a program, and how; null for one that a person began. */
  made: Made | null;
  /** Wall clock of the last message, request or end of a turn. */
  updatedAt: number;
  head: string | null;
  nodes: Map<string, { parent: string | null; kind: 'message' | 'turn'; seq: number; state: TurnState | null }>;
  queue: { id: string; seq: number; text: string; to: Target }[];
}

export interface SearchHit {
  session: string;
  title: string;
  node: string;
  at: number;
  /** Who wrote it: `you` or the speaker's name. */
  by: string;
  text: string;
}

/**
 * The one append-only log. Another backend may stand behind this interface: reads are async, writes take the expected
 * version. Order on each path: commit, then followers.
 */
export interface Log {
  /** Changes when sequences may no longer mean the same: restore, import, a copied folder. */
  readonly epoch: string;
  /** Last committed sequence. */
  readonly position: number;
  /** What happened at this start that the user should know. */
  readonly notices: { message: string; next?: string }[];

  /** Resolves with the events as committed, after the commit at the end of this turn of the event loop. */
  append(batch: Batch): Promise<Event[]>;
  /**
   * Deletes a session: `session.deleted` is appended, and in the same transaction all other events of it leave the file,
   * and what was computed from them. None of its turns may run. Whoever follows it hears of nothing else any more.
   */
  delete(batch: Omit<Batch, 'events' | 'durable'>): Promise<Event[]>;
  /**
   * Asks the source at the next commit. Deferring twice before it is once. Within one commit, the order of the calls of
   * `append` and `defer` is the order in the log.
   */
  defer(source: Deferred): void;
  /**
   * From `after` on, then live; `session` or `types` narrow it. `ready` is called after commits that concern it. Of a
   * turn that ended the parts may be missing, the end has all their text.
   */
  follow(options: { session?: string; types?: EventType[]; after: number; ready: () => void }): Follower;
  /** Of a turn that ended its end stands for its parts. */
  read(range: { session: string; after?: number; before?: number; limit: number }): Promise<Event[]>;
  /** The first of the sequences that a follower of this session can be served from; below it takes a snapshot. */
  floor(session: string): number;

  /** Hash and result under which a command id was committed. EXPIRED when it may have been and is forgotten. */
  command(id: string): Promise<{ hash: string; result: unknown } | null>;
  /** Null when there is no such session. */
  shape(session: string): Promise<SessionShape | null>;
  /**
   * The newest `limit` nodes and the last `limit` of the path to the head, folded, with the sequence for which that is
   * true. Null: no such session.
   */
  snapshot(session: string, limit: number): Promise<{ view: SessionView; seq: number; more: boolean } | null>;
  /** Events that fold to the `limit` nodes before the sequence `before`, in order; parts may come joined. */
  older(session: string, before: number, limit: number): Promise<{ events: Event[]; more: boolean }>;
  /** Root to `node`, folded: what a turn is to answer. Attempts of turns that ended are not counted. */
  path(session: string, node: string): Promise<SessionView['nodes'][string][]>;
  /** One turn, folded. Null: no such turn. */
  turn(session: string, turn: string): Promise<TurnNode | null>;
  /** How a turn was asked for. Null: no such turn. */
  request(session: string, turn: string): Promise<EventData<'turn.requested'> | null>;
  /** Null: no such turn. */
  sessionOfTurn(turn: string): Promise<string | null>;
  /** Newest first; sessions that were made for one answer are in no list. */
  summaries(page: {
    before?: { updatedAt: number; id: string };
    limit: number;
    only?: string;
  }): Promise<{ sessions: SessionSummary[]; more: boolean }>;
  /** Sessions made for one answer in which nothing has happened since `before` (wall clock), oldest first, up to 100. */
  oldCompletions(before: number): Promise<string[]>;
  /** Turns without an end: after a kill, those to be marked as interrupted. */
  unfinished(): Promise<{ session: string; turn: string }[]>;
  /** Best first, by full-text search over messages and ended turns; the index lags at most a second. */
  search(query: string, options: { limit: number; excludeNodes?: string[] }): Promise<SearchHit[]>;
  /** Waits until the search index has everything committed so far, and nothing of what was deleted. */
  indexed(): Promise<void>;

  /** Commits what is pending, then closes. */
  close(): Promise<void>;
}
