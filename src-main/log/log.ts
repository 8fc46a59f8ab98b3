import type { Event, EventData, EventType, NewEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Hit, Query } from '#shared/domain/search.ts';
import type { Node, SessionView, TurnNode } from '#shared/domain/session.ts';
import type { Branch, SessionFilter, SessionSort, SessionSummary } from '#shared/domain/summary.ts';
import type { Arrangement, HistoryWindow, Made, Target, TurnState } from '#shared/domain/things.ts';

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
   * (connecting, waiting, part, timed) and what is kept to be referred to (sent, told, summarized) does not.
   */
  version: number;
  title: string;
  /** By a program, and how; null for one that a person began. */
  made: Made | null;
  /** Wall clock of the last message, request or end of a turn. */
  updatedAt: number;
  head: string | null;
  arrangement: Arrangement;
  window: HistoryWindow;
  /** The job that fills it; null when it is whole. */
  job: string | null;
  /** Those that were asked for, as far as they are there, and every turn that runs. */
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

/** A piece of the path from the root to a node, oldest first. */
export interface PathPiece {
  nodes: Node[];
  /** Steps from the root to the first of them. */
  depth: number;
  /** UTF-16 units of all text on the path before the first of them. */
  before: number;
}

/** A page of the path from the root to `head`. */
export interface PathPage {
  head: string;
  /** Nodes on the whole path. */
  length: number;
  from: number;
  nodes: Node[];
  /** For each of them that has other tries or wordings beside it: all of these and itself, oldest first. */
  families: Record<string, string[]>;
  seq: number;
}

/** A summary that holds on a path, and the steps from the root to the node up to which it tells. */
export interface PathSummary {
  data: EventData<'history.summarized'>;
  depth: number;
}

/** What a long piece of work in the worker tells; `of` is null when it is not known. */
export type Progress = (done: number, of: number | null) => void;

/**
 * The one append-only log. Another backend may stand behind this interface: reads are async, writes take the expected
 * version. Order on each path: commit, then followers. Of a session that a job still fills `shape` tells that it does,
 * and `read` and `follow` tell its events; for every other read it is not there.
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
  /** With these of its nodes. Null when there is no such session. Costs the same however long the session is. */
  shape(session: string, nodes?: readonly (string | null)[]): Promise<SessionShape | null>;
  /** The newest leaf below a node, or the node itself: where a branch that shows it ends. Null: no such node. */
  leaf(session: string, node: string): Promise<string | null>;
  /**
   * The newest `limit` nodes and the last `limit` of the path to the head, folded, with the sequence for which that is
   * true. Null: no such session.
   */
  snapshot(session: string, limit: number): Promise<{ view: SessionView; seq: number; more: boolean } | null>;
  /** Events that fold to the `limit` nodes before the sequence `before`, in order; parts may come joined. */
  older(session: string, before: number, limit: number): Promise<{ events: Event[]; more: boolean }>;
  /**
   * The last `limit` nodes of the path from the root to `node`, folded; none when there is no such node. Attempts of
   * turns that ended are not counted. Costs the same at any depth.
   */
  up(session: string, node: string, limit: number): Promise<PathPiece>;
  /** See `sessions.path` in the contract. Null: no such session, or no such node. */
  path(session: string, page: { to?: string; around?: string; from?: number; limit: number }): Promise<PathPage | null>;
  /** These, folded, each with its depth; those that are not there are left out. */
  nodes(session: string, nodes: readonly string[]): Promise<{ nodes: Node[]; seq: number }>;
  /** Newest first, `limit` at most. */
  branches(session: string, limit: number): Promise<{ branches: Branch[]; total: number }>;
  /** Those on the path to `node` that were pinned, oldest first, each with its depth. */
  pinned(session: string, node: string): Promise<Node[]>;
  /** The newest summary that holds on the path to `node`. */
  summaryOn(session: string, node: string): Promise<PathSummary | null>;
  /** A summary by its id. */
  summary(session: string, summary: string): Promise<EventData<'history.summarized'> | null>;
  /** A system text that was used in the session, by its hash. */
  systemText(session: string, hash: string): Promise<string | null>;
  /** What was sent for a turn. Null: it was not recorded. */
  sent(session: string, turn: string): Promise<EventData<'turn.sent'> | null>;
  /** One event, whole. */
  event(session: string, seq: number): Promise<Event | null>;
  /** Events of a session that are there now, about. */
  eventCount(session: string): Promise<number>;
  /** The head of the session after the event `seq`. Null: it had none, or there is no such session. */
  headAt(session: string, seq: number): Promise<string | null>;
  /** One turn, folded. Null: no such turn. */
  turn(session: string, turn: string): Promise<TurnNode | null>;
  /** How a turn was asked for. Null: no such turn. */
  request(session: string, turn: string): Promise<EventData<'turn.requested'> | null>;
  /** Null: no such turn. */
  sessionOfTurn(turn: string): Promise<string | null>;
  /**
   * In the order of `sort`, newest first, titles from A on. Sessions that were made for one answer, or are being filled,
   * are in no list. `only`: this one, wherever it is kept.
   */
  summaries(page: {
    filter?: Partial<SessionFilter>;
    sort?: SessionSort;
    /** Of the last one of the page before. `updatedAt` is `createdAt` when sorted by that. */
    before?: { updatedAt: number; id: string; title?: string | undefined };
    limit: number;
    only?: string;
  }): Promise<{ sessions: SessionSummary[]; more: boolean }>;
  groups(): Promise<{
    folders: { name: string; sessions: number }[];
    tags: { name: string; sessions: number }[];
    archived: number;
    trashed: number;
  }>;
  /** All in this folder, the trash among them. */
  inFolder(folder: string): Promise<string[]>;
  /** In the trash since before `before` (wall clock). */
  trashedBefore(before: number): Promise<string[]>;
  /**
   * Longest unused first, without pinned ones: since the last thing that happened in it, but not since before it came
   * here, when it was copied or imported with its times. `before` narrows it. In slices.
   */
  unused(options: { before?: number; limit: number }): Promise<{ session: SessionSummary; since: number }[]>;
  totals(): Promise<{ sessions: number; messages: number; units: number }>;
  /** Sessions of jobs that never finished, or have not yet: nothing says that they are whole. */
  filling(): Promise<{ session: string; job: string }[]>;
  /** Sessions made for one answer in which nothing has happened since `before` (wall clock), oldest first, up to 100. */
  oldCompletions(before: number): Promise<string[]>;
  /** Turns without an end: after a kill, those to be marked as interrupted. */
  unfinished(): Promise<{ session: string; turn: string }[]>;
  /** Best first, by full-text search over messages and ended turns; the index lags at most a second. */
  search(query: string, options: { limit: number; excludeNodes?: string[] }): Promise<SearchHit[]>;
  /** What a person looks for: with filters, snippets and pages. */
  find(query: Query, page: { limit: number; after?: string }): Promise<{ hits: Hit[]; more: string | null }>;
  /** Waits until the search index has everything committed so far, and nothing of what was deleted. */
  indexed(): Promise<void>;

  /**
   * A copy of the log as it is now, written to `file`, which must not exist, and checked; in the worker. The copy has no
   * journal. Rejects with STOPPED when `signal` is aborted; then there is no file.
   */
  backup(file: string, options: { progress: Progress; signal: AbortSignal }): Promise<void>;
  /**
   * A copy of the backup `file`, checked, lies ready to be put in the place of the log (restore.ts). In the worker. Rejects
   * with NOT_FOUND, UNSUPPORTED or STORAGE for what cannot be restored; then nothing has changed.
   */
  prepare(file: string): Promise<void>;
  /** What is wrong with the file, one sentence each; none when it is whole. In the worker. */
  check(options: { progress: Progress; signal: AbortSignal }): Promise<string[]>;
  /** Packs cold pages and gives free ones back to the disk, in slices. Bytes that the file is shorter by. */
  compact(options: { progress: Progress; signal: AbortSignal }): Promise<number>;
  /** Bytes of the file with its journal, and of what is free in it. */
  size(): Promise<{ bytes: number; free: number }>;

  /** Commits what is pending, then closes. */
  close(): Promise<void>;
}
